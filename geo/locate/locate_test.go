package locate_test

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
	"gridbeat/geo/locate"
)

// judge tries every polygon whose box holds the position, with rational numbers.
type judge struct {
	polygons []orb.Polygon
	boxes    []orb.Bound
}

func newJudge(polygons []orb.Polygon) judge {
	j := judge{polygons: polygons}
	for _, p := range polygons {
		j.boxes = append(j.boxes, p.Bound())
	}
	return j
}

func (j judge) at(p orb.Point) (owner int32, onBorder bool) {
	owner, p = locate.None, geo.RoundE7(p)
	for i, b := range j.boxes {
		if p[0] < b.Min[0]-1e-9 || p[0] > b.Max[0]+1e-9 || p[1] < b.Min[1]-1e-9 || p[1] > b.Max[1]+1e-9 {
			continue
		}
		switch side(j.polygons[i], p) {
		case 0:
			return int32(i), true
		case 1:
			owner = int32(i)
		}
	}
	return owner, false
}

// side is 1 inside the polygon, 0 on its border, -1 outside.
func side(polygon orb.Polygon, p orb.Point) int {
	x, y := math.Round(p[0]*geo.E7), math.Round(p[1]*geo.E7) // of a place that is rounded
	inside := -1
	for _, ring := range polygon {
		for k := 1; k < len(ring); k++ {
			a, b := arrange.At(ring[k-1]), arrange.At(ring[k])
			if a.Y > b.Y {
				a, b = b, a
			}
			if y < float64(a.Y) || y > float64(b.Y) || x < float64(min(a.X, b.X)) {
				continue
			}
			c := -1 // east of both ends
			if x <= float64(max(a.X, b.X)) {
				c = cross(a, b, x, y)
			}
			if c == 0 {
				return 0
			}
			if y < float64(b.Y) && c < 0 {
				inside = -inside
			}
		}
	}
	return inside
}

// cross is the sign of the exact cross product (b-a) x (p-a).
func cross(a, b arrange.Pt, x, y float64) int {
	number := func(v float64) *big.Rat { return new(big.Rat).SetFloat64(v) }
	less := func(p, q *big.Rat) *big.Rat { return new(big.Rat).Sub(p, q) }
	ax, ay := number(float64(a.X)), number(float64(a.Y))
	left := new(big.Rat).Mul(less(number(float64(b.X)), ax), less(number(y), ay))
	right := new(big.Rat).Mul(less(number(float64(b.Y)), ay), less(number(x), ax))
	return left.Cmp(right)
}

