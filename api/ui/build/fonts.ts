import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Plugin } from 'vite'

import { packRanges, parseRanges } from './ranges.ts'

const id = 'virtual:font-subsets'
const font = 'noto-sans-sc'

/**
 * Gives the page the table of which characters are in which subset of the font, and
 * puts the subsets beside the page, where the server packs those asked for.
 */
export function fontSubsets(): Plugin {
  const home = dirname(createRequire(import.meta.url).resolve(`@fontsource-variable/${font}/package.json`))
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }
  const face = `${font}-${version.replaceAll('.', '-')}`
  const table = JSON.parse(readFileSync(join(home, 'unicode.json'), 'utf8')) as Record<string, string>
  const name = (key: string) => key.replace(/[[\]]/g, '')
  return {
    name: 'gridbeat:font-subsets',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(module) {
      if (module !== `\0${id}`) return
      const subsets = Object.entries(table).map(([key, css]) => [name(key), packRanges(parseRanges(css))])
      return `export const face = ${JSON.stringify(face)}\nexport const subsets = ${JSON.stringify(subsets)}\n`
    },
    generateBundle() {
      for (const file of readdirSync(join(home, 'files'))) {
        const match = /^noto-sans-sc-(.+)-wght-normal\.woff2$/.exec(file)
        if (!match) continue
        this.emitFile({
          type: 'asset',
          fileName: `fonts/${face}/${match[1]}.woff2`,
          source: readFileSync(join(home, 'files', file)),
        })
      }
      this.emitFile({ type: 'asset', fileName: `fonts/${face}/OFL.txt`, source: readFileSync(join(home, 'LICENSE')) })
    },
  }
}
