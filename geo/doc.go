// Package geo holds the words for place that every other layer shares: points
// and lengths, the coordinate systems used in China, what a map holds (streets,
// buildings, compounds, barriers, boundaries), and findings about any of them.
//
// Positions are WGS-84 degrees with longitude first (orb.Point{lon, lat}).
// Lengths are Metres, areas SquareMetres. Everything that leaves gridbeat is
// rounded to seven decimals (E7), about one centimetre, and geometry that must
// fit together exactly is computed on those integers in geo/arrange.
//
// Start with Street and Building in feature.go, then Plane in measure.go.
package geo
