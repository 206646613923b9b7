package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"gridbeat/geo"
)

// Sum is how many values a collection holds, and the SHA-256 of all that they say.
type Sum struct {
	Collection string `json:"collection"`
	Count      int    `json:"count"`
	SHA256     string `json:"sha256"`
}

// Sums returns the sum of every collection, in a fixed order. Two archives that hold
// the same have the same sums: times are compared as instants, nothing and empty are
// the same.
func (a Archive) Sums() ([]Sum, error) {
	var all []Sum
	var failed error
	add := func(s Sum, err error) {
		if err != nil && failed == nil {
			failed = err
		}
		all = append(all, s)
	}
	add(sum("station", []any{a.Station}))
	add(sum("streets", a.Map.Streets))
	add(sum("posts", a.Map.Posts))
	add(sum("restrictions", a.Map.Restrictions))
	add(sum("barriers", a.Map.Barriers))
	add(sum("districts", a.Districts))
	add(sum("communities", a.Communities))
	add(sum("compounds", a.Compounds))
	add(sum("buildings", a.Buildings))
	add(sum("blocks", a.Blocks))
	add(sum("people", a.People))
	add(sum("users", a.Users))
	add(sum("tokens", a.Tokens))
	add(sum("units", a.Units))
	add(sum("shifts", a.Shifts))
	add(sum("notices", a.Notices))
	add(sum("incidents", a.Incidents))
	add(sum("histories", a.Histories))
	add(sum("positions", a.Positions))
	add(sum("drafts", a.Drafts))
	add(sum("edits", a.Edits))
	add(sum("editions", a.Editions))
	add(sum("plans", a.Plans))
	add(sum("changes", a.Changes))
	return all, failed
}

func sum[T any](collection string, vs []T) (Sum, error) {
	h := sha256.New()
	for i, v := range vs {
		text, err := json.Marshal(v)
		if err != nil {
			return Sum{}, fmt.Errorf("sum %s: value %d: %w", collection, i, err)
		}
		if text, err = plain(text); err != nil {
			return Sum{}, fmt.Errorf("sum %s: value %d: %w", collection, i, err)
		}
		h.Write(append(text, '\n'))
	}
	return Sum{Collection: collection, Count: len(vs), SHA256: hex.EncodeToString(h.Sum(nil))}, nil
}

// plain is JSON with empty values left out and times told in UTC.
func plain(text []byte) ([]byte, error) {
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		return nil, err
	}
	return json.Marshal(strip(v))
}

func strip(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			if inner = strip(inner); inner == nil {
				delete(v, k)
			} else {
				v[k] = inner
			}
		}
		if len(v) == 0 {
			return nil
		}
	case []any:
		if len(v) == 0 {
			return nil
		}
		for i := range v {
			v[i] = strip(v[i])
		}
	case string:
		if t, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return t.UTC().Format(time.RFC3339Nano)
		}
	}
	return v
}

// Differences names the collections whose sums are not the same.
func Differences(a, b []Sum) []geo.Finding {
	var out []geo.Finding
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			out = append(out, geo.Finding{Rule: "copy-differs", Feature: a[i].Collection,
				Detail: fmt.Sprintf("%d values with sum %.12s became %d with sum %.12s", a[i].Count, a[i].SHA256, b[i].Count, b[i].SHA256),
				Remedy: "copy again into an empty store; if it differs again, keep both and report it"})
		}
	}
	return out
}
