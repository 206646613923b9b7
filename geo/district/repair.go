package district

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
)

// repairTries is how often it is tried before what remains out of bounds is
// taken to be an exception. Each try looks wider and longer than the one before.
const repairTries = 6

// lateRounds is how many moves for each unit a repair tries when the time is up:
// bounds outrank a second.
const lateRounds = 60

// repair searches again around the grids that are out of bounds, with a
// price on that which outranks everything else.
func repair(ctx context.Context, st *state, f *forest, rounds int, rng *rand.Rand) {
	usual := st.s
	rounds = max(rounds, 200)
	strict := *usual
	strict.OutOfBounds *= 100
	defer func() { st.s, f.s = usual, usual }()
	for try := range repairTries {
		at := st.around(st.outOfBounds(), try+1)
		if errors.Is(ctx.Err(), context.Canceled) {
			return
		}
		if len(at) == 0 {
			break
		}
		if ctx.Err() != nil {
			rounds, ctx = lateRounds, context.WithoutCancel(ctx)
		}
		st.s, f.s = &strict, &strict
		anneal(ctx, st, f, at, cooling{hot * float64(try+1), cold, rounds * len(at) * (try + 1) / 2}, rng)
		st.s, f.s = usual, usual
		for _, l := range st.outOfBounds() {
			if len(st.members[l]) > 0 {
				st.rebuild(ctx, f, l, try+1, rng)
			}
		}
	}
	st.splitOver(f, rng)
}

// rebuildUnits is the most units that a rebuilding takes, and rebuildTries how often it
// divides them.
const (
	rebuildUnits = 600
	rebuildTries = 12
)

// rebuild divides the ground of a grid and of those within a number of rings of
// neighbours afresh, where that leaves fewer of them out of bounds. Where the maximum is
// not far above the minimum no flip leads from one number of grids to another.
func (st *state) rebuild(ctx context.Context, f *forest, label int32, rings int, rng *rand.Rand) {
	units := st.around([]int32{label}, rings)
	if len(units) > rebuildUnits {
		return
	}
	labels := map[int32]bool{}
	for _, u := range units {
		labels[st.label[u]] = true
	}
	least := 0
	for l := range labels {
		if !st.within(st.shapes[l].households) {
			least++
		}
	}
	var best [][]int32
	for range rebuildTries {
		if least == 0 || ctx.Err() != nil {
			break
		}
		parts := seed(ctx, f, units, st.s.bounds, rng)
		out := 0
		for _, part := range parts {
			if !st.within(st.g.total(part)) {
				out++
			}
		}
		if out < least {
			best, least = parts, out
		}
	}
	if best != nil {
		st.relabel(best, sortedKeys(labels))
	}
}

func (st *state) within(households int) bool {
	return households >= st.s.bounds.Min && households <= st.s.bounds.Max
}

// relabel puts parts in place of some grids. Each part goes by the label of the grid
// with most households in it, as far as there is one left.
func (st *state) relabel(parts [][]int32, labels []int32) {
	overlap := map[[2]int32]int{}
	for i, part := range parts {
		for _, u := range part {
			overlap[[2]int32{int32(i), st.label[u]}] += 1 + st.g.Units[u].Households
		}
	}
	name := filled(len(parts), -1)
	taken := map[int32]bool{}
	for _, pair := range byOverlap(overlap) {
		if name[pair[0]] < 0 && !taken[pair[1]] {
			name[pair[0]], taken[pair[1]] = pair[1], true
		}
	}
	for i, part := range parts {
		if name[i] < 0 {
			name[i] = st.freeLabel()
		}
		st.moveAll(part, name[i])
	}
	for _, l := range name {
		st.shapes[l] = st.shapeOf(st.members[l])
	}
	for _, l := range labels {
		if len(st.members[l]) == 0 {
			st.release(l)
		}
	}
}

// splitOver cuts each grid that stays above the maximum, but for one unit that alone
// is above it, into parts within it. What is then below the minimum is a pocket that
// says so; a grid above the maximum that could be cut has no excuse.
func (st *state) splitOver(f *forest, rng *rand.Rand) {
	for _, l := range st.outOfBounds() {
		for st.shapes[l].households > st.s.bounds.Max && len(st.members[l]) > 1 && !st.hopeless(l) {
			if !st.cutUnder(f, l, rng) {
				break
			}
		}
	}
}

// cutUnder cuts from grid l the cheapest part that leaves one side within the maximum.
func (st *state) cutUnder(f *forest, l int32, rng *rand.Rand) bool {
	f.load(slices.Sorted(slices.Values(st.members[l])))
	best := math.Inf(1)
	var inside []int32
	for range 4 * seedTrees {
		f.draw(rng, 4)
		for _, v := range f.order[1:] {
			if min(f.sub[v].households, f.whole().households-f.sub[v].households) > st.s.bounds.Max {
				continue
			}
			if value := f.cut[v] + st.s.price(f.sub[v]) + st.s.price(f.rest(v)); value < best {
				best = value
				inside, _ = f.below(v)
			}
		}
	}
	if inside == nil {
		return false
	}
	next := st.freeLabel()
	st.moveAll(inside, next)
	st.shapes[next], st.shapes[l] = st.shapeOf(st.members[next]), st.shapeOf(st.members[l])
	return true
}

// outOfBounds returns the grids that are out of bounds and that a search
// may yet mend, ascending.
func (st *state) outOfBounds() []int32 {
	var found []int32
	for l, sh := range st.shapes {
		if len(st.members[l]) > 0 && (sh.households < st.s.bounds.Min || sh.households > st.s.bounds.Max) {
			found = append(found, int32(l))
		}
	}
	return slices.DeleteFunc(found, st.hopeless)
}

// hopeless reports whether no plan can bring the grid within bounds: it is over for
// one unit that alone is above the maximum and holds less than the minimum besides,
// or under and shut in by such units with too few households.
func (st *state) hopeless(label int32) bool {
	households, largest := st.shapes[label].households, 0
	for _, u := range st.members[label] {
		largest = max(largest, st.g.Units[u].Households)
	}
	if households > st.s.bounds.Max {
		return largest > st.s.bounds.Max && households-largest < st.s.bounds.Min
	}
	return st.pocket(label) < st.s.bounds.Min
}

// pocket counts the households that can be reached from a grid without passing a
// unit that alone is above the maximum; it stops counting at the minimum.
func (st *state) pocket(label int32) int {
	st.marked++
	st.queue = st.queue[:0]
	for _, u := range st.members[label] {
		st.mark[u] = st.marked
		st.queue = append(st.queue, u)
	}
	sum := 0
	for i := 0; i < len(st.queue); i++ {
		if sum += st.g.Units[st.queue[i]].Households; sum >= st.s.bounds.Min {
			break
		}
		for _, n := range st.g.beside(st.queue[i]) {
			if st.mark[n.unit] != st.marked && st.g.Units[n.unit].Households <= st.s.bounds.Max {
				st.mark[n.unit] = st.marked
				st.queue = append(st.queue, n.unit)
			}
		}
	}
	return sum
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
