import type { XY } from './lines.ts'

/** A place for a label inside an area, and how far it may reach around it. */
export interface Room {
  x: number
  y: number
  width: number
  height: number
}

/** Width to height of the labels that are set. */
const aspect = 1.7
const steps = 18

/**
 * The place within a polygon's rings where an upright label has most room: of a
 * lattice of places, the one whose nearest border above, below, left and right is
 * farthest. Null when no place of the lattice lies inside.
 */
export function labelRoom(rings: readonly (readonly XY[])[]): Room | null {
  const outer = rings[0] ?? []
  const xs = outer.map((p) => p[0])
  const ys = outer.map((p) => p[1])
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  let best: Room | null = null
  let most = 0
  for (let i = 1; i < steps; i++) {
    const x = west + ((east - west) * i) / steps
    for (let j = 1; j < steps; j++) {
      const y = south + ((north - south) * j) / steps
      let width = clear(rings, x, y, 0)
      const height = width === 0 ? 0 : clear(rings, y, x, 1)
      if (roominess(width / aspect, height) <= most) continue
      for (const dy of [-height / 4, height / 4]) width = Math.min(width, clear(rings, x, y + dy, 0))
      const score = roominess(width / aspect, height)
      if (score <= most) continue
      most = score
      best = { x, y, width, height }
    }
  }
  return best
}

/** The narrower way counts; the wider one decides between equals, and so keeps to the middle. */
function roominess(a: number, b: number): number {
  return Math.min(a, b) === 0 ? 0 : Math.min(a, b) + Math.max(a, b) / 50
}

/**
 * Twice the way to the nearest border along one axis (0: x, 1: y), from a place given
 * by its coordinate on that axis and on the other; 0 when the place is outside.
 */
function clear(rings: readonly (readonly XY[])[], at: number, other: number, axis: 0 | 1): number {
  const across = axis === 0 ? 1 : 0
  let before = Number.POSITIVE_INFINITY
  let after = Number.POSITIVE_INFINITY
  let crossings = 0
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i++) {
      const a = ring[i - 1]!
      const b = ring[i]!
      if (a[across] > other === b[across] > other) continue
      const d = a[axis] + ((other - a[across]) / (b[across] - a[across])) * (b[axis] - a[axis]) - at
      if (d > 0) {
        crossings++
        after = Math.min(after, d)
      } else before = Math.min(before, -d)
    }
  }
  return crossings % 2 === 1 ? 2 * Math.min(before, after) : 0
}
