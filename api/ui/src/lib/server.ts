import { type CollectionName, type Collections, type GeoJSONGeometry, type Item, type Person, type Station } from './types.ts'

/** What the server answers instead of what was asked for: an RFC 9457 problem. */
export class Problem extends Error {
  readonly status: number

  constructor(status: number, title: string) {
    super(title)
    this.status = status
  }
}

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(path, { headers: { Accept: 'application/json, application/geo+json' } })
  if (!answer.ok) {
    const problem = (await answer.json().catch(() => ({}))) as { title?: string; detail?: string }
    throw new Problem(answer.status, problem.detail ?? problem.title ?? `${answer.status}`)
  }
  return (await answer.json()) as T
}

export const getStation = () => get<Station>('/api/v1/station')

export const getPeople = async () => (await get<{ items: Person[] }>('/api/v1/people')).items

interface Features<T> {
  features: { id?: string; geometry: GeoJSONGeometry; properties: T }[]
}

/** Reads a collection and gives each feature an id that is unique in it. */
export async function getItems<N extends CollectionName>(name: N): Promise<Item<Collections[N]>[]> {
  const { features } = await get<Features<Collections[N]>>(`/api/v1/collections/${name}/items`)
  return features.map((f, i) => ({ id: f.id ?? ownId(f.properties, i), geometry: f.geometry, properties: f.properties }))
}

/** Features without an id are named by what tells them apart. */
function ownId(p: object, index: number): string {
  if ('unit' in p && 'shift' in p) return `${p.unit}/${p.shift}`
  if ('unit' in p && 'start_at' in p) return `${p.unit}@${p.start_at}`
  if ('street' in p) return `${p.street}#${index}`
  return String(index)
}

const concerns: [RegExp, CollectionName[]][] = [
  [/^incident/, ['incidents']],
  [/^position|^track/, ['tracks']],
  [/^coverage/, ['coverage']],
  [/^plan|^patrol/, ['patrols', 'missed']],
  [/^person|^people|^draft|^trips|^station|^post|^restriction|^barrier/, []],
  [/^compound/, ['compounds']],
  [/^building/, ['buildings', 'compounds']],
  [/^street/, ['streets']],
]

/** Which collections to read again after a change of a kind; all when the kind is not known. */
export function concerned(kind: string): readonly CollectionName[] | 'all' {
  return concerns.find(([pattern]) => pattern.test(kind))?.[1] ?? 'all'
}