func outlines(t tiling) []orb.Polygon {
	var out []orb.Polygon
	for _, g := range t.grids() {
		out = append(out, g.Outline)
	}
	// Numbers without any order in space: the lowest of a node may be any.
	rand.New(rand.NewPCG(t.seed, 5)).Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

func indexOf(t *testing.T, polygons []orb.Polygon) *locate.Index {
	t.Helper()
	ix, err := locate.New(polygons)
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

// probes are places where an answer may go wrong: nodes, vertices, the steps around
// them, whole places beside borders, and any place.
func probes(polygons []orb.Polygon, n int) []orb.Point {
	r := rand.New(rand.NewPCG(8, 8))
	var all orb.MultiPoint
	var out []orb.Point
	for _, p := range polygons {
		b := p.Bound()
		all = append(all, b.Min, b.Max)
	}
	b := all.Bound().Pad(0.0005)
	for range n {
		ring := polygons[r.IntN(len(polygons))]
		line := ring[r.IntN(len(ring))]
		k := 1 + r.IntN(len(line)-1)
		v, w, share := line[k-1], line[k], r.Float64()
		near := arrange.At(orb.Point{v[0] + share*(w[0]-v[0]), v[1] + share*(w[1]-v[1])})
		near.X, near.Y = near.X+int32(r.IntN(3)-1), near.Y+int32(r.IntN(3)-1)
		any := orb.Point{b.Min[0] + r.Float64()*(b.Max[0]-b.Min[0]), b.Min[1] + r.Float64()*(b.Max[1]-b.Min[1])}
		level := orb.Point{any[0], v[1]} // at the height of a vertex
		out = append(out, v, near.Point(), any, level, geo.RoundE7(any), geo.RoundE7(level),
			orb.Point{v[0] + (r.Float64()-0.5)*1e-5, v[1] + (r.Float64()-0.5)*1e-5})
	}
	return out
}

func agree(t *testing.T, polygons []orb.Polygon, n int) {
	t.Helper()
	ix := indexOf(t, polygons)
	j := newJudge(polygons)
	seen := map[bool]int{}
	for _, p := range probes(polygons, n) {
		owner, onBorder := ix.At(p)
		want, border := j.at(p)
		if owner != want || onBorder != border {
			t.Fatalf("%.9f: got %d (on a border: %v), want %d (%v)", p, owner, onBorder, want, border)
		}
		seen[border]++
	}
	if seen[true] < n || seen[false] < n {
		t.Errorf("%d places on borders and %d others tell little", seen[true], seen[false])
	}
}

func TestTilingAgreesWithEveryPolygonTested(t *testing.T) {
	agree(t, outlines(tiling{columns: 25, rows: 41, seed: 3}), 250)
}

// A town of small squares in a country of 20 by 20 degrees:
//
//	+-----------+
//	|    ##     |
//	|           |
//	+-----------+
func TestTownInWideCountryAgreesWithEveryPolygonTested(t *testing.T) {
	const n, step = 40, 100
	at := func(i, k int) orb.Point {
		return arrange.Pt{X: int32(1_100_000_000 + i*step), Y: int32(200_000_000 + k*step)}.Point()
	}
	var rim orb.Ring
	for i := range n {
		rim = append(rim, at(i, 0))
	}
	for i := range n {
		rim = append(rim, at(n, i))
	}
	for i := range n {
		rim = append(rim, at(n-i, n))
	}
	for i := range n {
		rim = append(rim, at(0, n-i))
	}
	rim = append(rim, rim[0])
	country := orb.Ring{{100, 10}, {120, 10}, {120, 30.0000001}, {100, 30}, {100, 10}}
	polygons := []orb.Polygon{{country, rim}}
	for i := range n {
		for k := range n {
			polygons = append(polygons, orb.Polygon{{at(i, k), at(i+1, k), at(i+1, k+1), at(i, k+1), at(i, k)}})
		}
	}
	agree(t, polygons, 200)
}

// Islands beside a long border without vertices, in the two halves of a square. The
// border passes many cells, and beyond it and before it lie islands that those cells
// do not know of.
//
//	+-------+
//	|    o /|
//	| o  / o|
//	|  / o  |
//	|/   o  |
//	+-------+
func TestIslandsBesideALongBorderAgreeWithEveryPolygonTested(t *testing.T) {
	const side, n = 4_000_000, 300
	r := rand.New(rand.NewPCG(7, 7))
	at := func(x, y int) orb.Point { return arrange.Pt{X: int32(x), Y: int32(y)}.Point() }
	above := orb.Polygon{{at(0, 0), at(side, side), at(0, side), at(0, 0)}}
	below := orb.Polygon{{at(0, 0), at(side, 0), at(side, side), at(0, 0)}}
	var islands []orb.Polygon
	for i := 10; i < n-10; i++ {
		x, off := i*(side/n), 5_000+r.IntN(60_000)
		half := &above
		if r.IntN(2) == 0 {
			off, half = -off, &below
		}
		y := x + off
		island := orb.Ring{at(x-1500, y-1500), at(x+1500, y-1500), at(x+1500, y+1500), at(x-1500, y+1500), at(x-1500, y-1500)}
		*half = append(*half, reversed(island))
		islands = append(islands, orb.Polygon{island})
	}
	polygons := append([]orb.Polygon{above, below}, islands...)
	agree(t, polygons, 150)
	ix, j := indexOf(t, polygons), newJudge(polygons)
	for range 3000 {
		x := 200_000 + r.IntN(side-400_000)
		p := at(x, x+r.IntN(160_000)-80_000)
		owner, _ := ix.At(p)
		if want, _ := j.at(p); owner != want {
			t.Fatalf("%v: got %d, want %d", p, owner, want)
		}
	}
}

// Triangles around one node: more borders there than any cell can part.
func TestManyBordersAtOneNode(t *testing.T) {
	const n, reach = 700, 20_000_000
	var around []orb.Point
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / n)
		around = append(around, arrange.Pt{X: int32(reach * cos), Y: int32(reach * sin)}.Point())
	}
	var polygons []orb.Polygon
	for i := range n {
		polygons = append(polygons, orb.Polygon{{{0, 0}, around[i], around[(i+1)%n], {0, 0}}})
	}
	agree(t, polygons, 150)
}

