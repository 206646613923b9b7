package district

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// tileUnits is about how many units a tile has: few enough to stay in the processor's
// cache, many enough that most grids have all their neighbours in their tile.
const tileUnits = 1500

// tilePhases is how often a large piece is cut into new tiles while it cools.
const tilePhases = 10

// anneal cools a partition down. A large piece is cooled tile by tile, all tiles at
// once, and cut into other tiles between phases, so that each border gets its turn.
func (p *search) anneal(ctx context.Context, part Partition) Partition {
	n := len(p.g.Units)
	c := p.cooling()
	if n <= 2*tileUnits {
		out, late := p.cool(ctx, p.g, part, c, p.share(1), p.rng(1))
		p.late = late
		return out
	}
	step := math.Pow(c.to/c.from, 1.0/tilePhases)
	for phase := range tilePhases {
		tiles := p.tiles(part, p.rng(100+uint64(phase)))
		cooled := make([]Partition, len(tiles))
		late := make([]bool, len(tiles))
		each := p.share(1 / float64(tilePhases-phase))
		parallel(p.Threads, len(tiles), func(i int) {
			units := len(tiles[i])
			local := make([]int32, units)
			for k, u := range tiles[i] {
				local[k] = part[u]
			}
			allot := time.Duration(float64(each) * float64(min(p.Threads, len(tiles))*units) / float64(n))
			c := cooling{c.from, c.from * step, p.Rounds * units / tilePhases}
			cooled[i], late[i] = p.cool(ctx, p.g.part(tiles[i]), renumber(local), c, allot, p.rng(uint64(phase+1)<<32+uint64(i)))
		})
		next := int32(0)
		for i, tile := range tiles {
			p.late = p.late || late[i]
			most := int32(-1)
			for k, u := range tile {
				part[u] = next + cooled[i][k]
				most = max(most, cooled[i][k])
			}
			next += most + 1
		}
		c.from *= step
	}
	return renumber(part)
}

// cool anneals a graph by itself, and tells whether time cut it short.
func (p *search) cool(ctx context.Context, g *Graph, part Partition, c cooling, allot time.Duration, rng *rand.Rand) (Partition, bool) {
	s := newScorer(g, p.Objective, p.Bounds)
	st := newState(g, s, part)
	st.allot = allot
	anneal(ctx, st, newForest(g, s), allUnits(g), c, rng)
	return renumber(st.label), st.late
}

// tiles groups the grids of a partition into neighbourhoods of about tileUnits,
// grown from random grids, and returns the units of each, ascending.
func (p *search) tiles(part Partition, rng *rand.Rand) [][]int32 {
	grids := part.Grids()
	tile := filled(len(grids), -1)
	var out [][]int32
	for _, start := range rng.Perm(len(grids)) {
		if tile[start] >= 0 {
			continue
		}
		t := int32(len(out))
		tile[start] = t
		var units []int32
		queue := []int32{int32(start)}
		taken := 0
		for ; taken < len(queue) && len(units) < tileUnits; taken++ {
			units = append(units, grids[queue[taken]]...)
			for _, u := range grids[queue[taken]] {
				for _, n := range p.g.beside(u) {
					if l := part[n.unit]; tile[l] < 0 {
						tile[l] = t
						queue = append(queue, l)
					}
				}
			}
		}
		// What was reached but not taken in is left for other tiles.
		for _, l := range queue[taken:] {
			tile[l] = -1
		}
		slices.Sort(units)
		out = append(out, units)
	}
	return out
}
