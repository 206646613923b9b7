import type { FeatureLike } from 'ol/Feature'
import type LineString from 'ol/geom/LineString'
import MultiLineString from 'ol/geom/MultiLineString'
import Point from 'ol/geom/Point'
import CircleStyle from 'ol/style/Circle'
import Fill from 'ol/style/Fill'
import RegularShape from 'ol/style/RegularShape'
import Stroke from 'ol/style/Stroke'
import Style from 'ol/style/Style'
import Text from 'ol/style/Text'

import { ageOf, ages, isWhole } from '../lib/coverage.ts'
import { fontStack } from '../lib/fonts.ts'
import { settled } from '../lib/incidents.ts'
import type { Building, Incident, Route } from '../lib/types.ts'
import { withOpacity } from './gridstyle.ts'
import { arrows, type XY } from './lines.ts'
import { type Palette, type Shape, shapes, unitColour } from './palette.ts'

function mark(s: Shape, radius: number, fill: string, line: string, width: number): CircleStyle | RegularShape {
  const look = { fill: new Fill({ color: fill }), stroke: new Stroke({ color: line, width }) }
  if (s.points === 0) return new CircleStyle({ radius: radius * s.scale, ...look })
  return new RegularShape({
    points: s.points,
    radius: radius * s.scale,
    ...(s.inner === undefined ? {} : { radius2: radius * s.scale * s.inner }),
    angle: s.angle,
    ...look,
  })
}

/** Incidents: shape by category, a ring and red when urgent, hollow when settled. */
export function incidentStyle(p: Palette, small: boolean): (f: FeatureLike, resolution: number) => Style[] {
  const cache = new Map<string, Style[]>()
  return (f, resolution) => {
    const i = f.getProperties() as Incident
    const done = settled(i.state)
    const urgent = i.priority === 'urgent'
    const size = (small ? 0.8 : 1) * (resolution > 7 ? 0.7 : resolution > 2 ? 1 : 1.2)
    const key = `${i.category}${done}${urgent}${size}`
    const known = cache.get(key)
    if (known) return known
    const radius = (done ? 4.6 : urgent ? 7 : 6) * size
    const shape = shapes[i.category] ?? shapes.other
    const fill = done ? withOpacity(p.incidentClosed, 0.75) : urgent ? p.incidentUrgent : p.incident
    const zIndex = done ? 1 : urgent ? 3 : 2
    const styles = [new Style({ zIndex, image: mark(shape, radius, fill, done ? withOpacity(p.label, 0.6) : p.incidentLine, done ? 1 : 1.2) })]
    if (urgent && !done) {
      const ring = new Stroke({ color: p.incidentUrgent, width: 2 })
      styles.unshift(new Style({ zIndex, image: new CircleStyle({ radius: radius * 1.85, stroke: ring, fill: new Fill({ color: withOpacity(p.labelHalo, 0.55) }) }) }))
    }
    cache.set(key, styles)
    return styles
  }
}

/** Routes: one colour a unit, arrow heads along the way, and the depot. */
export function routeStyle(p: Palette, units: readonly string[], quiet: (r: Route) => boolean) {
  return (f: FeatureLike, resolution: number): Style[] => {
    const r = f.getProperties() as Route
    const colour = unitColour(p, units, r.unit)
    const line = f.getGeometry() as LineString
    const muted = quiet(r)
    const width = resolution > 8 ? 2 : 2.8
    const z = muted ? 0 : 10
    if (muted) return [new Style({ zIndex: z, stroke: new Stroke({ color: withOpacity(colour, 0.22), width }) })]
    const heads = arrows(line.getCoordinates() as unknown as XY[], 90 * resolution, 6.5 * resolution)
    return [
      new Style({ zIndex: z, stroke: new Stroke({ color: withOpacity(p.routeHalo, 0.85), width: width + 2.2 }) }),
      new Style({ zIndex: z + 1, stroke: new Stroke({ color: colour, width }) }),
      new Style({
        zIndex: z + 2,
        geometry: new MultiLineString(heads as unknown as number[][][]),
        stroke: new Stroke({ color: p.routeHalo, width: 4.6, lineCap: 'round', lineJoin: 'round' }),
      }),
      new Style({
        zIndex: z + 3,
        geometry: new MultiLineString(heads as unknown as number[][][]),
        stroke: new Stroke({ color: colour, width: 2.2, lineCap: 'round', lineJoin: 'round' }),
      }),
      new Style({ zIndex: z + 4, geometry: new Point(line.getFirstCoordinate()), image: depot(p) }),
    ]
  }
}

