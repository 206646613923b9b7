import { expect, test } from 'vitest'

import { fits, withOpacity } from './gridstyle.ts'
import { rankOf, streetWidth } from './streetstyle.ts'

test('a label says as much as its grid has room for', () => {
  expect(fits({ width: 400, height: 200 }, 4, '第1网格')).toBe('both')
  expect(fits({ width: 400, height: 100 }, 4, '第1网格')).toBe('count')
  expect(fits({ width: 200, height: 200 }, 4, '示范警务区第1网格')).toBe('count')
  expect(fits({ width: 80, height: 200 }, 4, '1')).toBe('none')
})

test('colours take an opacity', () => {
  expect(withOpacity('#ff8000', 0.5)).toBe('rgba(255, 128, 0, 0.5)')
})

test('main streets are drawn stronger at every scale, links weaker', () => {
  for (const resolution of [0.5, 2, 8]) {
    const [path, local, collector, arterial] = (['path', 'local', 'collector', 'arterial'] as const).map((r) => streetWidth(r, resolution, false))
    expect([path! < local!, local! < collector!, collector! < arterial!]).toEqual([true, true, true])
  }
  expect([rankOf('primary_link'), rankOf('tertiary'), rankOf('residential'), rankOf('steps')]).toEqual(['arterial', 'collector', 'local', 'path'])
  expect(streetWidth('arterial', 4, true)).toBeLessThan(streetWidth('arterial', 4, false))
})
