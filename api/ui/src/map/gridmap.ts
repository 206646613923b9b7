import 'ol/ol.css'

import Feature from 'ol/Feature'
import OLMap from 'ol/Map'
import View from 'ol/View'
import { defaults as defaultControls } from 'ol/control/defaults'
import ScaleLine from 'ol/control/ScaleLine'
import { boundingExtent, containsExtent, getCenter, isEmpty } from 'ol/extent'
import GeoJSON from 'ol/format/GeoJSON'
import LineString from 'ol/geom/LineString'
import { defaults as defaultInteractions } from 'ol/interaction/defaults'
import VectorLayer from 'ol/layer/Vector'
import { fromLonLat, toLonLat, transformExtent } from 'ol/proj'
import VectorSource from 'ol/source/Vector'
import type { StyleFunction } from 'ol/style/Style'
import type Style from 'ol/style/Style'

import type { Camera } from '../lib/place.ts'
import type { Bounds, CollectionName, Item, Route, Selection, Street } from '../lib/types.ts'
import { districtStyle, gridFillStyle, gridLabelStyle, gridLineStyle, type GridWords } from './gridstyle.ts'
import { type LayerName, layerNames, type Visible } from './layers.ts'
import { nameLines, type XY } from './lines.ts'
import { compoundStyle, coverageStyle, highlightStyle, homeStyle, incidentStyle, missedStyle, routeStyle, trackStyle } from './markstyle.ts'
import { palettes, type Theme } from './palette.ts'
import { rankOf, streetNameStyle, streetStyles } from './streetstyle.ts'

type Layer = VectorLayer<VectorSource>
/** Layers that follow a switchable one: the borders and the names have their own. */
type Part = LayerName | 'gridLines' | 'streetNames' | 'gridLabels'

/** How the map looks at the moment. */
export interface Look {
  theme: Theme
  bounds: Bounds
  visible: Visible
  muted: boolean // the grids' fill steps back
  units: readonly string[]
  shift: number // 0: all
  selectedRoute: string | null
  words: GridWords
}

export interface Listener {
  pick(s: Selection | null): void
  hover(s: Selection | null): void
  moved(c: Camera): void
}

const order: Part[] = ['grids', 'compounds', 'streets', 'gridLines', 'districts', 'buildings', 'coverage', 'missed', 'tracks', 'patrols', 'incidents']
const follows: Record<Part, LayerName> = {
  ...(Object.fromEntries(layerNames.map((n) => [n, n])) as Record<LayerName, LayerName>),
  gridLines: 'grids', gridLabels: 'grids', streetNames: 'streets',
}
/** What a click finds, the smallest first. */
const pickable: CollectionName[] = ['incidents', 'buildings', 'missed', 'patrols', 'tracks', 'coverage', 'grids', 'compounds', 'streets', 'districts']

/** The one place that knows OpenLayers: everything else says what to show. */
export class GridMap {
  readonly #map: OLMap
  readonly #sources = Object.fromEntries(layerNames.map((n) => [n, new VectorSource()])) as Record<LayerName, VectorSource>
  readonly #names = new VectorSource()
  readonly #layers: Record<Part, Layer>
  readonly #hover = new VectorLayer({ source: new VectorSource(), zIndex: 80 })
  readonly #selected = new VectorLayer({ source: new VectorSource(), zIndex: 81 })
  readonly #format = new GeoJSON()
  #look: Look | undefined
  #hovered = ''
  #territory: number[] | null = null

  /** How often the map was drawn to the end; tests wait for it. */
  drawn = 0

