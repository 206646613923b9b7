import type { Incident, Item } from './types.ts'

const done = new Set(['closed', 'verified', 'duplicate', 'referred'])

/** Whether nothing more is to be done about an incident in this state. */
export function settled(state: string): boolean {
  return done.has(state)
}

const answered = new Set(['answered', 'on_site', 'handled', 'verified', 'closed', 'duplicate', 'referred'])

/** Which clock runs: to the first answer, to closing, or none. */
export function clockOf(i: Incident): { kind: 'answer' | 'close'; at: number } | null {
  if (settled(i.state)) return null
  if (!answered.has(i.state) && i.answer_due_at) return { kind: 'answer', at: Date.parse(i.answer_due_at) }
  return i.close_due_at ? { kind: 'close', at: Date.parse(i.close_due_at) } : null
}

/** What a dispatcher needs first: open before settled, urgent before normal, then by the next deadline. */
export function byNeed(a: Item<Incident>, b: Item<Incident>): number {
  const rank = (i: Incident) => (settled(i.state) ? 2 : i.priority === 'urgent' ? 0 : 1)
  const due = (i: Incident) => clockOf(i)?.at ?? -Date.parse(i.reported_at)
  const [x, y] = [a.properties, b.properties]
  return rank(x) - rank(y) || due(x) - due(y) || x.number.localeCompare(y.number)
}
