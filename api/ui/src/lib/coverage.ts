/** How long ago a street was passed last, in the classes that the map colours. */
export const ages = ['shift', 'day', 'week', 'older', 'never'] as const
export type Age = (typeof ages)[number]

const hour = 3_600_000
const limits: [Age, number][] = [['shift', 8 * hour], ['day', 24 * hour], ['week', 7 * 24 * hour]]

/** The class of a last visit; null is never. */
export function ageOf(lastVisit: string | null, now: number): Age {
  if (lastVisit === null) return 'never'
  const passed = now - Date.parse(lastVisit)
  return limits.find(([, most]) => passed <= most)?.[0] ?? 'older'
}

/** Nearly all of a street: what is left is within the noise at its ends. */
export const isWhole = (covered: number, length: number): boolean => covered >= 0.9 * length
