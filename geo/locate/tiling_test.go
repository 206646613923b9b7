package locate_test

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
	"gridbeat/geo/district"
)

// tiling is a wall of bricks: each row half a brick further, corners moved, and the
// six borders of each brick wiggly lines that both sides share.
//
//	+---+---+---+
//	  |   |   |
//	+---+---+---+
//
// Each line strays from its chord less than a wedge of 27 degrees, so lines never
// meet but at corners.
type tiling struct {
	columns, rows int
	seed          uint64
}

const (
	brickWidth  = 62_000 // steps of 1e-7 degree
	brickHeight = 44_000
	originX     = 1_117_000_000
	originY     = 217_000_000
)

// sized is a tiling of about n bricks, three wide to two high.
func sized(n int) tiling {
	rows := int(math.Sqrt(float64(n)))
	return tiling{columns: (n + rows - 1) / rows, rows: rows, seed: 1}
}

func (t tiling) rng(kind, k, j int) *rand.Rand {
	return rand.New(rand.NewPCG(t.seed<<8|uint64(kind), uint64(k)<<32|uint64(j)))
}

// corner is the j-th of the corners, half a brick apart, on the k-th level.
func (t tiling) corner(k, j int) arrange.Pt {
	r := t.rng(0, k, j)
	return arrange.Pt{
		X: int32(originX + j*brickWidth/2 + int((r.Float64()-0.5)*0.2*brickWidth)),
		Y: int32(originY + k*brickHeight + int((r.Float64()-0.5)*0.2*brickHeight)),
	}
}

// line is the border between two corners, without its end.
func (t tiling) line(kind, k, j int, a, b arrange.Pt) []arrange.Pt {
	r := t.rng(kind, k, j)
	n := 13 + r.IntN(6)
	wave, phase := 2+3*r.Float64(), 2*math.Pi*r.Float64()
	out := []arrange.Pt{a}
	dx, dy := float64(b.X)-float64(a.X), float64(b.Y)-float64(a.Y)
	for i := 1; i < n; i++ {
		at := (float64(i) + 0.5*(r.Float64()-0.5)) / float64(n)
		off := 0.5 * at * (1 - at) * (0.7*math.Sin(wave*2*math.Pi*at+phase) + 0.6*(r.Float64()-0.5))
		out = append(out, arrange.Pt{X: a.X + int32(at*dx-off*dy), Y: a.Y + int32(at*dy+off*dx)})
	}
	return out
}

func (t tiling) along(k, j int) []arrange.Pt {
	return t.line(1, k, j, t.corner(k, j), t.corner(k, j+1))
}

func (t tiling) upright(k, j int) []arrange.Pt {
	return t.line(2, k, j, t.corner(k, j), t.corner(k+1, j))
}

// backward is the same line the other way, without its end, which is the corner from.
func backward(line []arrange.Pt, from arrange.Pt) []arrange.Pt {
	out := []arrange.Pt{from}
	for i := len(line) - 1; i > 0; i-- {
		out = append(out, line[i])
	}
	return out
}

func (t tiling) brick(row, column int) orb.Ring {
	j := 2*column + row&1
	var ps []arrange.Pt
	ps = append(ps, t.along(row, j)...)
	ps = append(ps, t.along(row, j+1)...)
	ps = append(ps, t.upright(row, j+2)...)
	ps = append(ps, backward(t.along(row+1, j+1), t.corner(row+1, j+2))...)
	ps = append(ps, backward(t.along(row+1, j), t.corner(row+1, j+1))...)
	ps = append(ps, backward(t.upright(row, j), t.corner(row+1, j))...)
	return ringOf(ps)
}

func ringOf(ps []arrange.Pt) orb.Ring {
	ring := make(orb.Ring, 0, len(ps)+1)
	for _, p := range ps {
		ring = append(ring, p.Point())
	}
	return append(ring, ring[0])
}

// star is a ring of n points around the middle of a brick, well within it.
func (t tiling) star(row, column, n int) orb.Ring {
	r := t.rng(3, row, column)
	j := 2*column + row&1
	x, y := float64(originX+(j+1)*brickWidth/2), float64(originY+row*brickHeight+brickHeight/2)
	var ps []arrange.Pt
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * (float64(i) + 0.4*r.Float64()) / float64(n))
		reach := (0.04 + 0.08*r.Float64()) * brickHeight
		ps = append(ps, arrange.Pt{X: int32(x + reach*cos), Y: int32(y + reach*sin)})
	}
	return ringOf(ps)
}

func reversed(r orb.Ring) orb.Ring {
	r = r.Clone()
	r.Reverse()
	return r
}

// grids are the bricks, twenty rows to a district. In one brick of a hundred lies an
// enclave, in another a lake that belongs to nobody.
func (t tiling) grids() []district.Grid {
	var out []district.Grid
	add := func(row int, p orb.Polygon) {
		d := fmt.Sprintf("d%03d", row/20)
		out = append(out, district.Grid{Code: fmt.Sprintf("4404%s%07d", d[1:], len(out)), District: d, Outline: p})
	}
	for row := range t.rows {
		for column := range t.columns {
			p := orb.Polygon{t.brick(row, column)}
			switch (row*31 + column*17) % 100 {
			case 7:
				island := t.star(row, column, 24)
				p = append(p, reversed(island))
				add(row, orb.Polygon{island})
			case 57:
				p = append(p, reversed(t.star(row, column, 24)))
			}
			add(row, p)
		}
	}
	return out
}

// points are n places on the tiling, half of them around 200 hot spots.
func (t tiling) points(n int) []orb.Point {
	r := rand.New(rand.NewPCG(t.seed, 99))
	width, height := float64(t.columns*brickWidth)/geo.E7, float64(t.rows*brickHeight)/geo.E7
	west, south := float64(originX)/geo.E7, float64(originY)/geo.E7
	hot := make([]orb.Point, 200)
	for i := range hot {
		hot[i] = orb.Point{west + width*r.Float64(), south + height*r.Float64()}
	}
	out := make([]orb.Point, n)
	for i := range out {
		if i%2 == 0 {
			out[i] = orb.Point{west + width*r.Float64(), south + height*r.Float64()}
		} else {
			h := hot[r.IntN(len(hot))]
			out[i] = orb.Point{h[0] + 0.003*r.NormFloat64(), h[1] + 0.003*r.NormFloat64()}
		}
	}
	return out
}
