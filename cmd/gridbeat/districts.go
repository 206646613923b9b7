package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

// districtsCutCmd cuts a rectangle into districts along main roads, for a town
// whose police districts are not known.
type districtsCutCmd struct {
	storeFlag
	Count  int    `required:"" help:"How many districts."`
	Bounds string `placeholder:"W,S,E,N" help:"Rectangle in degrees; the extent of the streets by default."`
	Seed   uint64 `default:"1" help:"Seed of all chance."`
	householdFlags
}

// householdFlags are the fewest and the most households of a grid.
type householdFlags struct {
	Min int `default:"150" help:"Fewest households of a grid."`
	Max int `default:"500" help:"Most households of a grid."`
}

func (h householdFlags) bounds() (district.Bounds, error) {
	if h.Min < 1 || h.Max < h.Min {
		return district.Bounds{}, fmt.Errorf("--min %d --max %d: at least one household, and no less at most than at least", h.Min, h.Max)
	}
	return district.Bounds{Min: h.Min, Max: h.Max}, nil
}

// Run does the command.
func (d *districtsCutCmd) Run(ctx context.Context, con *console) error {
	bounds, err := d.householdFlags.bounds()
	if err != nil {
		return err
	}
	if d.Count < 1 || d.Count > 899 {
		return fmt.Errorf("--count %d: from 1 to 899 districts", d.Count)
	}
	return d.use(ctx, func(st store) error {
		g, err := ground(ctx, st)
		if err != nil {
			return err
		}
		rectangle, err := d.rectangle(g.Streets)
		if err != nil {
			return err
		}
		ds, err := district.CutDistricts(ctx, g, rectangle, district.CutOptions{Count: d.Count, Bounds: bounds, Seed: d.Seed})
		if err != nil {
			return err
		}
		counts, err := st.SaveDistricts(ctx, ds, con.now())
		if err != nil {
			return err
		}
		con.say("these are demonstration districts, cut along main roads; they are nobody's real boundary")
		return con.result(newImportResult("districts", counts), describeDistricts(ds))
	})
}

func (d *districtsCutCmd) rectangle(streets []geo.Street) (orb.Bound, error) {
	if d.Bounds != "" {
		return parseBounds(d.Bounds)
	}
	if len(streets) == 0 {
		return orb.Bound{}, noStreets(d.Store)
	}
	return extent(streets), nil
}

func extent(streets []geo.Street) orb.Bound {
	b := streets[0].Line.Bound()
	for _, s := range streets {
		b = b.Union(s.Line.Bound())
	}
	return b
}

func noStreets(store string) error {
	return geo.NewInputError(store, geo.Finding{
		Rule: "no-streets", Detail: "the store holds no streets",
		Remedy: "import them first: gridbeat import streets MAP.osm.pbf --store " + store,
	})
}

// parseBounds reads W,S,E,N.
func parseBounds(text string) (orb.Bound, error) {
	var v [4]float64
	parts := strings.Split(text, ",")
	bad := fmt.Errorf("--bounds %s: give west,south,east,north in degrees, such as 113.517,22.2664,113.5571,22.2881", text)
	if len(parts) != len(v) {
		return orb.Bound{}, bad
	}
	for i, p := range parts {
		f, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil {
			return orb.Bound{}, bad
		}
		v[i] = f
	}
	b := orb.Bound{Min: orb.Point{v[0], v[1]}, Max: orb.Point{v[2], v[3]}}
	if !geo.ValidPosition(b.Min) || !geo.ValidPosition(b.Max) || b.Min[0] >= b.Max[0] || b.Min[1] >= b.Max[1] {
		return orb.Bound{}, bad
	}
	return b, nil
}

func describeDistricts(ds []geo.District) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d districts", len(ds))
	for _, d := range ds {
		fmt.Fprintf(&b, "\n  %s  %s  %.2f km2  %d households", d.Code, d.Name, squareKilometres(d.Outline), d.Households)
	}
	return b.String()
}

func squareKilometres(m orb.MultiPolygon) float64 {
	if len(m) == 0 {
		return 0
	}
	plane := geo.NewPlane(m.Bound().Center())
	var sum geo.SquareMetres
	for _, p := range m {
		sum += plane.Area(p)
	}
	return float64(sum) / 1e6
}
