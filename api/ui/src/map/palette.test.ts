import { expect, test } from 'vitest'

import { classes, contrast, luminance } from '../lib/ramp.ts'
import { categories } from '../lib/types.ts'
import { corners, palettes, shapes, unitColour } from './palette.ts'

for (const [name, p] of Object.entries(palettes)) {
  test(`${name}: the ramp has a colour for each class and only ever gets stronger`, () => {
    expect(p.ramp).toHaveLength(classes)
    const steps = p.ramp.map((c) => contrast(c, p.ground))
    for (let i = 1; i < steps.length; i++) expect(steps[i]!).toBeGreaterThan(steps[i - 1]! * 1.08)
  })

  test(`${name}: labels can be read on every fill`, () => {
    for (const fill of [...p.ramp, p.ground]) {
      const halo = luminance(p.labelHalo) > 0.5 ? 'light' : 'dark'
      expect(contrast(p.label, p.labelHalo), halo).toBeGreaterThan(7)
      expect(contrast(p.label, fill), fill).toBeGreaterThan(4.5)
    }
    expect(contrast(p.streetLabel, p.labelHalo)).toBeGreaterThan(4.5)
  })

  test(`${name}: marks and routes stand out from the ground`, () => {
    for (const c of [...p.routes, p.incidentUrgent, p.missed, p.track, p.selected, p.gridLine]) {
      expect(contrast(c, p.ground), c).toBeGreaterThan(3)
    }
    expect(new Set(p.routes).size).toBe(p.routes.length)
  })
}

test('every category has a shape of its own', () => {
  const drawn = categories.map((c) => JSON.stringify(corners(shapes[c]).map((xy) => xy.map((v) => v.toFixed(2)))))
  expect(new Set(drawn).size).toBe(categories.length)
  expect(corners(shapes.emergency)).toHaveLength(10)
})

test('a unit keeps its colour, and colours begin again when they run out', () => {
  const units = Array.from({ length: 12 }, (_, i) => `u${i}`)
  expect(unitColour(palettes.day, units, 'u1')).toBe(palettes.day.routes[1])
  expect(unitColour(palettes.day, units, 'u11')).toBe(palettes.day.routes[1])
  expect(unitColour(palettes.day, units, 'stranger')).toBe(palettes.day.routes[0])
})
