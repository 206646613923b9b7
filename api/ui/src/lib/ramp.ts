import type { Bounds } from './types.ts'

/** How a household count stands to its bounds. */
export type Standing = 'under' | 'within' | 'over'

export function standing(households: number, bounds: Bounds): Standing {
  if (households < bounds.min) return 'under'
  return households > bounds.max ? 'over' : 'within'
}

/** Number of classes between the bounds. */
export const classes = 5

/**
 * The inner limits between the classes: equal steps between the bounds, rounded to
 * tens where the steps are wide enough to stay apart.
 */
export function breaks(bounds: Bounds): number[] {
  const step = (bounds.max - bounds.min) / classes
  const unit = step >= 20 ? 10 : 1
  return Array.from({ length: classes - 1 }, (_, i) => Math.round((bounds.min + step * (i + 1)) / unit) * unit)
}

/** The class of a count, 0 (fewest) to classes - 1; counts out of bounds get the end next to them. */
export function classOf(households: number, bounds: Bounds): number {
  return breaks(bounds).filter((limit) => households >= limit).length
}

/** The first and last count of each class, both inclusive. */
export function classLimits(bounds: Bounds): [first: number, last: number][] {
  const limits = breaks(bounds)
  return Array.from({ length: classes }, (_, i) => [limits[i - 1] ?? bounds.min, (limits[i] ?? bounds.max + 1) - 1])
}

/** Relative luminance of #rrggbb, as WCAG defines it. */
export function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const v = Number.parseInt(colour.slice(i, i + 2), 16) / 255
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Contrast ratio of two colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (hi + 0.05) / (lo + 0.05)
}
