package district

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/geo/arrange"
)

// cutRounds bounds how often the blocks are cut in two: enough for a block of
// a million households.
const cutRounds = 14

// cutHeavy cuts each block that holds more households than most, and each part of a
// compound that alone is over the maximum, by straight lines between groups of
// buildings, until none is heavier or holds a single building. Their own ways have
// cut them before: they are lines of the arrangement. It returns how many lines it
// took.
func (t *terrain) cutHeavy(ctx context.Context, b Bounds, most int) (int, error) {
	total := 0
	for range cutRounds {
		if err := ctx.Err(); err != nil {
			return total, err
		}
		whole := t.wholeCompounds(b)
		var cuts [][2]arrange.Pt
		for f := range t.homes {
			if t.homes[f] <= most || len(t.inFace[f]) < 2 || t.lock[f] >= 0 {
				continue
			}
			if c := t.compound[f]; c >= 0 && whole[c] {
				continue
			}
			cuts = append(cuts, t.cutFace(int32(f))...)
		}
		if len(cuts) == 0 {
			break
		}
		total += len(cuts)
		if err := t.addCuts(cuts); err != nil {
			return total, err
		}
	}
	return total, nil
}

// wholeCompounds tells which compounds must stay whole: those whose buildings hold
// at most the maximum.
func (t *terrain) wholeCompounds(b Bounds) []bool {
	homes := make([]int, len(t.ground.Compounds))
	for f, c := range t.compound {
		if c >= 0 {
			homes[c] += t.homes[f]
		}
	}
	out := make([]bool, len(homes))
	for i, h := range homes {
		out[i] = h <= b.Max
	}
	return out
}

// spread is a building seen along one direction.
type spread struct {
	low, mid, high float64 // metres
	households     int
}

// cutDirections is how many directions are tried for a cut.
const cutDirections = 18

// cutFace finds the straight line that best parts the buildings of a face: near the
// half of the households, through a gap between buildings, short. It returns the
// pieces of the line inside the face; none when all buildings stand on one spot.
func (t *terrain) cutFace(f int32) [][2]arrange.Pt {
	best := math.Inf(1)
	var cuts [][2]arrange.Pt
	size := math.Sqrt(t.area(f))
	for d := range cutDirections {
		sin, cos := math.Sincos(math.Pi * float64(d) / cutDirections)
		at, value, ok := parting(t.spreads(f, cos, sin), t.homes[f])
		if !ok {
			continue
		}
		pieces, length := t.chords(f, cos, sin, at)
		if value += 0.3 * length / size; len(pieces) > 0 && value < best {
			best, cuts = value, pieces
		}
	}
	return cuts
}

// spreads projects the buildings of a face on the direction (cos, sin).
func (t *terrain) spreads(f int32, cos, sin float64) []spread {
	out := make([]spread, 0, len(t.inFace[f]))
	along := func(p orb.Point) float64 {
		x, y := t.plane.XY(p)
		return x*cos + y*sin
	}
	for _, i := range t.inFace[f] {
		b := t.ground.Buildings[i]
		m := along(b.At)
		s := spread{m, m, m, b.Households}
		if len(b.Outline) > 0 {
			for _, p := range b.Outline[0] {
				s.low, s.high = min(s.low, along(p)), max(s.high, along(p))
			}
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b spread) int {
		return cmp.Or(cmp.Compare(a.mid, b.mid), cmp.Compare(a.low, b.low), cmp.Compare(a.households, b.households))
	})
	return out
}

const (
	narrowPrice = 0.15 // of a cut where buildings stand wall to wall
	narrowGap   = 10   // metres of clear ground at which half of that is left
)

// parting finds the best place to part the buildings along one direction and prices
// it: distance from the half, how near buildings are, and cutting through them. So the
// open ground between two hamlets is preferred to a line through one of them.
func parting(row []spread, households int) (at, value float64, ok bool) {
	value = math.Inf(1)
	left := 0
	reach := math.Inf(-1) // furthest high of those on the left
	lows := make([]float64, len(row)+1)
	lows[len(row)] = math.Inf(1)
	for i := len(row) - 1; i >= 0; i-- {
		lows[i] = min(lows[i+1], row[i].low)
	}
	for i := range len(row) - 1 {
		left += row[i].households
		reach = max(reach, row[i].high)
		gap := row[i+1].mid - row[i].mid
		if gap < 0.1 || left == 0 || left == households {
			continue
		}
		place, price := (reach+lows[i+1])/2, 0.0
		if reach >= lows[i+1] || place <= row[i].mid || place >= row[i+1].mid {
			place, price = (row[i].mid+row[i+1].mid)/2, 0.4
		}
		clear := max(0, lows[i+1]-reach)
		price += narrowPrice / (1 + clear/narrowGap)
		off := math.Abs(float64(left)/float64(households) - 0.5)
		if price += 4 * off * off; price < value {
			at, value, ok = place, price, true
		}
	}
	return at, value, ok
}

// chords returns the pieces inside a face of the line x cos + y sin = at, and their
// length in metres.
func (t *terrain) chords(f int32, cos, sin, at float64) (pieces [][2]arrange.Pt, length float64) {
	var hits []float64 // places along the line
	for _, h := range t.arr.Halves(f) {
		ax, ay := t.plane.XY(t.arr.Vertices[t.arr.Origin(h)].Point())
		bx, by := t.plane.XY(t.arr.Vertices[t.arr.Head(h)].Point())
		da, db := ax*cos+ay*sin-at, bx*cos+by*sin-at
		if (da > 0) == (db > 0) {
			continue
		}
		k := da / (da - db)
		x, y := ax+k*(bx-ax), ay+k*(by-ay)
		hits = append(hits, y*cos-x*sin)
	}
	slices.Sort(hits)
	point := func(v float64) arrange.Pt {
		return arrange.At(t.plane.Point(at*cos-v*sin, at*sin+v*cos))
	}
	for i := 0; i+1 < len(hits); i += 2 {
		p, q := point(hits[i]), point(hits[i+1])
		if p != q {
			pieces = append(pieces, [2]arrange.Pt{p, q})
			length += hits[i+1] - hits[i]
		}
	}
	return pieces, length
}
