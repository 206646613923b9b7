import type { FeatureLike } from 'ol/Feature'
import Fill from 'ol/style/Fill'
import Stroke from 'ol/style/Stroke'
import Style from 'ol/style/Style'
import Text from 'ol/style/Text'

import { fontStack } from '../lib/fonts.ts'
import type { Palette } from './palette.ts'

export type Rank = 'arterial' | 'collector' | 'local' | 'path'

const ranks: Record<string, Rank> = {}
for (const c of ['motorway', 'trunk', 'primary']) ranks[c] = ranks[`${c}_link`] = 'arterial'
for (const c of ['secondary', 'tertiary']) ranks[c] = ranks[`${c}_link`] = 'collector'
for (const c of ['path', 'footway', 'steps', 'cycleway', 'bridleway', 'track', 'corridor']) ranks[c] = 'path'

/** How strongly a street of OpenStreetMap's class is drawn. */
export function rankOf(highway: string): Rank {
  return ranks[highway] ?? 'local'
}

const widths: Record<Rank, number> = { arterial: 6.2, collector: 4.4, local: 2.5, path: 1 }
const order: Record<Rank, number> = { path: 1, local: 2, collector: 3, arterial: 4 }

/** The width of a street in pixels; half a level of zoom doubles it by a quarter. */
export function streetWidth(rank: Rank, resolution: number, link: boolean): number {
  const grown = widths[rank] * (4.2 / resolution) ** 0.55
  return Math.min(22, Math.max(rank === 'path' ? 0.8 : 1, grown * (link ? 0.7 : 1)))
}

/** Casings below all fills, so that crossings look like crossings. */
export function streetStyles(p: Palette): (f: FeatureLike, resolution: number) => Style[] {
  const cache = new Map<string, Style[]>()
  return (f, resolution) => {
    const highway = f.get('class') as string
    const rank = rankOf(highway)
    const link = highway.endsWith('_link') || highway === 'service'
    const key = `${rank}${link}${resolution.toFixed(3)}`
    const known = cache.get(key)
    if (known) return known
    const made = make(p, rank, streetWidth(rank, resolution, link), resolution)
    if (cache.size > 200) cache.clear()
    cache.set(key, made)
    return made
  }
}

function make(p: Palette, rank: Rank, width: number, resolution: number): Style[] {
  if (rank === 'path') {
    if (resolution > 6) return []
    return [new Style({ zIndex: 1, stroke: new Stroke({ color: p.path, width, lineDash: [3, 2.5], lineCap: 'butt' }) })]
  }
  const fill = { arterial: p.arterial, collector: p.collector, local: p.local }[rank]
  const casing = { arterial: p.arterialCasing, collector: p.collectorCasing, local: p.casing }[rank]
  const edge = rank === 'local' ? 1.1 : 1.5
  return [
    new Style({ zIndex: order[rank], stroke: new Stroke({ color: casing, width: width + edge }) }),
    new Style({ zIndex: order[rank] + 10, stroke: new Stroke({ color: fill, width }) }),
  ]
}

/** Names along the streets, set between the grids' labels. */
export function streetNameStyle(p: Palette): (f: FeatureLike, resolution: number) => Style | undefined {
  const cache = new Map<string, Style>()
  return (f, resolution) => {
    const rank = f.get('rank') as Rank
    if (resolution > (rank === 'arterial' ? 12 : rank === 'collector' ? 7 : 1.6)) return undefined
    const name = f.get('name') as string
    const size = rank === 'local' ? 11 : 12
    const key = `${name}${size}`
    const style = cache.get(key) ?? new Style({
      text: new Text({
        text: name,
        font: `500 ${size}px ${fontStack}`,
        placement: 'line',
        repeat: 460,
        maxAngle: Math.PI / 5,
        padding: [4, 8, 4, 8],
        fill: new Fill({ color: p.streetLabel }),
        stroke: new Stroke({ color: p.labelHalo, width: 3 }),
      }),
    })
    cache.set(key, style)
    return style
  }
}
