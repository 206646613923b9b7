import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** Empties dist before a build, but for the placeholder that lets Go embed it unbuilt. */
export function keepPlaceholder(): Plugin {
  let out = 'dist'
  return {
    name: 'gridbeat:keep-placeholder',
    apply: 'build',
    configResolved(config) {
      out = join(config.root, config.build.outDir)
    },
    buildStart() {
      for (const name of readdirSync(out)) {
        if (name !== '.keep') rmSync(join(out, name), { recursive: true })
      }
    },
  }
}
