package gpkg

import (
	"bytes"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// scanner is a row that waits to be read.
type scanner interface{ Scan(dest ...any) error }

// stampLayout is the form of a DATETIME in a GeoPackage. It sorts as text.
const stampLayout = "2006-01-02T15:04:05.000Z"

// stamp writes a time as a DATETIME; what is less than a millisecond is cut off.
func stamp(t time.Time) string { return t.UTC().Format(stampLayout) }

// known turns the zero value, which stands for "unknown" in the domain, into null.
func known[V comparable](v V) any {
	var zero V
	if v == zero {
		return nil
	}
	if t, ok := any(v).(time.Time); ok {
		return stamp(t)
	}
	return v
}

// asJSON writes a list or a table for a TEXT column. The values are strings,
// numbers and structs of them, which always can be written.
func asJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// list is v, or an empty slice where v is nil, so that JSON says [] and not null.
func list[V any](v []V) []V {
	if v == nil {
		return []V{}
	}
	return v
}

// jsonText scans a TEXT column into the value it points at.
type jsonText struct{ into any }

// Scan implements sql.Scanner.
func (j jsonText) Scan(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("JSON column holds %T", value)
	}
	return json.Unmarshal([]byte(text), j.into)
}

// seedText scans a TEXT column into 64 bits without a sign, which SQLite lacks.
type seedText struct{ into *uint64 }

// Scan implements sql.Scanner.
func (s seedText) Scan(value any) (err error) {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("seed column holds %T", value)
	}
	*s.into, err = strconv.ParseUint(text, 10, 64)
	return err
}

func asSeed(seed uint64) string { return strconv.FormatUint(seed, 10) }

// orZero scans a column that may be null; null leaves the zero value.
type orZero[V any] struct{ into *V }

// Scan implements sql.Scanner.
func (z orZero[V]) Scan(value any) error {
	var n sql.Null[V]
	err := n.Scan(value)
	*z.into = n.V
	return err
}

func maybe[V any](into *V) orZero[V] { return orZero[V]{into} }

// moment scans a DATETIME column; null leaves the zero time.
type moment struct{ into *time.Time }

// Scan implements sql.Scanner.
func (m moment) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*m.into = time.Time{}
	case time.Time:
		*m.into = v.UTC()
	default:
		return fmt.Errorf("DATETIME column holds %T", value)
	}
	return nil
}

// driverValues turns named and sized types into those that come back from a query.
func driverValues(values []any) error {
	for i, v := range values {
		if t, ok := v.(time.Time); ok {
			values[i] = stamp(t)
			continue
		}
		plain, err := driver.DefaultParameterConverter.ConvertValue(v)
		if err != nil {
			return err
		}
		values[i] = plain
	}
	return nil
}

// same reports whether a stored value is the one that would be written.
func same(stored, next any) bool {
	switch s := stored.(type) {
	case []byte:
		n, ok := next.([]byte)
		return ok && bytes.Equal(s, n)
	case time.Time:
		return stamp(s) == next
	}
	return stored == next
}
