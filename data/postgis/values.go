package postgis

import (
	"encoding/json"
	"strconv"
	"time"
)

// stamp is a time as it is kept: to the millisecond, what is less is cut off.
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

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

// list is v, or an empty slice where v is nil: a column of a list is never null.
func list[V any](v []V) []V {
	if v == nil {
		return []V{}
	}
	return v
}

// tagTable is the JSON object of tags.
func tagTable(tags map[string]string) json.RawMessage {
	if tags == nil {
		tags = map[string]string{}
	}
	return asJSON(tags)
}

// asJSON writes a list or a table for a jsonb column. The values are strings, numbers
// and structs of them, which always can be written.
func asJSON(v any) json.RawMessage {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

func asSeed(seed uint64) string { return strconv.FormatUint(seed, 10) }

func parseSeed(text string, into *uint64) (err error) {
	*into, err = strconv.ParseUint(text, 10, 64)
	return err
}

// orZero is what a null column leaves: the zero value.
func orZero[V any](v *V) (zero V) {
	if v == nil {
		return zero
	}
	return *v
}
