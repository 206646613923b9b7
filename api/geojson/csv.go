package geojson

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/paulmach/orb"
)

// WriteCSV writes the collection as UTF-8 CSV with a head line. Points get the
// columns lon and lat in front; of other shapes the properties alone are written.
// Text that a spreadsheet would run as a formula is kept harmless by a quote in
// front of it.
func (c Collection) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	head := c.Columns
	if c.Points {
		head = append([]string{"lon", "lat"}, head...)
	}
	if err := out.Write(head); err != nil {
		return fmt.Errorf("write %s: %w", c.Name, err)
	}
	for f := range c.Features {
		row := make([]string, 0, len(head))
		if c.Points {
			p := f.Geometry.(orb.Point)
			row = append(row, string(appendDegrees(nil, p[0])), string(appendDegrees(nil, p[1])))
		}
		for i, v := range f.Values {
			cell, err := cell(v)
			if err != nil {
				return fmt.Errorf("write %s: feature %q: %s: %w", c.Name, f.ID, c.Columns[i], err)
			}
			row = append(row, cell)
		}
		if err := out.Write(row); err != nil {
			return fmt.Errorf("write %s: %w", c.Name, err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write %s: %w", c.Name, err)
	}
	return nil
}

// cell is a value as CSV text; several texts are joined by " | ".
func cell(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return harmless(v), nil
	case []string:
		return harmless(strings.Join(v, " | ")), nil
	case orb.Point:
		return string(appendDegrees(nil, v[0])) + " " + string(appendDegrees(nil, v[1])), nil
	}
	b, err := appendValue(nil, v)
	return strings.Trim(string(b), `"`), err
}

func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
