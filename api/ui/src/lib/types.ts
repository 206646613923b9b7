/** What the server says about the station: GET /api/v1/station. */
export interface Station {
  name: string
  name_en: string
  time_zone: string
  bounds: Bounds
  extent: [west: number, south: number, east: number, north: number] | null
  map: { date: string; attribution: string }
  homes: { rule: string; given_share: number; derived_share: number; assumed_share: number }
  demo: boolean
  demo_seed: number
  counts: Record<string, number>
  edition: { number: number; valid_from: string; valid_to: string | null; grids: number; households: number } | null
  plan: Plan | null
  tracks: { fixes: number; first_at: string; last_at: string; simulated: boolean } | null
  sequence: number
  changed_at: string | null
  now: string
  version: string
  all_roles: boolean
}

export interface Bounds {
  min: number
  max: number
}

export interface Plan {
  id: string
  created_at: string
  edition: number
  district: string | null
  profile: string
  units: string[]
  shifts: number
  shift_seconds: number
  routes: number
  missed: number
  street_metres: number
  route_metres: number
  longest_seconds: number
  bound_seconds: number
  seed: number
  note: string
}

export interface Person {
  id: string
  name: string
  role: 'leader' | 'officer' | 'member'
  grid: string | null
  district: string | null
  duty_phone: string | null
  simulated: boolean
}

export interface District {
  code: string
  name: string
  households: number
}

export interface Grid {
  code: string
  name: string
  district: string
  community: string | null
  households: number
  exceptions: string[]
  edition: number
  valid_from: string
  valid_to: string | null
}

export interface Building {
  id: string
  kind: string
  name: string | null
  households: number
  households_source: HouseholdSource
  grid: string | null
  compound: string | null
}

export type HouseholdSource = 'given' | 'derived' | 'assumed'

export interface Compound {
  id: string
  name: string
  households: number
  origin: string | null
}

export interface Street {
  id: string
  name: string | null
  name_en: string | null
  class: string
  main: boolean
  oneway: number
  length_metres: number
}

export interface Incident {
  id: string
  number: string
  category: Category
  priority: 'normal' | 'urgent'
  state: string
  grid: string | null
  district: string | null
  how: string
  level: string
  responsible: string | null
  text: string | null
  reported_at: string
  answer_due_at: string | null
  close_due_at: string | null
  version: number
  simulated: boolean
}

export const categories = ['hazard', 'dispute', 'inquiry', 'emergency', 'tip', 'other'] as const
export type Category = (typeof categories)[number]

export interface Route {
  plan: string
  unit: string
  shift: number
  metres: number
  seconds: number
  depot: [number, number]
  profile: string
}

export interface Missed {
  plan: string
  street: string
  name: string | null
  reason: string
}

export interface Track {
  unit: string
  start_at: string
  end_at: string
  fixes: number
  simulated: boolean
}

/** What the tracks show to have been passed of a street, in either direction. */
export interface Coverage {
  street: string
  name: string | null
  covered_metres: number
  length_metres: number
  last_visit_at: string | null
  simulated: boolean
}

/** The collections that the map shows, by name, and what a feature of each carries. */
export interface Collections {
  districts: District
  grids: Grid
  compounds: Compound
  buildings: Building
  streets: Street
  incidents: Incident
  patrols: Route
  missed: Missed
  tracks: Track
  coverage: Coverage
}

export type CollectionName = keyof Collections

export const collectionNames = [
  'districts', 'grids', 'compounds', 'buildings', 'streets', 'incidents', 'patrols', 'missed', 'tracks', 'coverage',
] as const satisfies readonly CollectionName[]

/** A GeoJSON feature of a collection, with an id that is unique in it. */
export interface Item<T> {
  id: string
  geometry: GeoJSONGeometry
  properties: T
}

export interface GeoJSONGeometry {
  type: string
  coordinates: unknown
}

/** What is selected: a feature of a collection. */
export interface Selection {
  collection: CollectionName
  id: string
}