  constructor(target: HTMLElement, listener: Listener) {
    const layer = (part: Part, i: number): Layer =>
      new VectorLayer({ source: this.#sources[follows[part]], zIndex: i + 1, updateWhileAnimating: true, updateWhileInteracting: true })
    const made = Object.fromEntries(order.map((part, i) => [part, layer(part, i)])) as Record<Part, Layer>
    made.compounds = new VectorLayer({ source: this.#sources.compounds, zIndex: order.indexOf('compounds') + 1, declutter: 'labels' })
    made.streetNames = new VectorLayer({ source: this.#names, zIndex: 90, declutter: 'labels' })
    made.gridLabels = new VectorLayer({ source: this.#sources.grids, zIndex: 91, declutter: 'labels' })
    this.#layers = made
    this.#map = new OLMap({
      target,
      layers: [...Object.values(made), this.#hover, this.#selected],
      controls: defaultControls({ zoom: false, rotate: false, attribution: false }).extend([new ScaleLine({ minWidth: 80 })]),
      interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false }),
      view: new View({ center: [0, 0], zoom: 2, minZoom: 9, maxZoom: 20, smoothResolutionConstraint: false }),
    })
    this.#map.on('rendercomplete', () => this.drawn++)
    this.#map.on('singleclick', (e) => listener.pick(this.#hit(e.pixel)))
    this.#map.on('pointermove', (e) => {
      if (!e.dragging) listener.hover(this.#hit(e.pixel))
    })
    target.addEventListener('pointerleave', () => listener.hover(null))
    this.#map.on('moveend', () => {
      const camera = this.camera()
      if (camera) listener.moved(camera)
    })
  }

  /** Replaces what a layer shows. */
  setItems(name: LayerName, items: readonly Item<object>[]): void {
    const features = items.map((item) => {
      const geometry = this.#format.readGeometry(item.geometry, { dataProjection: 'EPSG:4326', featureProjection: 'EPSG:3857' })
      const f = new Feature({ ...item.properties, geometry: geometry ?? undefined })
      f.setId(item.id)
      return f
    })
    const source = this.#sources[name]
    source.clear(true)
    source.addFeatures(features)
    if (name === 'streets') this.#nameStreets(items as readonly Item<Street>[], features)
    if (name === 'districts') this.#territory = source.getExtent()
  }

  #nameStreets(items: readonly Item<Street>[], features: Feature[]): void {
    const groups = new Map<string, XY[][]>()
    items.forEach((item, i) => {
      const { name, class: highway } = item.properties
      const geometry = features[i]?.getGeometry()
      if (!name || !(geometry instanceof LineString) || rankOf(highway) === 'path') return
      const key = `${rankOf(highway)}\n${name}`
      groups.set(key, [...(groups.get(key) ?? []), geometry.getCoordinates() as unknown as XY[]])
    })
    this.#names.clear(true)
    for (const [key, lines] of groups) {
      const [rank, name] = key.split('\n')
      this.#names.addFeatures(nameLines(lines).map((l) => new Feature({ geometry: new LineString(l as unknown as number[][]), rank, name })))
    }
  }

  /** Draws with another theme, other layers or another emphasis. */
  setLook(look: Look): void {
    this.#look = look
    const p = palettes[look.theme]
    const quiet = (r: Route) => look.selectedRoute !== null && routeId(r) !== look.selectedRoute
    const shifted = (draw: (f: Feature, resolution: number) => Style[]): StyleFunction => (f, resolution) =>
      look.shift !== 0 && f.get('shift') !== look.shift ? [] : draw(f as Feature, resolution)
    const styles: Record<Part, StyleFunction | Style[]> = {
      grids: gridFillStyle(p, look.bounds, look.muted),
      gridLines: gridLineStyle(p),
      gridLabels: gridLabelStyle(p, look.bounds, look.muted, look.words),
      compounds: compoundStyle(p),
      streets: streetStyles(p),
      streetNames: streetNameStyle(p),
      districts: districtStyle(p),
      buildings: homeStyle(p),
      missed: missedStyle(p),
      tracks: trackStyle(p),
      coverage: coverageStyle(p, Date.now()),
      patrols: shifted(routeStyle(p, look.units, quiet)),
      incidents: incidentStyle(p, !look.muted),
    }
    for (const [part, layer] of Object.entries(this.#layers) as [Part, Layer][]) {
      layer.setVisible(look.visible[follows[part]])
      layer.setStyle(styles[part])
    }
    this.#hover.setStyle(highlightStyle(p, p.hover, 2))
    this.#selected.setStyle(highlightStyle(p, p.selected, 4))
  }

  /** Draws all text again, with the fonts that have arrived since. */
  redrawText(): void {
    if (this.#look) this.setLook(this.#look)
  }

  /** Marks a feature, and moves the map when it lies outside of what is seen. */
  select(s: Selection | null, follow: boolean): void {
    this.#mark(this.#selected, s)
    const geometry = s && this.#find(s)?.getGeometry()
    if (!geometry || !follow) return
    const seen = this.#map.getView().calculateExtent(this.#map.getSize())
    const extent = geometry.getExtent()
    if (containsExtent(seen, extent)) return
    if (s.collection === 'patrols') this.#fit(extent)
    else this.#map.getView().animate({ center: getCenter(extent), duration: 250 })
  }

  hover(s: Selection | null): void {
    const key = s ? `${s.collection}:${s.id}` : ''
    if (key === this.#hovered) return
    this.#hovered = key
    this.#mark(this.#hover, s)
    const element = this.#map.getTargetElement()
    if (element) element.style.cursor = s ? 'pointer' : ''
  }

  #mark(layer: Layer, s: Selection | null): void {
    const source = layer.getSource()
    source?.clear(true)
    const f = s && this.#find(s)
    if (f) source?.addFeature(new Feature(f.getGeometry()))
    layer.changed()
  }

  #find(s: Selection): Feature | null {
    return s.collection in this.#sources ? this.#sources[s.collection as LayerName].getFeatureById(s.id) : null
  }

  #hit(pixel: number[]): Selection | null {
    const found = new Map<string, Selection>()
    this.#map.forEachFeatureAtPixel(
      pixel,
      (f, layer) => {
        const part = (Object.entries(this.#layers) as [Part, Layer][]).find(([, l]) => l === layer)?.[0]
        const id = f.getId()
        if (!part || id === undefined || found.has(follows[part])) return
        found.set(follows[part], { collection: follows[part], id: String(id) })
      },
      { hitTolerance: 3, layerFilter: (l) => l !== this.#hover && l !== this.#selected },
    )
    for (const name of pickable) {
      const s = found.get(name)
      if (s) return s
    }
    return null
  }

  camera(): Camera | null {
    const view = this.#map.getView()
    const centre = view.getCenter()
    const zoom = view.getZoom()
    if (!centre || zoom === undefined) return null
    const [lon, lat] = toLonLat(centre) as [number, number]
    return { zoom, lon, lat }
  }

  setCamera(c: Camera): void {
    this.#map.getView().setCenter(fromLonLat([c.lon, c.lat]))
    this.#map.getView().setZoom(c.zoom)
  }

  /** Shows the whole territory, by its districts or else by a box in degrees. */
  fit(box: readonly number[] | null): void {
    const extent = this.#territory && !isEmpty(this.#territory) ? this.#territory : box && transformExtent([...box], 'EPSG:4326', 'EPSG:3857')
    if (extent) this.#fit(extent)
  }

  #fit(extent: number[]): void {
    this.#map.getView().fit(extent, { padding: [28, 28, 44, 28], maxZoom: 18 })
  }

  zoomBy(steps: number): void {
    const view = this.#map.getView()
    view.animate({ zoom: (view.getZoom() ?? 0) + steps, duration: 150 })
  }

  resize(): void {
    this.#map.updateSize()
  }

  /** Features that are shown now, by layer. */
  counts(): Record<string, number> {
    const shown = layerNames.map((n) => [n, this.#layers[n].getVisible() ? this.#sources[n].getFeatures().length : 0] as const)
    return { ...Object.fromEntries(shown), streetNames: this.#names.getFeatures().length }
  }

  /** The pixel of the middle of a feature, for tests that click. */
  pixelOf(s: Selection): [number, number] | null {
    const geometry = this.#find(s)?.getGeometry()
    if (!geometry) return null
    const at = 'getInteriorPoint' in geometry
      ? (geometry as unknown as { getInteriorPoint(): { getCoordinates(): number[] } }).getInteriorPoint().getCoordinates()
      : getCenter(geometry instanceof LineString ? boundingExtent([geometry.getCoordinateAt(0.5)]) : geometry.getExtent())
    const pixel = this.#map.getPixelFromCoordinate(at.slice(0, 2))
    return pixel ? [pixel[0]!, pixel[1]!] : null
  }

  destroy(): void {
    this.#map.setTarget(undefined)
    this.#map.dispose()
  }
}

/** Routes have no id of their own: unit and shift name them. */
export function routeId(r: Route): string {
  return `${r.unit}/${r.shift}`
}
