/// <reference types="svelte" />
/// <reference types="vite/client" />

declare module 'virtual:font-subsets' {
  /** The name under which the server keeps the font's subsets. */
  export const face: string
  /** Each subset's name and its packed ranges. */
  export const subsets: [name: string, ranges: string][]
}
