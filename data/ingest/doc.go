// Package ingest reads files into domain values: OpenStreetMap PBF, GeoJSON, CSV,
// JSON lines and GPX. Bad input is refused whole, with the file, line or feature,
// the rule it breaks and the remedy; nothing is guessed silently. What is broken in
// a map that is otherwise sound is left out and told as a finding.
//
// A PBF file passes a guard (guard.go) that checks each block before the decoder
// sees it. Rings are judged on integers of 1e-7 degree (segment.go, rings.go).
// Files of records become features (records.go, geojson.go), whatever their form.
// Columns that look like data about persons are refused by every reader but
// ReadPeople (personal.go).
//
// Start with ReadPBF.
package ingest
