package edit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"gridbeat/data/ingest"
	"gridbeat/geo"
	"gridbeat/geo/district"
)

// place is a draft with its ground.
type place struct {
	draft  *district.Draft
	ground district.Ground
}

func (p place) sheet(t testing.TB) *Sheet {
	t.Helper()
	s, err := New(p.draft, p.ground, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// judge has the grids of a sheet checked in full, but for bounds, which editing may
// leave.
func (p place) judge(d *district.Draft) []geo.Finding {
	g := p.ground
	g.Districts = d.Districts
	var out []geo.Finding
	for _, f := range district.Check(d.Grids, g, d.Bounds) {
		if f.Rule != "bounds" {
			out = append(out, f)
		}
	}
	return out
}

const townStep = 0.001

// townCorner is a bent crossing of the made-up town.
func townCorner(i, j int) orb.Point {
	r := rand.New(rand.NewPCG(uint64(i), uint64(j)))
	bend := func() float64 { return (r.Float64() - 0.5) * townStep / 6 }
	return geo.RoundE7(orb.Point{112 + float64(i)*townStep + bend(), 21.8 + float64(j)*townStep + bend()})
}

// townWay is the street from one crossing to the next: bends more vertices, the last
// crossing left out. It has the same digits both ways.
func townWay(i, j, toI, toJ, bends int) []orb.Point {
	if toI < i || toJ < j {
		back := append(townWay(toI, toJ, i, j, bends), townCorner(i, j))
		slices.Reverse(back)
		return back[:len(back)-1]
	}
	r := rand.New(rand.NewPCG(uint64(1000*i+toI), uint64(1000*j+toJ)))
	p, q := townCorner(i, j), townCorner(toI, toJ)
	out := []orb.Point{p}
	for k := range bends {
		t, off := float64(k+1)/float64(bends+1), (r.Float64()-0.5)*townStep/20
		out = append(out, geo.RoundE7(orb.Point{p[0] + t*(q[0]-p[0]) + off, p[1] + t*(q[1]-p[1]) + off}))
	}
	return out
}

// townStrip is the area of the columns from one to another, along the streets.
func townStrip(from, to, n, bends int) orb.MultiPolygon {
	var ring orb.Ring
	for j := range n {
		ring = append(ring, townWay(to, j, to, j+1, bends)...)
	}
	for i := to; i > from; i-- {
		ring = append(ring, townWay(i, n, i-1, n, bends)...)
	}
	for j := n; j > 0; j-- {
		ring = append(ring, townWay(from, j, from, j-1, bends)...)
	}
	for i := from; i < to; i++ {
		ring = append(ring, townWay(i, 0, i+1, 0, bends)...)
	}
	return orb.MultiPolygon{{append(ring, ring[0])}}
}

// townGround is n x n bent blocks of about 100 m near Yangdong, every fourth street a
// secondary road, with compounds, in upright districts.
func townGround(seed uint64, n, districts, bends int) district.Ground {
	rng := rand.New(rand.NewPCG(seed, 11))
	var g district.Ground
	for k := range n + 1 {
		class := "residential"
		if k%4 == 0 {
			class = "secondary"
		}
		var along, up orb.LineString
		for m := range n {
			along, up = append(along, townWay(m, k, m+1, k, bends)...), append(up, townWay(k, m, k, m+1, bends)...)
		}
		along, up = append(along, townCorner(n, k)), append(up, townCorner(k, n))
		g.Streets = append(g.Streets, geo.Street{ID: fmt.Sprintf("w%d", 2*k), Class: class, Line: along}, geo.Street{ID: fmt.Sprintf("w%d", 2*k+1), Class: class, Line: up})
	}
	for d := range districts {
		g.Districts = append(g.Districts, geo.District{Code: fmt.Sprintf("D%d", d), Name: fmt.Sprintf("district %d", d), Outline: townStrip(d*n/districts, (d+1)*n/districts, n, bends)})
	}
	for i := range n {
		for j := range n {
			townBlock(&g, rng, i, j, min(i, j) > 0 && max(i, j) < n-1)
		}
	}
	return g
}

// townBlock builds on one block; some are walled.
func townBlock(g *district.Ground, rng *rand.Rand, i, j int, inner bool) {
	corner, compound := townCorner(i, j), ""
	low, wide := 0.2*townStep, 0.6*townStep
	if inner && rng.IntN(6) == 0 {
		compound = fmt.Sprintf("c%d-%d", i, j)
		b := orb.Bound{Min: orb.Point{corner[0] + 0.35*townStep, corner[1] + 0.35*townStep}, Max: orb.Point{corner[0] + 0.75*townStep, corner[1] + 0.75*townStep}}
		g.Compounds = append(g.Compounds, geo.Compound{ID: compound, Outline: b.ToPolygon()})
		low, wide = 0.36*townStep, 0.38*townStep
	}
	for range rng.IntN(12) {
		at := orb.Point{corner[0] + low + wide*rng.Float64(), corner[1] + low + wide*rng.Float64()}
		g.Buildings = append(g.Buildings, geo.Building{ID: fmt.Sprintf("b%d", len(g.Buildings)), At: geo.RoundE7(at), Households: rng.IntN(60), Compound: compound})
	}
	if rng.IntN(3) == 0 { // homes exactly on a corner
		g.Buildings = append(g.Buildings, geo.Building{ID: fmt.Sprintf("b%d", len(g.Buildings)), At: corner, Households: 1})
	}
}

func town(t testing.TB, seed uint64, n, districts, bends int) place {
	t.Helper()
	g := townGround(seed, n, districts, bends)
	d, _, err := district.Draw(context.Background(), g, district.DrawOptions{Seed: seed, Rounds: 50})
	if err != nil {
		t.Fatal(err)
	}
	return place{d, g}
}

// sampleMap is the sample town, drawn once for all tests.
func sampleMap(t testing.TB) place {
	t.Helper()
	p, err := drawSample()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const sampleMapFile = "../../../data/demo/zhuhai-xiangzhou.osm.pbf"

var sampleBound = orb.Bound{Min: orb.Point{113.517, 22.2664}, Max: orb.Point{113.5571, 22.2881}}

var drawSample = sync.OnceValues(func() (place, error) { return drawMap(sampleMapFile, sampleBound, 4) })

// drawMap draws the grids of a part of a map, cut into districts.
func drawMap(path string, bound orb.Bound, districts int) (place, error) {
	ctx := context.Background()
	m, err := ingest.ReadPBF(ctx, path, nil)
	if err != nil {
		return place{}, err
	}
	homes, err := district.Settle(ctx, m, district.DefaultHouseholdRule())
	if err != nil {
		return place{}, err
	}
	g := district.Ground{Streets: m.Streets, Barriers: m.Barriers, Compounds: homes.Compounds, Buildings: homes.Buildings}
	if g.Districts, err = district.CutDistricts(ctx, g, bound, district.CutOptions{Count: districts, Seed: 1}); err != nil {
		return place{}, err
	}
	d, _, err := district.Draw(ctx, g, district.DrawOptions{Seed: 1, Rounds: 100})
	return place{d, g}, err
}
