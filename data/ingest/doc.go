// Package ingest reads files into domain values: OpenStreetMap PBF, GeoJSON, CSV.
// Bad input is refused whole, with the file, line or feature, the rule it breaks
// and the remedy; nothing is guessed silently.
//
// Start with ReadPBF.
package ingest
