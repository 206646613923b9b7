package geojson

import (
	"iter"
	"time"

	"github.com/paulmach/orb"
)

// Feature is one row of a collection: a place and its properties.
type Feature struct {
	ID       string // "" when it has none
	Geometry orb.Geometry
	Values   []any // one for each column, in their order; see Collection.Columns
}

// Collection is a named, ordered set of features that share their columns. It may
// be written more than once; what it is made from must not change meanwhile.
type Collection struct {
	Name string
	// Columns are the property names in the order in which they are written. Their
	// values are string, bool, int, int64, float64, []string, time.Time, orb.Point
	// (lon, lat), or nil where there is no value.
	Columns  []string
	Points   bool // every geometry is an orb.Point
	Features iter.Seq[Feature]
}

// Empty returns a collection of that name without features.
func Empty(name string) Collection {
	return Collection{Name: name, Features: func(func(Feature) bool) {}}
}

// collect makes a collection of a slice, in its order.
func collect[T any](name string, columns []string, rows []T, feature func(T) Feature) Collection {
	return Collection{Name: name, Columns: columns, Features: func(yield func(Feature) bool) {
		for _, r := range rows {
			if !yield(feature(r)) {
				return
			}
		}
	}}
}

// known is s, or nil when s is empty: what is not known is absent.
func known(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// moment is t, or nil when t is zero.
func moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}
