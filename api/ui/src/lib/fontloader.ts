import { face, subsets } from 'virtual:font-subsets'

import { unpackRanges } from '../../build/ranges.ts'
import { family, type Subset, SubsetPicker, unicodeRange, unpack } from './fonts.ts'

/**
 * Loads the parts of the page's font that its texts need, several in one request:
 * a browser without a Chinese font draws them, and the other hundred subsets stay
 * where they are.
 */
export class FontLoader {
  readonly #subsets = new Map<string, Subset>(
    subsets.map(([name, packed]) => [name, { name, ranges: unpackRanges(packed) }]),
  )
  readonly #picker = new SubsetPicker([...this.#subsets.values()])
  readonly #asked = new Set<string>()

  /** How many requests were made. */
  requests = 0

  /** Makes sure that a text can be drawn; true when something new arrived for it. */
  async need(text: string): Promise<boolean> {
    const names = this.#picker.pick(text).filter((name) => !this.#asked.has(name))
    if (names.length === 0) return false
    for (const name of names) this.#asked.add(name)
    this.requests++
    try {
      const answer = await fetch(`/fonts/${face}?subsets=${names.join(',')}`)
      if (!answer.ok) throw new Error(`fonts: ${answer.status}`)
      const parts = unpack(await answer.arrayBuffer())
      await Promise.all(names.map((name, i) => this.#add(name, parts[i])))
      return true
    } catch {
      // The page stays readable in the system's fonts; the next text asks again.
      for (const name of names) this.#asked.delete(name)
      return false
    }
  }

  async #add(name: string, bytes: ArrayBuffer | undefined): Promise<void> {
    const subset = this.#subsets.get(name)
    if (subset === undefined || bytes === undefined) return
    const font = new FontFace(family, bytes, { weight: '100 900', unicodeRange: unicodeRange(subset.ranges) })
    document.fonts.add(await font.load())
  }
}
