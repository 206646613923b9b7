import { expect, test } from 'vitest'

import { ageOf, isWhole } from './coverage.ts'

const now = Date.parse('2026-01-05T20:00:00+08:00')

test.each([
  ['2026-01-05T12:00:00+08:00', 'shift'],
  ['2026-01-05T11:59:59+08:00', 'day'],
  ['2026-01-04T19:59:59+08:00', 'week'],
  ['2025-12-29T19:59:59+08:00', 'older'],
  [null, 'never'],
])('a last visit at %s is of the class %s', (at, age) => {
  expect(ageOf(at, now)).toBe(age)
})

test('a street without its last few metres was passed as a whole', () => {
  expect(isWhole(95, 100)).toBe(true)
  expect(isWhole(60, 100)).toBe(false)
})
