import type { Age } from '../lib/coverage.ts'
import type { Category } from '../lib/types.ts'

export type Theme = 'day' | 'dark'

/** Every colour that the map draws with. The page around it uses CSS variables. */
export interface Palette {
  ground: string
  outsideDim: string
  /** Households from few to many: one hue, rising lightness steps, safe for colour-blind readers. */
  ramp: readonly string[]
  gridFillOpacity: number
  gridLine: string
  hatch: string
  district: string
  districtHalo: string
  casing: string
  local: string
  path: string
  collector: string
  collectorCasing: string
  arterial: string
  arterialCasing: string
  compoundLine: string
  compoundFill: string
  home: string
  label: string
  labelHalo: string
  streetLabel: string
  incident: string
  incidentUrgent: string
  incidentClosed: string
  incidentLine: string
  missed: string
  track: string
  /** From passed in this shift to never: one hue fading, and a warning. */
  coverage: Readonly<Record<Age, string>>
  selected: string
  hover: string
  routeHalo: string
  routes: readonly string[]
}

export const palettes: Record<Theme, Palette> = {
  day: {
    ground: '#f3f2ed',
    outsideDim: '#f3f2ed',
    ramp: ['#eaf1f0', '#cfe2e4', '#aacdd5', '#7fb2c1', '#5593a8'],
    gridFillOpacity: 0.85,
    gridLine: '#2f5566',
    hatch: '#7a3b00',
    district: '#1b2f3a',
    districtHalo: '#ffffff',
    casing: '#b9c0bf',
    local: '#ffffff',
    path: '#9aa3a0',
    collector: '#fffdf4',
    collectorCasing: '#a39a7d',
    arterial: '#ffe7a8',
    arterialCasing: '#b08a3a',
    compoundLine: '#6d5a88',
    compoundFill: '#6d5a88',
    home: '#4a4266',
    label: '#10222c',
    labelHalo: '#ffffff',
    streetLabel: '#4b4434',
    incident: '#f0a202',
    incidentUrgent: '#d3122f',
    incidentClosed: '#ffffff',
    incidentLine: '#2b1d05',
    missed: '#c2185b',
    track: '#6a3fb5',
    coverage: { shift: '#0b6e4f', day: '#3a9d77', week: '#86bf9f', older: '#c9a227', never: '#b0413e' },
    selected: '#d9480f',
    hover: '#10222c',
    routeHalo: '#ffffff',
    routes: ['#c8421a', '#1668b8', '#1d8348', '#7d3cb5', '#a3740a', '#b8246b', '#0b7f86', '#5d5f1a', '#3a3fae', '#8a4b2a'],
  },
  dark: {
    ground: '#0d1317',
    outsideDim: '#0d1317',
    ramp: ['#15252c', '#1b3640', '#224a57', '#2b6070', '#377889'],
    gridFillOpacity: 0.9,
    gridLine: '#7fa9b8',
    hatch: '#ffb26b',
    district: '#dfeaf0',
    districtHalo: '#05090b',
    casing: '#0a1013',
    local: '#46545c',
    path: '#5b6b74',
    collector: '#6b7a80',
    collectorCasing: '#0a1013',
    arterial: '#a08a55',
    arterialCasing: '#0a1013',
    compoundLine: '#b9a5dc',
    compoundFill: '#b9a5dc',
    home: '#d6cbf0',
    label: '#f2f7f9',
    labelHalo: '#0b1418',
    streetLabel: '#d8d2bf',
    incident: '#ffc04d',
    incidentUrgent: '#ff5468',
    incidentClosed: '#0d1317',
    incidentLine: '#0a0a0a',
    missed: '#ff7ab0',
    track: '#c3a6ff',
    coverage: { shift: '#58e0a8', day: '#35a87c', week: '#2a7559', older: '#d1a93a', never: '#d9706c' },
    selected: '#ffa062',
    hover: '#ffffff',
    routeHalo: '#05090b',
    routes: ['#ff8a65', '#64b5f6', '#6fd08c', '#c792ea', '#ffd166', '#ff85b8', '#4dd0d6', '#c5c96a', '#9fa8ff', '#d7a98c'],
  },
}

/** A shape is told by its corners: 0 is a circle; a star has an inner radius. */
export interface Shape {
  points: number
  angle: number
  inner?: number
  scale: number
}

/** The shape of each category: told apart without colour. */
export const shapes: Record<Category, Shape> = {
  hazard: { points: 3, angle: 0, scale: 1.2 },
  dispute: { points: 4, angle: Math.PI / 4, scale: 1.1 },
  inquiry: { points: 0, angle: 0, scale: 0.95 },
  emergency: { points: 5, angle: 0, inner: 0.45, scale: 1.4 },
  tip: { points: 4, angle: 0, scale: 1.15 },
  other: { points: 6, angle: 0, scale: 1.05 },
}

/** The corners of a shape around 0,0 with radius 1, for the legend's SVG; empty for a circle. */
export function corners(s: Shape): [x: number, y: number][] {
  const n = s.inner === undefined ? s.points : s.points * 2
  return Array.from({ length: n }, (_, i) => {
    const r = s.inner !== undefined && i % 2 === 1 ? s.inner : 1
    const a = s.angle - Math.PI / 2 + (i * 2 * Math.PI) / n
    return [r * Math.cos(a), r * Math.sin(a)]
  })
}

/** The colour of a unit: by its place among the plan's units. */
export function unitColour(palette: Palette, units: readonly string[], unit: string): string {
  const at = Math.max(0, units.indexOf(unit))
  return palette.routes[at % palette.routes.length] ?? palette.selected
}
