import { expect, test } from 'vitest'

import { packRanges, parseRanges, unpackRanges } from './ranges.ts'

test('a unicode-range is read', () => {
  expect(parseRanges('U+20-7e, U+4e00')).toEqual([[0x20, 0x7e], [0x4e00, 0x4e00]])
  expect(() => parseRanges('U+zz')).toThrow('unicode-range')
})

test('packed ranges come back as they were, sorted', () => {
  const ranges = parseRanges('U+4e00,U+0-ff,U+131,U+ff01-ff5e')
  expect(unpackRanges(packRanges(ranges))).toEqual([[0, 0xff], [0x131, 0x131], [0x4e00, 0x4e00], [0xff01, 0xff5e]])
})
