package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/paulmach/orb"

	"gridbeat/data/ingest"
	"gridbeat/geo"
)

// fewestPlaces is how many points it takes to judge their datum: of a handful, any
// may stand in a field.
const fewestPlaces = 20

// checkPlaces compares imported points, already in WGS-84, with the streets of the
// store: it shows the share near streets under each datum, and refuses points that
// fit clearly better under another datum or with their axes exchanged.
func checkPlaces(ctx context.Context, con *console, st store, source string, points []orb.Point, stated geo.Datum) error {
	streets, err := st.Streets(ctx)
	if err != nil || len(streets) == 0 || len(points) == 0 {
		return err
	}
	if f := ingest.SwappedAxes(points, extent(streets)); f != nil {
		return geo.NewInputError(source, *f)
	}
	asGiven := make([]orb.Point, len(points))
	for i, p := range points {
		asGiven[i] = stated.FromWGS84(p)
	}
	shares := ingest.DatumShares(asGiven, streets)
	var shown []string
	for _, d := range geo.Datums {
		shown = append(shown, fmt.Sprintf("%s %.0f %%", d, 100*shares[d]))
	}
	con.say("near streets if the file is in: %s; stated: %s", strings.Join(shown, ", "), stated)
	if f := ingest.SuspectDatum(stated, shares); f != nil && len(points) >= fewestPlaces {
		return geo.NewInputError(source, *f)
	}
	return nil
}
