import { expect, test } from 'vitest'

import { kindOf, sentenceOf } from './missed.ts'

test('a reason is a kind, then a sentence', () => {
  expect(kindOf('unreachable: no way leads here')).toBe('unreachable')
  expect(sentenceOf('unreachable: no way leads here')).toBe('no way leads here')
  expect(kindOf('beyond shift, the way alone takes 5 h')).toBe('beyond shift')
  expect(sentenceOf('forbidden')).toBe('')
})

test('a reason of no known kind is kept whole', () => {
  expect(kindOf('closed for works')).toBe('closed for works')
  expect(sentenceOf('closed for works')).toBe('')
})
