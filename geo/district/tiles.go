package district

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// tileUnits is about how many units a tile has: few enough to stay in the processor's
// cache, many enough that most grids have all their neighbours in their tile.
const tileUnits = 800

// tilePhases is how often a large piece is cut into new tiles while it cools.
const tilePhases = 6

// anneal cools a partition down. A large piece is cooled tile by tile, all tiles at
// once, and cut into other tiles between phases, so that each border gets its turn.
func (p search) anneal(ctx context.Context, part Partition) Partition {
	n := len(p.g.Units)
	if n <= 2*tileUnits {
		return p.cool(ctx, p.g, part, cooling{hot, cold, p.Rounds * n}, p.rng(1))
	}
	step := math.Pow(cold/hot, 1.0/tilePhases)
	from := hot
	for phase := range tilePhases {
		tiles := p.tiles(part, p.rng(100+uint64(phase)))
		cooled := make([]Partition, len(tiles))
		parallel(p.Threads, len(tiles), func(i int) {
			local := make([]int32, len(tiles[i]))
			for k, u := range tiles[i] {
				local[k] = part[u]
			}
			c := cooling{from, from * step, p.Rounds * len(tiles[i]) / tilePhases}
			cooled[i] = p.cool(ctx, p.g.part(tiles[i]), renumber(local), c, p.rng(uint64(phase+1)<<32+uint64(i)))
		})
		next := int32(0)
		for i, tile := range tiles {
			most := int32(-1)
			for k, u := range tile {
				part[u] = next + cooled[i][k]
				most = max(most, cooled[i][k])
			}
			next += most + 1
		}
		from *= step
	}
	return renumber(part)
}

// cool anneals a graph by itself.
func (p search) cool(ctx context.Context, g *Graph, part Partition, c cooling, rng *rand.Rand) Partition {
	s := newScorer(g, p.Objective, p.Bounds)
	st := newState(g, s, part)
	anneal(ctx, st, newForest(g, s), allUnits(g), c, rng)
	return renumber(st.label)
}

// tiles groups the grids of a partition into neighbourhoods of about tileUnits,
// grown from random grids, and returns the units of each, ascending.
func (p search) tiles(part Partition, rng *rand.Rand) [][]int32 {
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
		for i := 0; i < len(queue) && len(units) < tileUnits; i++ {
			units = append(units, grids[queue[i]]...)
			for _, u := range grids[queue[i]] {
				for _, n := range p.g.beside(u) {
					if l := part[n.unit]; tile[l] < 0 {
						tile[l] = t
						queue = append(queue, l)
					}
				}
			}
		}
		// What was reached but not taken in is left for other tiles.
		taken := map[int32]bool{}
		for _, u := range units {
			taken[part[u]] = true
		}
		for _, l := range queue {
			if !taken[l] {
				tile[l] = -1
			}
		}
		slices.Sort(units)
		out = append(out, units)
	}
	return out
}
