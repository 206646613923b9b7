package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"gridbeat/data/ingest"
	"gridbeat/geo"
	"gridbeat/geo/district"
)

// writeAssigned writes the records with their locations. A column of the file that
// has the name of one that is added gives way to it.
func writeAssigned(w io.Writer, format string, records []ingest.PointRecord, locations []district.Location) error {
	out := bufio.NewWriter(w)
	var err error
	switch format {
	case "csv":
		err = writeAssignedCSV(out, records, locations)
	case "geojson":
		err = writeAssignedGeoJSON(out, records, locations)
	default:
		err = writeAssignedLines(out, records, locations)
	}
	if err != nil {
		return err
	}
	return out.Flush()
}

// kept are the fields of a record that are written as they came.
func kept(r ingest.PointRecord) []ingest.Field {
	return slices.DeleteFunc(slices.Clone(r.Fields), func(f ingest.Field) bool { return slices.Contains(assignedColumns, f.Name) })
}

// added are the values of assignedColumns, in their order.
func added(l district.Location) []ingest.Field {
	return []ingest.Field{
		{Name: "grid", Value: l.Grid}, {Name: "district", Value: l.District}, {Name: "how", Value: string(l.How)},
		{Name: "metres", Value: json.Number(strconv.FormatFloat(math.Round(float64(l.Metres)*100)/100, 'f', -1, 64))},
	}
}

func writeAssignedCSV(w io.Writer, records []ingest.PointRecord, locations []district.Location) error {
	var head []string
	column := map[string]int{}
	for _, r := range records {
		for _, f := range kept(r) {
			if _, known := column[f.Name]; !known {
				column[f.Name] = len(head)
				head = append(head, f.Name)
			}
		}
	}
	c := csv.NewWriter(w)
	if err := c.Write(append(slices.Clone(head), assignedColumns...)); err != nil {
		return err
	}
	for i, r := range records {
		row := make([]string, len(head), len(head)+len(assignedColumns))
		for _, f := range kept(r) {
			row[column[f.Name]] = f.Text()
		}
		for _, f := range added(locations[i]) {
			row = append(row, f.Text())
		}
		if err := c.Write(row); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

func writeAssignedGeoJSON(w io.Writer, records []ingest.PointRecord, locations []district.Location) error {
	if _, err := io.WriteString(w, `{"type":"FeatureCollection","features":[`+"\n"); err != nil {
		return err
	}
	for i, r := range records {
		properties, err := object(append(kept(r), added(locations[i])...))
		if err != nil {
			return err
		}
		geometry, err := json.Marshal(map[string]any{"type": "Point", "coordinates": orb.Point(geo.RoundE7(r.Point))})
		if err != nil {
			return err
		}
		end := ",\n"
		if i == len(records)-1 {
			end = "\n"
		}
		if _, err := io.WriteString(w, `{"type":"Feature","geometry":`+string(geometry)+`,"properties":`+string(properties)+"}"+end); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "]}\n")
	return err
}

func writeAssignedLines(w io.Writer, records []ingest.PointRecord, locations []district.Location) error {
	for i, r := range records {
		line, err := object(append(kept(r), added(locations[i])...))
		if err != nil {
			return err
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return nil
}

// object is a JSON object with its members in the order of the fields.
func object(fields []ingest.Field) ([]byte, error) {
	b := []byte{'{'}
	for i, f := range fields {
		if i > 0 {
			b = append(b, ',')
		}
		name, err := json.Marshal(f.Name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(f.Value)
		if err != nil {
			return nil, err
		}
		b = append(append(append(b, name...), ':'), value...)
	}
	return append(b, '}'), nil
}
