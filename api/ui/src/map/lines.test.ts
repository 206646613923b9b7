import { expect, test } from 'vitest'

import { along, arrows, chain, distanceTo, lineLength, nameLines, type XY } from './lines.ts'

const a: XY = [0, 0]
const b: XY = [100, 0]
const c: XY = [200, 0]
const d: XY = [200, 100]

// a--b--c, drawn in any direction
test('pieces are joined where two of them meet', () => {
  expect(chain([[b, a], [b, c], [d, c]])).toEqual([[d, c, b, a]])
  expect(chain([[a, b], [c, d]])).toHaveLength(2)
})

//    d
// a--b--c  is not joined at b
test('a junction of three ends every chain', () => {
  const lines = chain([[a, b], [b, c], [b, d]])
  expect(lines).toHaveLength(3)
  expect(lines.reduce((sum, l) => sum + lineLength(l), 0)).toBeCloseTo(200 + Math.hypot(100, 100))
})

test('a ring is joined once and does not run for ever', () => {
  const ring = chain([[a, b], [b, d], [d, a]])
  expect(ring).toHaveLength(1)
  expect(ring[0]).toHaveLength(4)
})

test('of two carriageways one is named', () => {
  const other = (y: number): XY[] => [[0, y], [200, y]]
  expect(nameLines([[a, b, c], other(20)])).toHaveLength(1)
  expect(nameLines([[a, b, c], other(500)])).toHaveLength(2)
})

test('arrows stand at even distances and point along the line', () => {
  expect(along([a, c, d], 100).map((p) => p.at)).toEqual([[50, 0], [150, 0], [200, 50]])
  const [first] = arrows([a, c], 100, 10)
  expect(first![1]).toEqual([50, 0])
  expect(first![0]![0]).toBeLessThan(50)
  expect(first![2]![0]).toBeLessThan(50)
  expect(along([a, a], 100)).toEqual([])
})

test('distances are to the nearest place of the line', () => {
  expect(distanceTo([a, c], [100, 30])).toBe(30)
  expect(distanceTo([a, c], [-30, 40])).toBe(50)
})
