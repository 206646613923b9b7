package geojson

import (
	"bufio"
	"fmt"
	"io"
)

// ContentType is the media type of what WriteGeoJSON writes.
const ContentType = "application/geo+json"

// WriteGeoJSON writes the collection as one RFC 7946 FeatureCollection, a feature
// a line, one at a time: memory does not grow with the collection. The same
// collection gives the same bytes.
func (c Collection) WriteGeoJSON(w io.Writer) error {
	out := bufio.NewWriterSize(w, 64<<10)
	b := append([]byte(nil), `{"type":"FeatureCollection","name":`...)
	b = append(appendString(b, c.Name), `,"features":[`...)
	separator := "\n"
	for f := range c.Features {
		var err error
		if b, err = c.appendFeature(append(b, separator...), f); err != nil {
			return fmt.Errorf("write %s: feature %q: %w", c.Name, f.ID, err)
		}
		if _, err := out.Write(b); err != nil {
			return fmt.Errorf("write %s: %w", c.Name, err)
		}
		b, separator = b[:0], ",\n"
	}
	b = append(b, "\n]}\n"...)
	if _, err := out.Write(b); err != nil {
		return fmt.Errorf("write %s: %w", c.Name, err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write %s: %w", c.Name, err)
	}
	return nil
}

func (c Collection) appendFeature(b []byte, f Feature) ([]byte, error) {
	b = append(b, `{"type":"Feature",`...)
	if f.ID != "" {
		b = append(appendString(append(b, `"id":`...), f.ID), ',')
	}
	b = append(b, `"geometry":`...)
	b, err := appendGeometry(b, f.Geometry)
	if err != nil {
		return b, err
	}
	b = append(b, `,"properties":{`...)
	for i, name := range c.Columns {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, name), ':')
		if b, err = appendValue(b, f.Values[i]); err != nil {
			return b, fmt.Errorf("%s: %w", name, err)
		}
	}
	return append(b, "}}"...), nil
}
