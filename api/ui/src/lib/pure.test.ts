import { expect, test } from 'vitest'

import { count, day, duration, length, nameWithin, percent, shortCode } from './format.ts'
import { readPlace, writePlace } from './place.ts'
import { breaks, classLimits, classOf, contrast, standing } from './ramp.ts'

/** Figures carry no-break spaces. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

const bounds = { min: 150, max: 500 }

test('the classes cover the bounds without a gap', () => {
  expect(breaks(bounds)).toEqual([220, 290, 360, 430])
  expect(classLimits(bounds)).toEqual([[150, 219], [220, 289], [290, 359], [360, 429], [430, 500]])
  for (const [i, [first, last]] of classLimits(bounds).entries()) {
    expect([classOf(first, bounds), classOf(last, bounds)]).toEqual([i, i])
  }
  expect(breaks({ min: 1, max: 11 })).toEqual([3, 5, 7, 9])
})

test('counts out of bounds are told apart', () => {
  expect([149, 150, 500, 501].map((n) => standing(n, bounds))).toEqual(['under', 'within', 'within', 'over'])
  expect([0, 9999].map((n) => classOf(n, bounds))).toEqual([0, 4])
})

test('contrast is that of WCAG', () => {
  expect(contrast('#ffffff', '#000000')).toBeCloseTo(21)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
})

test('spans of time keep their two leading units', () => {
  expect([0, 59, 60, 3600, 13_260, 90_000, -5].map((s) => plain(duration(s, 'en')))).toEqual([
    '0 s', '59 s', '1 min', '1 h', '3 h 41 min', '1 d 1 h', '0 s'])
  expect(plain(duration(13_260, 'zh'))).toBe('3 小时 41 分')
})

test('figures read well in both languages', () => {
  expect([length(3, 'en'), length(999.6, 'en'), length(12_345, 'zh')].map(plain)).toEqual(['3 m', '1.0 km', '12.3 km'])
  expect([percent(0.834, 'en'), percent(0.0123, 'zh'), count(21345, 'zh')].map(plain)).toEqual(['83 %', '1.2 %', '21,345'])
  expect([day('2022-03-17', 'en'), day('2022-03-17T16:32:20Z', 'zh'), day('soon', 'en')]).toEqual(['17 Mar 2022', '2022/3/17', 'soon'])
  expect([nameWithin('一区第1网格', '一区'), nameWithin('梅华', '一区'), nameWithin('一区', '一区'), nameWithin('梅华', '')]).toEqual([
    '第1网格', '梅华', '一区', '梅华'])
  expect([shortCode('440402001900017'), shortCode('B-1')]).toEqual(['017', 'B-1'])
})

test('a place survives a link', () => {
  const place = {
    camera: { zoom: 15.25, lat: 22.27721, lon: 113.53705 }, view: 'routes', shift: 2, lang: 'en', theme: 'dark',
    selection: { collection: 'patrols', id: '巡逻 & 1=2' },
  } as const
  expect(readPlace(`#${writePlace(place)}`)).toEqual(place)
})

test('what is no place is left out', () => {
  expect(readPlace('#99/91/500&view=nonsense&sel=grids&shift=x&sel=%')).toEqual({})
  expect(readPlace('#sel=grids:%E0%A4%A')).toEqual({})
  expect(readPlace('')).toEqual({})
})
