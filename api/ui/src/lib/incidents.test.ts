import { expect, test } from 'vitest'

import { byNeed, clockOf, settled } from './incidents.ts'
import type { Incident, Item } from './types.ts'

function incident(number: string, state: string, over: Partial<Incident> = {}): Item<Incident> {
  const properties = {
    id: number, number, state, category: 'hazard', priority: 'normal', reported_at: '2026-03-01T08:00:00+08:00',
    answer_due_at: '2026-03-01T08:30:00+08:00', close_due_at: '2026-03-02T08:00:00+08:00', ...over,
  } as Incident
  return { id: number, properties, geometry: { type: 'Point', coordinates: [0, 0] } }
}

test('the answer clock runs until somebody answers, then the closing clock, then none', () => {
  expect(clockOf(incident('1', 'dispatched').properties)?.kind).toBe('answer')
  expect(clockOf(incident('1', 'on_site').properties)?.kind).toBe('close')
  expect(clockOf(incident('1', 'closed').properties)).toBeNull()
  expect(clockOf(incident('1', 'reported', { answer_due_at: null, close_due_at: null }).properties)).toBeNull()
  expect(settled('reopened')).toBe(false)
})

test('urgent comes first, then what is due next, settled last', () => {
  const list = [
    incident('settled', 'closed', { priority: 'urgent' }),
    incident('later', 'filed', { answer_due_at: '2026-03-01T09:30:00+08:00' }),
    incident('sooner', 'filed'),
    incident('urgent', 'filed', { priority: 'urgent', answer_due_at: '2026-03-01T10:30:00+08:00' }),
  ]
  expect(list.sort(byNeed).map((i) => i.id)).toEqual(['urgent', 'sooner', 'later', 'settled'])
})
