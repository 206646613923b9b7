package geojson

import (
	"fmt"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// appendDegrees writes a coordinate with at most seven decimals and no trailing zeros.
func appendDegrees(b []byte, v float64) []byte {
	n := int64(math.Round(v * geo.E7))
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	b = strconv.AppendInt(b, n/geo.E7, 10)
	fraction := n % geo.E7
	if fraction == 0 {
		return b
	}
	b = append(b, '.')
	for unit := int64(geo.E7 / 10); fraction > 0; unit /= 10 {
		b = append(b, byte('0'+fraction/unit))
		fraction %= unit
	}
	return b
}

func appendPoint(b []byte, p orb.Point) []byte {
	b = append(b, '[')
	b = appendDegrees(b, p[0])
	b = append(b, ',')
	b = appendDegrees(b, p[1])
	return append(b, ']')
}

func appendLine(b []byte, line []orb.Point, backwards bool) []byte {
	b = append(b, '[')
	for i := range line {
		if i > 0 {
			b = append(b, ',')
		}
		if backwards {
			i = len(line) - 1 - i
		}
		b = appendPoint(b, line[i])
	}
	return append(b, ']')
}

// appendPolygon writes the outer ring counter-clockwise and holes clockwise, as
// RFC 7946 asks.
func appendPolygon(b []byte, p orb.Polygon) []byte {
	b = append(b, '[')
	for i, ring := range p {
		if i > 0 {
			b = append(b, ',')
		}
		want := orb.CCW
		if i > 0 {
			want = orb.CW
		}
		b = appendLine(b, ring, ring.Orientation() != want)
	}
	return append(b, ']')
}

func appendGeometry(b []byte, g orb.Geometry) ([]byte, error) {
	if g == nil {
		return append(b, "null"...), nil
	}
	b = append(b, `{"type":"`...)
	b = append(b, g.GeoJSONType()...)
	b = append(b, `","coordinates":`...)
	switch g := g.(type) {
	case orb.Point:
		b = appendPoint(b, g)
	case orb.LineString:
		b = appendLine(b, g, false)
	case orb.Polygon:
		b = appendPolygon(b, g)
	case orb.MultiPolygon:
		b = append(b, '[')
		for i, p := range g {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendPolygon(b, p)
		}
		b = append(b, ']')
	default:
		return b, fmt.Errorf("write geometry: %s is not written", g.GeoJSONType())
	}
	return append(b, '}'), nil
}

func appendValue(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case string:
		return appendString(b, v), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case int:
		return strconv.AppendInt(b, int64(v), 10), nil
	case int64:
		return strconv.AppendInt(b, v, 10), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return append(b, "null"...), nil
		}
		return strconv.AppendFloat(b, v, 'f', -1, 64), nil
	case []string:
		b = append(b, '[')
		for i, s := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendString(b, s)
		}
		return append(b, ']'), nil
	case time.Time:
		b = append(b, '"')
		b = v.AppendFormat(b, time.RFC3339)
		return append(b, '"'), nil
	case orb.Point:
		return appendPoint(b, v), nil
	}
	return b, fmt.Errorf("write property: %T is not written", v)
}

const hex = "0123456789abcdef"

// appendString writes a JSON string as UTF-8: only what JSON itself must escape is
// escaped, and bytes that are no UTF-8 become U+FFFD.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, `\n`...)
		case r == '\t':
			b = append(b, `\t`...)
		case r < 0x20:
			b = append(b, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}
