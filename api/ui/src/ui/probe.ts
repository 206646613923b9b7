import type { App } from '../lib/app.svelte.ts'
import type { Selection } from '../lib/types.ts'
import type { GridMap } from '../map/gridmap.ts'

/** What a browser test may ask the page. */
export interface Probe {
  ready(): boolean
  drawn(): number
  counts(): Record<string, number>
  items(): Record<string, number>
  pixelOf(s: Selection): [number, number] | null
  selection(): Selection | null
  fontRequests(): number
  first(collection: Selection['collection']): string | null
}

declare global {
  interface Window {
    __gridbeat?: Probe
  }
}

/** Lets a browser test see what a canvas does not tell. It can read only. */
export function exposeForTests(app: App, map: GridMap): void {
  window.__gridbeat = {
    ready: () => app.loaded && app.fontsBusy === 0 && map.drawn > 0,
    drawn: () => map.drawn,
    counts: () => map.counts(),
    items: () => ({
      grids: app.grids.length, districts: app.districts.length, compounds: app.compounds.length, buildings: app.buildings.length,
      streets: app.streets.length, incidents: app.incidents.length, patrols: app.patrols.length, missed: app.missed.length,
      tracks: app.tracks.length, coverage: app.coverage.length,
    }),
    pixelOf: (s) => map.pixelOf(s),
    selection: () => app.selection,
    fontRequests: () => app.fonts.requests,
    first: (collection) => (collection === 'districts' ? app.districts : collection === 'grids' ? app.grids : collection === 'incidents' ? app.sortedIncidents : collection === 'patrols' ? app.patrols : [])[0]?.id ?? null,
  }
}
