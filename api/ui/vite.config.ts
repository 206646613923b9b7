import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

import { fontSubsets } from './build/fonts.ts'
import { keepPlaceholder } from './build/placeholder.ts'

const server = process.env.GRIDBEAT_URL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [svelte(), fontSubsets(), keepPlaceholder()],
  build: {
    target: 'es2022',
    emptyOutDir: false,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/api': server, '/fonts': server } },
  test: { include: ['src/**/*.test.ts', 'build/**/*.test.ts'] },
})
