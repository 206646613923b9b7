package ingest

import "io"

// ReadStreetList reads the ids of streets from CSV, GeoJSON, a JSON list or one JSON
// object a line: a column id, as the export of streets has it. Other columns are not read.
// A missing id, or one that is there twice, is a *geo.InputError with its line.
func ReadStreetList(name string, r io.Reader) ([]string, error) {
	f, err := readRecords(name, r, "name")
	if err != nil {
		return nil, err
	}
	if err := f.columnsNeeded(idNames); err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(f.records))
	for _, rec := range f.records {
		if ids = append(ids, f.id(rec, idNames...)); f.full() {
			break
		}
	}
	return ids, f.done()
}
