import type { Range } from '../../build/ranges.ts'

/** A subset of a font face: its name and the characters that it draws. */
export interface Subset {
  name: string
  ranges: readonly Range[]
}

/** Generic families stand in until the subsets are there, and where a character is in none. */
export const family = 'Gridbeat'
export const fontStack = `${family}, 'Noto Sans', system-ui, sans-serif`

/** Finds the subset of each character, once for all texts. */
export class SubsetPicker {
  readonly #starts: { first: number; last: number; subset: string }[]

  constructor(subsets: readonly Subset[]) {
    this.#starts = subsets
      .flatMap((s) => s.ranges.map(([first, last]) => ({ first, last, subset: s.name })))
      .sort((a, b) => a.first - b.first)
  }

  /** The names of the subsets that draw a text, sorted; characters in none are passed over. */
  pick(text: string): string[] {
    const found = new Set<string>()
    for (const char of new Set(text)) {
      const subset = this.#find(char.codePointAt(0) ?? 0)
      if (subset !== undefined) found.add(subset)
    }
    return [...found].sort()
  }

  #find(code: number): string | undefined {
    let lo = 0
    let hi = this.#starts.length
    while (lo < hi) {
      const mid = (lo + hi) >> 1
      if ((this.#starts[mid]?.first ?? 0) <= code) lo = mid + 1
      else hi = mid
    }
    const range = this.#starts[lo - 1]
    return range !== undefined && code <= range.last ? range.subset : undefined
  }
}

/** Writes ranges as a CSS unicode-range. */
export function unicodeRange(ranges: readonly Range[]): string {
  return ranges.map(([a, b]) => (a === b ? `U+${a.toString(16)}` : `U+${a.toString(16)}-${b.toString(16)}`)).join(',')
}

/** Cuts what GET /fonts/… answers: for each subset its length in four bytes, then its bytes. */
export function unpack(body: ArrayBuffer): ArrayBuffer[] {
  const view = new DataView(body)
  const out: ArrayBuffer[] = []
  for (let at = 0; at < body.byteLength; ) {
    const size = view.getUint32(at)
    if (at + 4 + size > body.byteLength) throw new Error('the pack of fonts ends early')
    out.push(body.slice(at + 4, at + 4 + size))
    at += 4 + size
  }
  return out
}