function depot(p: Palette): RegularShape {
  return new RegularShape({ points: 4, angle: Math.PI / 4, radius: 8, fill: new Fill({ color: p.label }), stroke: new Stroke({ color: p.labelHalo, width: 2 }) })
}

/** Streets that no route covers: loud, dotted, so that nobody overlooks them. */
export function missedStyle(p: Palette): Style[] {
  return [
    new Style({ stroke: new Stroke({ color: p.routeHalo, width: 6 }) }),
    new Style({ stroke: new Stroke({ color: p.missed, width: 3.4, lineDash: [1, 6] }) }),
  ]
}

/** Simulated tracks are dashed everywhere; a lone fix is a small dot. */
export function trackStyle(p: Palette): (f: FeatureLike) => Style {
  const dot = new CircleStyle({ radius: 2.5, fill: new Fill({ color: p.track }) })
  const simulated = new Style({ image: dot, stroke: new Stroke({ color: withOpacity(p.track, 0.85), width: 1.8, lineDash: [5, 4] }) })
  const real = new Style({ image: dot, stroke: new Stroke({ color: p.track, width: 2.2 }) })
  return (f) => (f.get('simulated') ? simulated : real)
}

/** Streets by the age of the last visit: dashed where only a part was passed. */
export function coverageStyle(p: Palette, now: number): (f: FeatureLike) => Style {
  const cache = new Map<string, Style>()
  return (f) => {
    const age = ageOf(f.get('last_visit_at') as string | null, now)
    const whole = age === 'never' || isWhole(f.get('covered_metres') as number, f.get('length_metres') as number)
    const key = `${age}${whole}`
    const style = cache.get(key) ?? new Style({
      zIndex: ages.length - ages.indexOf(age),
      stroke: new Stroke({ color: p.coverage[age], width: age === 'never' ? 1.6 : 4, lineDash: whole ? undefined : [7, 6], lineCap: 'butt' }),
    })
    cache.set(key, style)
    return style
  }
}

export function compoundStyle(p: Palette): (f: FeatureLike, resolution: number) => Style {
  const look = {
    fill: new Fill({ color: withOpacity(p.compoundFill, 0.02) }),
    stroke: new Stroke({ color: withOpacity(p.compoundLine, 0.9), width: 1.1, lineDash: [4, 2] }),
  }
  const plain = new Style(look)
  return (f, resolution) => {
    const name = f.get('name') as string
    if (resolution > 1.7 || !name) return plain
    return new Style({
      ...look,
      text: new Text({
        text: name, font: `500 10.5px ${fontStack}`, overflow: false,
        fill: new Fill({ color: p.compoundLine }), stroke: new Stroke({ color: p.labelHalo, width: 2.5 }),
      }),
    })
  }
}

/** Homes: area by count; full where the count is given or derived, hollow where it is assumed. */
export function homeStyle(p: Palette): (f: FeatureLike, resolution: number) => Style | undefined {
  const cache = new Map<string, Style>()
  return (f, resolution) => {
    const b = f.getProperties() as Building
    if (resolution > 6 || b.households === 0) return undefined
    const radius = Math.round(Math.min(9, 1.2 + Math.sqrt(b.households) * 0.55) * 2) / 2
    const key = `${radius}${b.households_source}`
    const style = cache.get(key) ?? new Style({
      image: new CircleStyle({
        radius,
        fill: new Fill({ color: b.households_source === 'assumed' ? withOpacity(p.labelHalo, 0.5) : withOpacity(p.home, 0.75) }),
        stroke: new Stroke({ color: p.home, width: 1.1 }),
      }),
    })
    cache.set(key, style)
    return style
  }
}

/** What is selected or under the pointer, whatever it is. */
export function highlightStyle(p: Palette, colour: string, width: number): (f: FeatureLike) => Style[] {
  const ring = new Style({ image: new CircleStyle({ radius: 13, stroke: new Stroke({ color: colour, width: width * 0.8 }) }) })
  const lines = [
    new Style({ stroke: new Stroke({ color: withOpacity(p.labelHalo, 0.9), width: width + 3 }) }),
    new Style({ stroke: new Stroke({ color: colour, width }) }),
  ]
  return (f) => (f.getGeometry()?.getType() === 'Point' ? [ring] : lines)
}
