package district

import (
	"context"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"time"
)

// SearchOptions steer Search.
type SearchOptions struct {
	Bounds     Bounds
	Objective  Objective
	Seed       uint64
	Threads    int           // at most; 0 takes all cores. The answer does not depend on it.
	Rounds     int           // moves tried for each unit; 0 takes the default, or what fits TimeLimit
	TimeLimit  time.Duration // 0 for none; a search that falls behind cools faster
	From       *Incumbent
	Judge      Objective             // the one that plans are compared by: how good they are by it is proved where time allows; zero for no proofs
	OnProgress func(done, total int) // pieces; called by one goroutine at a time
	OnReach    func(Reach)           // called once, at the end
}

// Reach tells how far a search got.
type Reach struct {
	Rounds int  // moves for each unit that were meant
	Late   bool // the time limit cut them short; another run may differ
	// Windows tell how good parts of the plan are, by piece; see SearchOptions.Judge.
	Windows []Window
}

// defaultRounds is enough for J to settle within about a per cent.
const defaultRounds = 5000

// perMove is what a move costs on a common machine, with room for a slower one.
const perMove = 160 * time.Nanosecond

// fitting is the number of rounds that fit a time limit.
func fitting(limit time.Duration, threads, units int) int {
	return max(50, int(limit/perMove)*threads/max(1, units))
}

// width is how many threads a search of some pieces can use.
func width(pieces [][]int32) int {
	sum := 0
	for _, piece := range pieces {
		if len(piece) > 2*tileUnits {
			sum += len(piece) / tileUnits
		} else {
			sum += chains
		}
	}
	return max(1, sum)
}

// Search partitions each connected piece of the graph into grids within bounds, at
// low J: a seed by bisection, then simulated annealing over flips of one unit,
// re-splits of two neighbouring grids by spanning-tree cuts, splits and merges. The
// number of grids is free. The same seed and rounds give the same answer on any number
// of threads; when ctx ends, or the time limit is reached, the best so far is returned.
func Search(ctx context.Context, g *Graph, o SearchOptions) Partition {
	if o.Threads <= 0 {
		o.Threads = runtime.GOMAXPROCS(0)
	}
	pieces := o.free(g)
	if o.Rounds == 0 {
		o.Rounds = defaultRounds
		if o.TimeLimit > 0 {
			o.Rounds = fitting(o.TimeLimit, min(o.Threads, width(pieces)), len(g.Units))
		}
	}
	if o.TimeLimit > 0 {
		limited, cancel := context.WithTimeout(ctx, o.TimeLimit)
		defer cancel()
		ctx = limited
	}
	t := &turns{total: len(pieces), progress: o.OnProgress}
	for _, piece := range pieces {
		t.left += len(piece)
	}
	parts := make([]Partition, len(pieces))
	windows := make([][]Window, len(pieces))
	// Few pieces share the threads among their tiles or chains; many take one each.
	t.outer = max(1, min(o.Threads, len(pieces)))
	within := max(1, o.Threads/max(1, len(pieces)))
	parallel(t.outer, len(pieces), func(i int) {
		p := search{SearchOptions: o, g: g.part(pieces[i]), seed: o.Seed ^ uint64(i)<<32}
		p.Threads = within
		if o.From != nil {
			p.From = o.From.part(pieces[i])
		}
		p.end = t.take(ctx, len(pieces[i]))
		parts[i] = p.run(ctx)
		windows[i] = p.windows
		t.finish(p.late)
	})
	if o.OnReach != nil {
		o.OnReach(Reach{o.Rounds, t.late || ctx.Err() != nil, slices.Concat(windows...)})
	}
	return o.join(g, pieces, parts)
}

// turns gives each piece its share of the time and counts those done.
type turns struct {
	outer, total int // pieces searched at once, and all
	progress     func(done, total int)

	mu   sync.Mutex
	left int // units of pieces not begun
	done int
	late bool
}

// take returns when a piece that begins now must end, zero for any time.
func (t *turns) take(ctx context.Context, units int) time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	part := min(1, float64(t.outer)*float64(units)/float64(t.left))
	t.left -= units
	end, ok := ctx.Deadline()
	if !ok {
		return time.Time{}
	}
	return time.Now().Add(time.Duration(part * float64(time.Until(end))))
}

func (t *turns) finish(late bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.late = t.late || late
	if t.done++; t.progress != nil {
		t.progress(t.done, t.total)
	}
}

// search is the search of one connected piece.
type search struct {
	SearchOptions
	g    *Graph
	seed uint64
	end  time.Time // zero for any
	late bool

	named   []bool // by unit: of a certificate; for proofs
	windows []Window
}

func (p *search) rng(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(p.seed, stream)) }

// share is a part of the time that is left, 0 where there is no limit. Some is left
// for repairs.
func (p *search) share(part float64) time.Duration {
	if p.end.IsZero() {
		return 0
	}
	return max(time.Millisecond, time.Duration(part*0.92*float64(time.Until(p.end))))
}

// cooling is the schedule of a whole search; temperatures follow the weights.
func (p *search) cooling() cooling {
	scale := 1.0
	if p.Objective.Compactness > 0 {
		scale = p.Objective.Compactness / 2
	}
	return cooling{hot * scale, 2 * cold * scale, p.Rounds * len(p.g.Units)}
}

func (p *search) run(ctx context.Context) Partition {
	if p.judged() && len(p.g.Units) <= wholeMost {
		return p.whole(ctx)
	}
	looks := p.judged() && !p.end.IsZero() && time.Until(p.end) > proofPace*time.Duration(len(p.g.Units))
	end := p.end
	if looks {
		p.Rounds = max(1, int((1-windowShare)*float64(p.Rounds)))
		p.end = time.Now().Add(time.Duration((1 - windowShare) * float64(time.Until(end))))
	}
	labels := p.searched(ctx)
	if p.end = end; looks {
		labels = p.windowed(ctx, labels)
	}
	return labels
}

// searched is the piece's plan by search alone.
func (p *search) searched(ctx context.Context) Partition {
	p.Objective = p.Objective.of(len(p.g.Units))
	s := newScorer(p.g, p.Objective, p.Bounds)
	f := newForest(p.g, s)
	var st *state
	if p.From != nil {
		st = p.From.state(ctx, f, p)
		st.allot = p.share(1)
		c := p.cooling()
		c.from /= 8
		anneal(ctx, st, f, allUnits(p.g), c, p.rng(1))
		p.late = st.late
	} else {
		st = newState(p.g, s, p.grown(ctx, f))
	}
	st.allot = 0
	repair(ctx, st, f, p.Rounds, p.rng(2))
	if p.From == nil {
		openEnclaves(st, f, p.rng(3))
	}
	return renumber(st.label)
}

// seeded is the seed's partition.
func (p *search) seeded(ctx context.Context, f *forest, rng *rand.Rand) Partition {
	labels := make(Partition, len(p.g.Units))
	for l, units := range seed(ctx, f, allUnits(p.g), p.Bounds, rng) {
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
