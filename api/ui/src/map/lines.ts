/** A position in the map's own metres. */
export type XY = readonly [x: number, y: number]

const key = (p: XY) => `${p[0].toFixed(2)},${p[1].toFixed(2)}`

export function lineLength(line: readonly XY[]): number {
  let sum = 0
  for (let i = 1; i < line.length; i++) sum += Math.hypot(line[i]![0] - line[i - 1]![0], line[i]![1] - line[i - 1]![1])
  return sum
}

/**
 * Joins lines end to end where exactly two of them meet, so that a name is written
 * along a street and not along each of its pieces.
 */
export function chain(lines: readonly (readonly XY[])[]): XY[][] {
  const rest = new Set(lines.filter((l) => l.length > 1))
  const ends = new Map<string, (readonly XY[])[]>()
  for (const line of rest) {
    for (const end of [line[0]!, line.at(-1)!]) ends.set(key(end), [...(ends.get(key(end)) ?? []), line])
  }
  const out: XY[][] = []
  for (const start of lines) {
    if (!rest.delete(start)) continue
    let joined = [...start]
    for (let turn = 0; turn < 2; turn++) {
      for (;;) {
        const meeting = ends.get(key(joined.at(-1)!)) ?? []
        const next = meeting.length === 2 ? meeting.find((l) => rest.has(l)) : undefined
        if (next === undefined) break
        rest.delete(next)
        joined.push(...(key(next[0]!) === key(joined.at(-1)!) ? next : [...next].reverse()).slice(1))
      }
      joined = joined.reverse()
    }
    out.push(joined)
  }
  return out
}

/** Positions along a line, each so many units after the one before, beginning at half a step. */
export function along(line: readonly XY[], step: number): { at: XY; angle: number }[] {
  const out: { at: XY; angle: number }[] = []
  let next = step / 2
  let gone = 0
  for (let i = 1; i < line.length; i++) {
    const [x0, y0] = line[i - 1]!
    const [x1, y1] = line[i]!
    const d = Math.hypot(x1 - x0, y1 - y0)
    const angle = Math.atan2(y1 - y0, x1 - x0)
    for (; d > 0 && next <= gone + d; next += step) {
      const f = (next - gone) / d
      out.push({ at: [x0 + f * (x1 - x0), y0 + f * (y1 - y0)], angle })
    }
    gone += d
  }
  return out
}

/** The distance of a position from a line. */
export function distanceTo(line: readonly XY[], p: XY): number {
  let best = Number.POSITIVE_INFINITY
  for (let i = 1; i < line.length; i++) {
    const [x0, y0] = line[i - 1]!
    const [x1, y1] = line[i]!
    const dx = x1 - x0
    const dy = y1 - y0
    const f = Math.min(1, Math.max(0, ((p[0] - x0) * dx + (p[1] - y0) * dy) / (dx * dx + dy * dy || 1)))
    best = Math.min(best, Math.hypot(p[0] - x0 - f * dx, p[1] - y0 - f * dy))
  }
  return best
}

/**
 * The lines to write names on: joined, the longest first, and of two carriageways
 * that run side by side under one name only one.
 */
export function nameLines(lines: readonly (readonly XY[])[], apart = 60): XY[][] {
  const kept: XY[][] = []
  for (const line of chain(lines).sort((a, b) => lineLength(b) - lineLength(a))) {
    const samples = along(line, Math.max(20, lineLength(line) / 8))
    const near = samples.filter((s) => kept.some((k) => distanceTo(k, s.at) < apart)).length
    if (samples.length > 0 && near / samples.length <= 0.6) kept.push(line)
  }
  return kept
}

/** Small open arrow heads along a line, to draw its direction. */
export function arrows(line: readonly XY[], step: number, size: number): XY[][] {
  const wing = (at: XY, angle: number, side: number): XY => {
    const a = angle + Math.PI + side * 0.5
    return [at[0] + size * Math.cos(a), at[1] + size * Math.sin(a)]
  }
  return along(line, step).map(({ at, angle }) => [wing(at, angle, 1), at, wing(at, angle, -1)])
}
