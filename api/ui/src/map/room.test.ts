import { expect, test } from 'vitest'

import type { XY } from './lines.ts'
import { labelRoom } from './room.ts'

const box = (w: number, s: number, e: number, n: number): XY[] => [[w, s], [e, s], [e, n], [w, n], [w, s]]

test('a rectangle has its room in the middle', () => {
  expect(labelRoom([box(0, 0, 180, 90)])).toEqual({ x: 90, y: 45, width: 180, height: 90 })
})

// +--+
// |  |        the room is in the foot of the L
// |  +------+
// |         |
// +---------+
test('an L is labelled in its wide part', () => {
  const room = labelRoom([[[0, 0], [180, 0], [180, 60], [30, 60], [30, 180], [0, 180], [0, 0]]])!
  expect(room.y).toBeLessThan(60)
  expect(room.width).toBeGreaterThan(60)
  expect(room.height).toBeGreaterThan(30)
})

test('a hole takes room away', () => {
  const room = labelRoom([box(0, 0, 180, 90), box(60, 5, 120, 85)])!
  expect(room.x < 60 || room.x > 120).toBe(true)
  expect(room.width).toBeLessThanOrEqual(60)
})

test('nothing has no room', () => {
  expect(labelRoom([])).toBeNull()
  expect(labelRoom([box(0, 0, 0, 10)])).toBeNull()
})
