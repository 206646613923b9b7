import { type Look } from '../map/gridmap.ts'
import { type LayerName, layerNames, type Visible } from '../map/layers.ts'
import { type Theme } from '../map/palette.ts'
import { FontLoader } from './fontloader.ts'
import { count, nameWithin } from './format.ts'
import { sentenceOf } from './missed.ts'
import { say } from './phrasebook.ts'
import { type Lang, preferred, tags, texts, translate, translateValue, type TextKey } from './i18n.ts'
import { byNeed } from './incidents.ts'
import { Live, type LiveState } from './live.ts'
import { type Camera, readPlace, type View, views, writePlace } from './place.ts'
import { concerned, getItems, getPeople, getStation } from './server.ts'
import {
  type Building, type CollectionName, type Collections, collectionNames, type Compound, type Coverage, type District, type Grid,
  type Incident, type Item, type Missed, type Person, type Route, type Selection, type Station, type Street, type Track,
} from './types.ts'

/** What each view shows when nobody has chosen otherwise. */
const defaults: Record<View, readonly LayerName[]> = {
  grids: ['grids', 'streets', 'districts', 'compounds', 'incidents'],
  incidents: ['grids', 'streets', 'districts', 'incidents'],
  routes: ['grids', 'streets', 'districts', 'patrols', 'missed'],
}

const visible = (on: readonly LayerName[]): Visible =>
  Object.fromEntries(layerNames.map((n) => [n, on.includes(n)])) as Visible

function remembered(key: string): string | null {
  try {
    return localStorage.getItem(`gridbeat.${key}`)
  } catch {
    return null
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`gridbeat.${key}`, value)
  } catch {
    // A browser that keeps nothing still shows the page.
  }
}

/** All that the page knows; components read it and call its methods. */
export class App {
  station = $state.raw<Station | null>(null)
  people = $state.raw<Person[]>([])
  districts = $state.raw<Item<District>[]>([])
  grids = $state.raw<Item<Grid>[]>([])
  compounds = $state.raw<Item<Compound>[]>([])
  buildings = $state.raw<Item<Building>[]>([])
  streets = $state.raw<Item<Street>[]>([])
  incidents = $state.raw<Item<Incident>[]>([])
  patrols = $state.raw<Item<Route>[]>([])
  missed = $state.raw<Item<Missed>[]>([])
  tracks = $state.raw<Item<Track>[]>([])
  coverage = $state.raw<Item<Coverage>[]>([])

  view = $state<View>('grids')
  selection = $state.raw<Selection | null>(null)
  hovered = $state.raw<Selection | null>(null)
  lang = $state<Lang>('zh')
  theme = $state<Theme>('day')
  layers = $state<Record<View, Visible>>({
    grids: visible(defaults.grids), incidents: visible(defaults.incidents), routes: visible(defaults.routes),
  })
  shift = $state(1)
  helpOpen = $state(false)

  loaded = $state(false)
  failure = $state<string | null>(null)
  live = $state<LiveState>('connecting')
  heardAt = $state(Date.now())
  lostAt = $state(0)
  now = $state(Date.now())
  /** Rises when new fonts are there: the map draws its text again. */
  fontsArrived = $state(0)
  fontsBusy = $state(0)

  readonly fonts = new FontLoader()
  camera: Camera | undefined
  #live: Live | undefined
  #pending = new Set<CollectionName>()
  #timer: ReturnType<typeof setTimeout> | undefined

  readonly gridsByCode = $derived(new Map(this.grids.map((g) => [g.id, g.properties])))
  readonly #districtNames = $derived(new Map(this.districts.map((d) => [d.id, d.properties.name])))
  readonly bounds = $derived(this.station?.bounds ?? { min: 150, max: 500 })
  readonly zone = $derived(this.station?.time_zone ?? 'Asia/Shanghai')
  readonly units = $derived(this.station?.plan?.units.length ? this.station.plan.units : [...new Set(this.patrols.map((r) => r.properties.unit))])
  readonly shifts = $derived(this.station?.plan?.shifts ?? 1)
  readonly shiftRoutes = $derived(this.patrols.filter((r) => this.shift === 0 || r.properties.shift === this.shift))
  readonly sortedIncidents = $derived([...this.incidents].sort(byNeed))
  readonly look = $derived<Look>({
    theme: this.theme,
    bounds: this.bounds,
    visible: this.layers[this.view],
    muted: this.view !== 'grids',
    units: this.units,
    shift: this.shift,
    selectedRoute: this.selection?.collection === 'patrols' ? this.selection.id : null,
    words: { number: (n) => count(n, this.lang), name: (g) => nameWithin(g.name, this.districtName(g.district)) },
  })

  constructor() {
    const place = readPlace(location.hash)
    this.lang = preferred(place.lang ?? remembered('lang'), navigator.languages)
    const theme = place.theme ?? remembered('theme')
    this.theme = theme === 'day' || theme === 'dark' ? theme : matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'day'
    this.camera = place.camera
    this.view = place.view ?? 'grids'
    this.selection = place.selection ?? null
    if (place.shift !== undefined) this.shift = place.shift
  }

  t = (key: TextKey, values?: Record<string, string | number>): string => translate(this.lang, key, values)
  tv = (group: string, value: string): string => translateValue(this.lang, group, value)
  n = (value: number): string => count(value, this.lang)
  /** A sentence of the server's in the language of the page. */
  say = (text: string): string => say(text, this.lang)

