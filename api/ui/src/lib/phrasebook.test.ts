import { expect, test } from 'vitest'
import { say } from './phrasebook.ts'

test('what the server says of a missed street reads in Chinese', () => {
  expect(say('the street is not connected with the rest of the network for the foot', 'zh')).toBe('该道路与步行网络的其余部分不连通')
})

test('figures stay what they are', () => {
  expect(say('22 households, and none of its 3 neighbours could take them in within the maximum of 500', 'zh')).toBe(
    '共 22 户，3 个相邻网格并入后都会超过上限 500 户',
  )
  const rule =
    'Homes = footprint × levels × residential share (0.8; plain buildings 0.5) / 92.17 m² of floor a household; where no levels are mapped, 6 for apartments, 2 for houses, 4 for plain buildings; compounds drawn as one building 30 % built on; residential land with few mapped buildings 80 homes a hectare, residential streets without mapped homes 12 a hundred metres.'
  expect(say(rule, 'zh')).toContain('每户 92.17 平方米')
  expect(say(rule, 'zh')).toContain('每百米 12 户')
})

test('English and unknown sentences stay as they came', () => {
  expect(say('the car may not use this street', 'en')).toBe('the car may not use this street')
  expect(say('something new', 'zh')).toBe('something new')
})