func TestRingsMayRunEitherWay(t *testing.T) {
	polygons := outlines(tiling{columns: 12, rows: 12, seed: 4})
	ix := indexOf(t, polygons)
	turned := slices.Clone(polygons)
	for i, p := range turned {
		turned[i] = p.Clone()
		for _, ring := range turned[i] {
			if i%2 == 0 {
				ring.Reverse()
			}
		}
	}
	back := indexOf(t, turned)
	for _, p := range probes(polygons, 300) {
		a, border := ix.At(p)
		if b, borderToo := back.At(p); a != b || border != borderToo {
			t.Fatalf("%v: %d and %d", p, a, b)
		}
	}
}

func TestNeighboursShareBorder(t *testing.T) {
	polygons := outlines(tiling{columns: 9, rows: 9, seed: 5})
	ix := indexOf(t, polygons)
	type edge struct{ a, b orb.Point }
	left := map[edge]int32{}
	for i, p := range polygons {
		for _, ring := range p {
			for k := 1; k < len(ring); k++ {
				left[edge{ring[k-1], ring[k]}] = int32(i)
			}
		}
	}
	for i, p := range polygons {
		want := map[int32]bool{}
		for _, ring := range p {
			for k := 1; k < len(ring); k++ {
				if o, ok := left[edge{ring[k], ring[k-1]}]; ok {
					want[o] = true
				}
			}
		}
		got := ix.Neighbours(int32(i))
		if len(got) != len(want) || !slices.IsSorted(got) {
			t.Fatalf("polygon %d: got %v, want %v", i, got, want)
		}
		for _, o := range got {
			if !want[o] {
				t.Fatalf("polygon %d: %d is no neighbour", i, o)
			}
		}
	}
}

func TestNearestAgreesWithEveryBorderMeasured(t *testing.T) {
	w := tiling{columns: 6, rows: 6, seed: 6}
	polygons := outlines(w)
	ix := indexOf(t, polygons)
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		p := orb.Point{111.7 + (r.Float64()*8-1)*brickWidth/geo.E7, 21.7 + (r.Float64()*8-1)*brickHeight/geo.E7}
		if owner, _ := ix.At(p); owner != locate.None {
			continue
		}
		plane, best := geo.NewPlane(p), math.Inf(1)
		for _, polygon := range polygons {
			for _, ring := range polygon {
				for k := 1; k < len(ring); k++ {
					ax, ay := plane.XY(ring[k-1])
					bx, by := plane.XY(ring[k])
					share := max(0, min(1, -(ax*(bx-ax)+ay*(by-ay))/((bx-ax)*(bx-ax)+(by-ay)*(by-ay))))
					best = min(best, math.Hypot(ax+share*(bx-ax), ay+share*(by-ay)))
				}
			}
		}
		owner, far := ix.Nearest(p, 2000)
		if (owner == locate.None) != (best > 2000) || owner != locate.None && math.Abs(float64(far)-best) > 1e-3 {
			t.Fatalf("%v: got %d at %.3f m, want %.3f m", p, owner, far, best)
		}
	}
}

func TestOverlapIsNamed(t *testing.T) {
	box := orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}}
	apart := orb.Polygon{{{2, 0}, {3, 0}, {3, 1}, {2, 1}, {2, 0}}}
	_, err := locate.New([]orb.Polygon{box, apart, box})
	var overlap *locate.OverlapError
	if !errors.As(err, &overlap) || overlap.A != 0 || overlap.B != 2 {
		t.Errorf("got %v", err)
	}
}

func TestNothingHoldsNothing(t *testing.T) {
	ix := indexOf(t, []orb.Polygon{{}, {{}}})
	if owner, _ := ix.At(orb.Point{113, 22}); owner != locate.None {
		t.Errorf("got %d", owner)
	}
	if owner, _ := ix.Nearest(orb.Point{113, 22}, 1000); owner != locate.None || ix.Neighbours(0) != nil {
		t.Errorf("got %d", owner)
	}
}