  /** The name of the station in the reader's language. */
  get stationName(): string {
    const s = this.station
    return (this.lang === 'en' ? s?.name_en || s?.name : s?.name || s?.name_en) ?? ''
  }

  districtName(code: string | null): string {
    return this.#districtNames.get(code ?? '') || code || ''
  }

  gridName(code: string | null): string {
    return code === null ? '' : this.gridsByCode.get(code)?.name || code
  }

  /** Reads everything, then listens for changes. */
  async start(): Promise<void> {
    this.failure = null
    try {
      void this.#need(Object.values(texts[this.lang]).join(''))
      const station = await getStation()
      await Promise.all([...collectionNames.map((n) => this.#read(n)), this.#readPeople()])
      this.station = station
      if (this.shift > (station.plan?.shifts ?? 1)) this.shift = 1
      this.loaded = true
      await this.#need(this.#texts())
      this.#listen(station.sequence)
    } catch (e) {
      this.failure = e instanceof Error ? e.message : String(e)
    }
  }

  stop(): void {
    this.#live?.close()
    clearTimeout(this.#timer)
  }

  async #read<N extends CollectionName>(name: N): Promise<void> {
    const items: Item<Collections[N]>[] = await getItems(name)
    ;(this as unknown as Record<string, unknown>)[name] = items
  }

  async #readPeople(): Promise<void> {
    this.people = await getPeople()
  }

  /** All texts that the data brings with it. */
  #texts(): string {
    const s = this.station
    return [
      s?.name, s?.name_en, this.say(s?.homes.rule ?? ''), this.say(s?.plan?.note ?? ''), s?.map.attribution, '⚠©·–—',
      ...this.people.map((p) => p.name), ...this.districts.map((d) => d.properties.name),
      ...this.grids.map((g) => g.properties.name + g.properties.exceptions.map((e) => this.say(e.replace(/^\S+\s+/, ''))).join('')),
      ...this.compounds.map((c) => c.properties.name), ...this.streets.map((x) => x.properties.name),
      ...this.incidents.map((i) => `${i.properties.text}${i.properties.responsible}`),
      ...this.units, ...this.missed.map((m) => this.say(sentenceOf(m.properties.reason))),
    ].join('')
  }

  async #need(text: string): Promise<void> {
    this.fontsBusy++
    try {
      if (await this.fonts.need(text)) this.fontsArrived++
    } finally {
      this.fontsBusy--
    }
  }

  #listen(sequence: number): void {
    this.#live?.close()
    this.#live = new Live(sequence, {
      state: (s) => {
        if (s === 'lost' && this.live !== 'lost') this.lostAt = Date.now()
        this.live = s
      },
      heard: () => (this.heardAt = Date.now()),
      changed: (kind) => this.#changed(kind),
    })
  }

  /** Collects changes for a moment, then reads again what they concern. */
  #changed(kind: string): void {
    const names = concerned(kind)
    for (const name of names === 'all' ? collectionNames : names) this.#pending.add(name)
    this.#timer ??= setTimeout(() => void this.#refresh(), 250)
  }

  async #refresh(): Promise<void> {
    const names = [...this.#pending]
    this.#pending.clear()
    this.#timer = undefined
    try {
      const [station] = await Promise.all([getStation(), this.#readPeople(), ...names.map((n) => this.#read(n))])
      this.station = station
      await this.#need(this.#texts())
    } catch {
      for (const name of names) this.#pending.add(name)
      this.#timer ??= setTimeout(() => void this.#refresh(), 3_000)
    }
  }

  select(s: Selection | null): void {
    this.selection = s
    this.saveHash()
  }

  showView(view: View): void {
    this.view = view
    this.saveHash()
  }

  /** Selects, and turns to the list that the thing is in. */
  go(s: Selection): void {
    const home: Partial<Record<CollectionName, View>> = { grids: 'grids', incidents: 'incidents', patrols: 'routes', missed: 'routes' }
    const view = home[s.collection]
    if (view !== undefined && !this.layers[this.view][s.collection as LayerName]) this.view = view
    this.select(s)
  }

  toggleLayer(name: LayerName): void {
    this.layers[this.view][name] = !this.layers[this.view][name]
  }

  setShift(shift: number): void {
    this.shift = shift
    this.saveHash()
  }

  setLang(lang: Lang): void {
    this.lang = lang
    remember('lang', lang)
    document.documentElement.lang = tags[lang]
    void this.#need(Object.values(texts[lang]).join(''))
    this.saveHash()
  }

  setTheme(theme: Theme): void {
    this.theme = theme
    remember('theme', theme)
    this.saveHash()
  }

  moved(camera: Camera): void {
    this.camera = camera
    this.saveHash()
  }

  nextView(step: number): void {
    const at = (views.indexOf(this.view) + step + views.length) % views.length
    this.showView(views[at] ?? 'grids')
  }

  /** Keeps the place in the link, without a step in the browser's history. */
  saveHash(): void {
    const hash = writePlace({
      camera: this.camera, view: this.view, selection: this.selection ?? undefined,
      shift: this.shift, lang: this.lang, theme: this.theme,
    })
    history.replaceState(null, '', `#${hash}`)
  }
}

export const app = new App()
