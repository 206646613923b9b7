package district

import (
	"context"
	"math/rand/v2"
	"runtime"
	"sync"
)

// SearchOptions steer Search.
type SearchOptions struct {
	Bounds     Bounds
	Objective  Objective
	Seed       uint64
	Threads    int // at most; 0 takes all cores. The answer does not depend on it.
	Rounds     int // moves tried for each unit; 0 takes the default
	From       *Incumbent
	OnProgress func(done, total int) // pieces; called by one goroutine at a time
}

// defaultRounds is enough for J to settle within about a per cent.
const defaultRounds = 2000

// Search partitions each connected piece of the graph into grids within bounds, at
// low J: a seed by bisection, then simulated annealing over flips of one unit,
// re-splits of two neighbouring grids by spanning-tree cuts, splits and merges. The
// number of grids is free. The same seed gives the same answer on any number of
// threads; when ctx ends the best so far is returned.
func Search(ctx context.Context, g *Graph, o SearchOptions) Partition {
	if o.Rounds == 0 {
		o.Rounds = defaultRounds
	}
	if o.Threads <= 0 {
		o.Threads = runtime.GOMAXPROCS(0)
	}
	pieces := g.Pieces()
	parts := make([]Partition, len(pieces))
	// Few pieces share the threads among their tiles; many take one each.
	within := max(1, o.Threads/len(pieces))
	var done sync.Mutex
	count := 0
	parallel(min(o.Threads, len(pieces)), len(pieces), func(i int) {
		p := search{SearchOptions: o, g: g.part(pieces[i]), seed: o.Seed ^ uint64(i)<<32}
		p.Threads = within
		if o.From != nil {
			p.From = o.From.part(pieces[i])
		}
		parts[i] = p.run(ctx)
		done.Lock()
		defer done.Unlock()
		if count++; o.OnProgress != nil {
			o.OnProgress(count, len(pieces))
		}
	})
	labels := make([]int32, len(g.Units))
	next := int32(0)
	for i, piece := range pieces {
		most := int32(-1)
		for k, u := range piece {
			labels[u] = next + parts[i][k]
			most = max(most, parts[i][k])
		}
		next += most + 1
	}
	return renumber(labels)
}

// search is the search of one connected piece.
type search struct {
	SearchOptions
	g    *Graph
	seed uint64
}

func (p search) rng(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(p.seed, stream)) }

func (p search) run(ctx context.Context) Partition {
	s := newScorer(p.g, p.Objective, p.Bounds)
	f := newForest(p.g, s)
	var st *state
	if p.From != nil {
		st = p.From.state(ctx, f, p)
		anneal(ctx, st, f, allUnits(p.g), cooling{hot / 8, cold, p.Rounds * len(p.g.Units)}, p.rng(1))
	} else {
		st = newState(p.g, s, p.anneal(ctx, p.seeded(ctx, f)))
	}
	repair(ctx, st, f, p.Rounds, p.rng(2))
	return renumber(st.label)
}

// seeded is the seed's partition.
func (p search) seeded(ctx context.Context, f *forest) Partition {
	labels := make(Partition, len(p.g.Units))
	for l, units := range seed(ctx, f, allUnits(p.g), p.Bounds, p.rng(0)) {
		for _, u := range units {
			labels[u] = int32(l)
		}
	}
	return labels
}

func allUnits(g *Graph) []int32 {
	out := make([]int32, len(g.Units))
	for i := range out {
		out[i] = int32(i)
	}
	return out
}

// parallel calls f for 0 to n-1 on a number of goroutines and waits for all.
func parallel(threads, n int, f func(i int)) {
	if threads <= 1 {
		for i := range n {
			f(i)
		}
		return
	}
	next := make(chan int)
	var wg sync.WaitGroup
	for range threads {
		wg.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}
