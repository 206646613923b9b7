package district

import (
	"context"
	"math/rand/v2"
)

// repairTries is how often a piece is repaired before what remains out of bounds is
// taken to be an exception. Each try looks wider and longer than the one before.
const repairTries = 6

// repair searches again around the grids of a piece that are out of bounds, with a
// price on that which outranks everything else.
func repair(ctx context.Context, st *state, f *forest, piece []int32, rounds int, rng *rand.Rand) {
	usual := st.s
	strict := *usual
	strict.OutOfBounds *= 100
	defer func() { st.s, f.s = usual, usual }()
	for try := range repairTries {
		at := st.around(st.outOfBounds(piece), try+1)
		if len(at) == 0 || ctx.Err() != nil {
			return
		}
		st.s, f.s = &strict, &strict
		annealAround(ctx, st, f, piece, at, max(rounds, 200)*len(at)*(try+1)/2, hot*float64(try+1), rng)
		st.s, f.s = usual, usual
	}
}

// outOfBounds returns the grids of a piece that are out of bounds, ascending.
func (st *state) outOfBounds(piece []int32) []int32 {
	found := map[int32]bool{}
	for _, u := range piece {
		if h := st.shapes[st.label[u]].households; h < st.s.bounds.Min || h > st.s.bounds.Max {
			found[st.label[u]] = true
		}
	}
	return sortedKeys(found)
}

// around returns the units of some grids and of those within a number of rings of
// neighbours, ascending by grid.
func (st *state) around(labels []int32, rings int) []int32 {
	in := map[int32]bool{}
	for _, l := range labels {
		in[l] = true
	}
	for range rings {
		for _, l := range sortedKeys(in) {
			for _, n := range st.neighbours(l) {
				in[n] = true
			}
		}
	}
	var out []int32
	for _, l := range sortedKeys(in) {
		out = append(out, st.members[l]...)
	}
	return out
}
