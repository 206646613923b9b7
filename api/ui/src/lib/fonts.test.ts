import { face, subsets } from 'virtual:font-subsets'
import { expect, test } from 'vitest'

import { unpackRanges } from '../../build/ranges.ts'
import { type Subset, SubsetPicker, unicodeRange, unpack } from './fonts.ts'

const table: Subset[] = [
  { name: 'latin', ranges: [[0x20, 0x7e]] },
  { name: '7', ranges: [[0x4e00, 0x4e10], [0x5000, 0x5000]] },
  { name: '9', ranges: [[0x4e11, 0x4e20]] },
]

test('only the subsets that a text needs are picked', () => {
  const picker = new SubsetPicker(table)
  expect(picker.pick('')).toEqual([])
  expect(picker.pick('abc')).toEqual(['latin'])
  expect(picker.pick('a\u4e00\u5000\u4e20')).toEqual(['7', '9', 'latin'])
  expect(picker.pick('\u4e21\u5001\u{1f600}')).toEqual([])
})

test('ranges are written for CSS', () => {
  expect(unicodeRange(table[1]!.ranges)).toBe('U+4e00-4e10,U+5000')
})

test('a pack is cut where its lengths say, and a broken one is refused', () => {
  const pack = new Uint8Array([0, 0, 0, 2, 1, 2, 0, 0, 0, 0, 0, 0, 0, 1, 9])
  expect(unpack(pack.buffer).map((b) => [...new Uint8Array(b)])).toEqual([[1, 2], [], [9]])
  expect(() => unpack(pack.slice(0, 5).buffer)).toThrow('ends early')
})

test('the real font draws the texts of the demo town', () => {
  const real = new SubsetPicker(subsets.map(([name, packed]) => ({ name, ranges: unpackRanges(packed) })))
  expect(face).toMatch(/^noto-sans-sc-[\d-]+$/)
  for (const char of '珠海市香洲区梅华东路網格口岸123ABC·') expect(real.pick(char), char).toHaveLength(1)
  expect(real.pick('梅华东路 12').length).toBeLessThan(6)
})
