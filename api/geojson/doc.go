// Package geojson writes what gridbeat holds as files that other tools open: an
// RFC 7946 FeatureCollection or a CSV table. The HTTP answers and the export
// command share it, so that both say the same, digit by digit.
//
// Start with Collection; Streets, Grids and their like make one from domain values.
package geojson
