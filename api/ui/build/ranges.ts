/** An inclusive range of code points. */
export type Range = readonly [first: number, last: number]

/** Reads a CSS unicode-range, such as "U+20-7e,U+a0". */
export function parseRanges(css: string): Range[] {
  return css.split(',').map((part) => {
    const [first, last] = part.trim().slice(2).split('-')
    const a = Number.parseInt(first ?? '', 16)
    const b = last === undefined ? a : Number.parseInt(last, 16)
    if (!(a <= b)) throw new Error(`not a unicode-range: ${part}`)
    return [a, b]
  })
}

/** Writes ranges as gaps and lengths in base 36: a third of the size of unicode-range. */
export function packRanges(ranges: readonly Range[]): string {
  let at = 0
  return [...ranges]
    .sort((a, b) => a[0] - b[0])
    .map(([first, last]) => {
      const gap = (first - at).toString(36)
      at = last
      return last === first ? gap : `${gap}-${(last - first).toString(36)}`
    })
    .join(' ')
}

/** The inverse of packRanges. */
export function unpackRanges(packed: string): Range[] {
  let at = 0
  return packed.split(' ').map((part) => {
    const [gap, length] = part.split('-')
    const first = at + Number.parseInt(gap ?? '', 36)
    at = first + (length === undefined ? 0 : Number.parseInt(length, 36))
    return [first, at]
  })
}
