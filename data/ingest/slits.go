package ingest

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"gridbeat/geo"
)

// A slit is a strip of no man's land between two districts, narrower than
// slitMetres over at least slitLength: two borders that were drawn apart. Shorter
// ones are what a coast or a harbour looks like.
const (
	slitMetres  = 20
	slitLength  = 50 // metres
	slitSamples = 10 // metres from one sample to the next
)

// bank is an edge of the rim and the district behind it.
type bank struct {
	edge
	district int
}

// slit is what two districts share of a strip.
type slit struct {
	at     orb.Point
	metres float64
}

// slits tells pairs of districts that face each other over a narrow strip that is
// open to the outside.
func (t *tiling) slits(rim map[grain][]edge, starts []grain) []geo.Finding {
	var tree rtree.RTreeG[bank]
	var banks []bank
	for _, s := range starts {
		for _, e := range rim[s] {
			k := bank{e, t.parts[t.edges[edge{e.b, e.a}]].district}
			banks = append(banks, k)
			b := orb.Bound{Min: e.a.point(), Max: e.a.point()}.Extend(e.b.point())
			tree.Insert(b.Min, b.Max, k)
		}
	}
	found := map[[2]int]slit{}
	for _, k := range banks {
		faced(k, &tree, found)
	}
	var out []geo.Finding
	for _, k := range slices.SortedFunc(maps.Keys(found), compareInts) {
		s := found[k]
		if s.metres < slitLength {
			continue
		}
		at := geo.RoundE7(s.at)
		out = append(out, geo.Finding{
			Rule: "districts-gap", Feature: fmt.Sprintf("districts %s and %s", t.ds[k[0]].Code, t.ds[k[1]].Code), At: &at,
			Detail: fmt.Sprintf("a strip between them, narrower than %d metres, belongs to no district", slitMetres), Remedy: tilingRemedy,
		})
	}
	return out
}

// faced walks along an edge and adds each stretch from which another district is
// seen on the other side.
func faced(k bank, tree *rtree.RTreeG[bank], found map[[2]int]slit) {
	a, b := k.a.point(), k.b.point()
	length := float64(geo.Distance(a, b))
	steps := min(max(1, int(length/slitSamples)), 100_000)
	for i := range steps {
		part := (float64(i) + 0.5) / float64(steps)
		at := orb.Point{a[0] + part*(b[0]-a[0]), a[1] + part*(b[1]-a[1])}
		pl := geo.NewPlane(at)
		kx, ky := pl.Scale()
		dx, dy := slitMetres/kx, slitMetres/ky
		seen := map[int]bool{}
		tree.Search([2]float64{at[0] - dx, at[1] - dy}, [2]float64{at[0] + dx, at[1] + dy}, func(_, _ [2]float64, q bank) bool {
			if q.district > k.district && !seen[q.district] && faces(pl, k.edge, q.edge) {
				seen[q.district] = true
				pair := [2]int{k.district, q.district}
				s, known := found[pair]
				if !known {
					s.at = at
				}
				s.metres += length / float64(steps)
				found[pair] = s
			}
			return true
		})
	}
}

// faces reports whether q runs against p, on p's uncovered side, beside the
// plane's origin, which is on p, and within slitMetres of it.
func faces(pl geo.Plane, p, q edge) bool {
	px, py := pl.XY(p.a.point())
	ux, uy := pl.XY(p.b.point())
	qx, qy := pl.XY(q.a.point())
	vx, vy := pl.XY(q.b.point())
	dx, dy, ex, ey := ux-px, uy-py, vx-qx, vy-qy
	if dx*ex+dy*ey > -0.8*math.Hypot(dx, dy)*math.Hypot(ex, ey) {
		return false
	}
	k := -(qx*ex + qy*ey) / (ex*ex + ey*ey)
	if k < 0 || k > 1 {
		return false
	}
	fx, fy := qx+k*ex, qy+k*ey
	return math.Hypot(fx, fy) <= slitMetres && dx*fy-dy*fx >= 0
}
