/** The layers that can be switched, from the ground up. */
export const layerNames = [
  'grids', 'compounds', 'streets', 'districts', 'buildings', 'coverage', 'missed', 'tracks', 'patrols', 'incidents',
] as const
export type LayerName = (typeof layerNames)[number]
export type Visible = Record<LayerName, boolean>
