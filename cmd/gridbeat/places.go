package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/paulmach/orb"

	"gridbeat/data/ingest"
	"gridbeat/geo"
)

// area is an imported outline and how a finding calls it.
type area struct {
	label   string
	outline orb.MultiPolygon
}

// checkAreas refuses outlines that lie off the streets of the store, and tells
// where exchanged axes are the reason.
func (f importFlags) checkAreas(ctx context.Context, areas []area) error {
	bounds, err := f.mapBounds(ctx)
	if err != nil {
		return err
	}
	var off []geo.Finding
	for _, a := range areas {
		if b := a.outline.Bound(); !b.Intersects(bounds) {
			off = append(off, offMap(a.label, b, bounds))
		}
	}
	if len(off) > 0 {
		return &geo.InputError{Source: f.Files[0], Findings: off}
	}
	return nil
}

func offMap(label string, b, bounds orb.Bound) geo.Finding {
	at := b.Center()
	f := geo.Finding{Rule: "off-map", Feature: label, At: &at,
		Detail: fmt.Sprintf("it lies off the streets of the store, which reach from %.4f,%.4f to %.4f,%.4f", bounds.Min[0], bounds.Min[1], bounds.Max[0], bounds.Max[1]),
		Remedy: "import the streets of that place first, or check the datum"}
	if bounds.Contains(orb.Point{at[1], at[0]}) {
		f.Rule, f.Remedy = "axes-swapped", "write longitude first, then latitude"
		f.Detail += "; with latitude and longitude exchanged it would lie on them"
	}
	return f
}

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
