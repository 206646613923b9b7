import type { FeatureLike } from 'ol/Feature'
import type Polygon from 'ol/geom/Polygon'
import Point from 'ol/geom/Point'
import Fill from 'ol/style/Fill'
import Stroke from 'ol/style/Stroke'
import Style from 'ol/style/Style'
import Text from 'ol/style/Text'

import { shortCode } from '../lib/format.ts'
import { fontStack } from '../lib/fonts.ts'
import { classOf, standing } from '../lib/ramp.ts'
import type { Bounds, Grid } from '../lib/types.ts'
import type { XY } from './lines.ts'
import type { Palette } from './palette.ts'
import { labelRoom, type Room } from './room.ts'

/** A pattern of slanted lines, crossed or not, for grids out of bounds: seen without colour. */
export function hatch(colour: string, crossed: boolean, scale: number): CanvasPattern | string {
  const size = Math.round(9 * scale)
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = size
  const c = canvas.getContext('2d')
  if (!c) return colour
  c.strokeStyle = colour
  c.lineWidth = 1.6 * scale
  c.beginPath()
  for (const shift of [-size, 0, size]) {
    c.moveTo(shift, size)
    c.lineTo(shift + size, 0)
    if (!crossed) continue
    c.moveTo(shift, 0)
    c.lineTo(shift + size, size)
  }
  c.stroke()
  return c.createPattern(canvas, 'repeat') ?? colour
}

export function withOpacity(colour: string, opacity: number): string {
  const [r, g, b] = [1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16))
  return `rgba(${r}, ${g}, ${b}, ${opacity})`
}

/** The fill of a grid by its households; muted where the page is about something else. */
export function gridFillStyle(p: Palette, bounds: Bounds, muted: boolean): (f: FeatureLike) => Style[] {
  const opacity = muted ? 0.32 : p.gridFillOpacity
  const fills = p.ramp.map((c) => new Style({ fill: new Fill({ color: withOpacity(c, opacity) }) }))
  const scale = window.devicePixelRatio || 1
  const bare = new Style({ fill: new Fill({ color: withOpacity(p.ground, 0.6) }) })
  const lines = (crossed: boolean) => new Style({ fill: new Fill({ color: hatch(withOpacity(p.hatch, muted ? 0.4 : 0.75), crossed, scale) }) })
  const marks = { under: [bare, lines(false)], over: [bare, lines(true)] }
  return (f) => {
    const g = f.getProperties() as Grid
    const where = standing(g.households, bounds)
    if (where !== 'within') return marks[where]
    const fill = fills[classOf(g.households, bounds)]
    return fill ? [fill] : []
  }
}

/** Grid borders, over the streets that they follow. */
export function gridLineStyle(p: Palette): Style[] {
  return [
    new Style({ stroke: new Stroke({ color: withOpacity(p.labelHalo, 0.55), width: 3.6 }) }),
    new Style({ stroke: new Stroke({ color: p.gridLine, width: 1.5 }) }),
  ]
}

/** District outlines: the strongest line, dashed, on a halo. */
export function districtStyle(p: Palette): Style[] {
  return [
    new Style({ stroke: new Stroke({ color: withOpacity(p.districtHalo, 0.8), width: 6 }) }),
    new Style({ stroke: new Stroke({ color: p.district, width: 2.6, lineDash: [12, 4, 2.5, 4], lineCap: 'butt' }) }),
  ]
}

/** What fits into a grid: its name and its households, the households alone, or nothing. */
export type Fit = 'both' | 'count' | 'none'

export function fits(room: { width: number; height: number }, resolution: number, name: string): Fit {
  const width = room.width / resolution
  const height = room.height / resolution
  const wide = [...name].reduce((sum, c) => sum + ((c.codePointAt(0) ?? 0) > 0x2e7f ? 11.5 : 6.5), 0)
  if (width >= Math.max(wide, 30) + 2 && height >= 31) return 'both'
  return width >= 24 && height >= 12 ? 'count' : 'none'
}

/** How a label says things in the reader's language. */
export interface GridWords {
  number(n: number): string
  name(g: Grid): string
}

/**
 * Each grid's label, at the place within it that has most room: never moved by other
 * labels. Where the page is about something else, the name alone is enough.
 */
export function gridLabelStyle(p: Palette, bounds: Bounds, muted: boolean, words: GridWords) {
  return (f: FeatureLike, resolution: number): Style | undefined => {
    const g = f.getProperties() as Grid
    const room = roomOf(f)
    if (!room) return undefined
    const { x, y } = room
    const name = words.name(g) || shortCode(g.code)
    const fit = fits(room, resolution, name)
    if (fit === 'none') return undefined
    if (muted) return fit === 'both' ? label(p, [x, y], [name, `500 11px ${fontStack}`], 0.85) : undefined
    const mark = standing(g.households, bounds) === 'within' ? '' : '⚠ '
    const households = [mark + words.number(g.households), `700 13px ${fontStack}`]
    return label(p, [x, y], fit === 'both' ? [name, `500 11px ${fontStack}`, '\n', '', ...households] : households, 1)
  }
}

const rooms = new WeakMap<FeatureLike, Room | null>()

/** Where a grid's label goes: found once for each outline. */
function roomOf(f: FeatureLike): Room | null {
  const known = rooms.get(f)
  if (known !== undefined) return known
  const found = labelRoom((f.getGeometry() as Polygon).getCoordinates() as unknown as XY[][])
  rooms.set(f, found)
  return found
}

function label(p: Palette, at: [number, number], text: string[], strength: number): Style {
  return new Style({
    geometry: new Point(at),
    text: new Text({
      text,
      font: `500 11px ${fontStack}`,
      declutterMode: 'obstacle',
      padding: [3, 5, 3, 5],
      fill: new Fill({ color: withOpacity(p.label, strength) }),
      stroke: new Stroke({ color: withOpacity(p.labelHalo, 0.9), width: 3.2 }),
    }),
  })
}
