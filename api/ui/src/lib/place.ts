import { type CollectionName, collectionNames, type Selection } from './types.ts'

export const views = ['grids', 'incidents', 'routes'] as const
/** What the page is about at the moment: its list and the layers drawn for it. */
export type View = (typeof views)[number]

/** Where the map stands. */
export interface Camera {
  zoom: number
  lat: number
  lon: number
}

/** What a link to the page carries. */
export interface Place {
  camera?: Camera | undefined
  view?: View | undefined
  selection?: Selection | undefined
  lang?: string | undefined
  theme?: string | undefined
  shift?: number | undefined
}

/** Writes a place as the part of a link behind #. */
export function writePlace(p: Place): string {
  const parts: string[] = []
  if (p.camera) parts.push(`${p.camera.zoom.toFixed(2)}/${p.camera.lat.toFixed(5)}/${p.camera.lon.toFixed(5)}`)
  if (p.view) parts.push(`view=${p.view}`)
  if (p.selection) parts.push(`sel=${p.selection.collection}:${encodeURIComponent(p.selection.id)}`)
  if (p.shift) parts.push(`shift=${p.shift}`)
  if (p.lang) parts.push(`lang=${p.lang}`)
  if (p.theme) parts.push(`theme=${p.theme}`)
  return parts.join('&')
}

/** Reads what writePlace wrote; what cannot be read is left out. */
export function readPlace(hash: string): Place {
  const place: Place = {}
  for (const part of hash.replace(/^#/, '').split('&')) {
    const [key, value = ''] = part.split(/=(.*)/s) as [string, string?]
    if (/^[\d.]+\/-?[\d.]+\/-?[\d.]+$/.test(part)) {
      const [zoom, lat, lon] = part.split('/').map(Number) as [number, number, number]
      if (Math.abs(lat) <= 85 && Math.abs(lon) <= 180 && zoom <= 28) place.camera = { zoom, lat, lon }
    } else if (key === 'view' && (views as readonly string[]).includes(value)) place.view = value as View
    else if (key === 'lang') place.lang = value
    else if (key === 'theme') place.theme = value
    else if (key === 'shift' && /^\d{1,3}$/.test(value)) place.shift = Number(value)
    else if (key === 'sel') place.selection = readSelection(value)
  }
  return place
}

function readSelection(text: string): Selection | undefined {
  const [collection, id] = text.split(/:(.*)/s)
  if (!(collectionNames as readonly string[]).includes(collection ?? '') || !id) return undefined
  try {
    return { collection: collection as CollectionName, id: decodeURIComponent(id) }
  } catch {
    return undefined
  }
}
