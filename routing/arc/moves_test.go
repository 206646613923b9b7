package arc

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// wholePatch is a patch of all tasks.
func wholePatch(p *Problem) *patch {
	f := newPatch(p)
	all := make([]int32, p.tasks)
	for i := range all {
		all[i] = int32(i)
	}
	f.cover(all, newNearness(p).of)
	return f
}

// sameTables fails when the tour is not what a fresh one with its tasks is.
func sameTables(t *rapid.T, f *patch, got *tour) {
	t.Helper()
	want := &tour{}
	want.set(f, got.depot, got.seq)
	if got.cost != want.cost || got.load != want.load {
		t.Fatalf("cost %d and load %d, counted anew %d and %d", got.cost, got.load, want.cost, want.load)
	}
	for i := 1; i <= len(got.seq); i++ {
		at, w := i*f.stride, f.width
		if !slices.Equal(got.rows[at:at+5*w], want.rows[at:at+5*w]) {
			t.Fatalf("row %d of %d is %v, fresh %v", i, len(got.seq), got.rows[at:at+5*w], want.rows[at:at+5*w])
		}
	}
}

// matrix is Ways that are looked up.
type matrix [][]int32

func (m matrix) Costs(from int32, to, out []int32) {
	for i, v := range to {
		out[i] = m[from][v]
	}
}

func (m matrix) Rows(from, to []int32, out [][]int32) {
	for i, v := range from {
		m.Costs(v, to, out[i])
	}
}

func (m matrix) Symmetric() bool { return true }

// twoWay is a problem of streets that cost the same there and back, as do the ways
// between them, told by Ways: each mode is the other one of its task backwards.
func twoWay(r *rand.Rand) Spec {
	const places = 9
	d := make(matrix, places)
	for i := range d {
		d[i] = make([]int32, places)
		for j := range i {
			d[i][j] = r.Int32N(50)
			d[j][i] = d[i][j]
		}
	}
	s := Spec{Vehicles: 1, Depots: []int32{0}, Homes: []Home{{0, 0}}, Ways: d, Objective: Total}
	for t := range 5 + r.Int32N(10) {
		a, b, c := r.Int32N(places), r.Int32N(places), r.Int32N(20)
		s.Modes = append(s.Modes, Mode{Task: t, Cost: c, Start: a, End: b}, Mode{Task: t, Cost: c, Start: b, End: a})
	}
	return s
}

// manyWays is a problem of tasks with one to four modes and any costs between these,
// as turns make them.
func manyWays(r *rand.Rand) Spec {
	s := Spec{Vehicles: 1, Depots: []int32{0}, Objective: Total}
	for t := range 5 + r.Int32N(10) {
		for range 1 + r.IntN(4) {
			s.Modes = append(s.Modes, Mode{Task: t, Cost: r.Int32N(20)})
		}
	}
	n := len(s.Modes) + 1
	for range n * n {
		s.Distance = append(s.Distance, r.Int32N(50))
	}
	return s
}

// renewed is a problem of streets with some moves of an earlier plan.
func renewed(r *rand.Rand) Spec {
	s := randomGraph(r, 8, 30, 30).problem(1, 0, Total, 0)
	return withStays(r, s)
}

// withStays adds an earlier plan in which some tasks are missing.
func withStays(r *rand.Rand, s Spec) Spec {
	s.Leave = 1 + r.IntN(40)
	order := r.Perm(len(s.Modes))
	done, last := map[int32]bool{}, -1
	for _, m := range order {
		if t := s.Modes[m].Task; !done[t] {
			done[t] = true
			if last >= 0 && r.IntN(4) > 0 {
				s.Stays = append(s.Stays, Stay{int32(last), int32(m)})
			}
			last = m
		}
	}
	return s
}

func TestMovesCostWhatTheFullCountSays(t *testing.T) {
	kinds := map[string]func(*rand.Rand) Spec{
		"streets":               func(r *rand.Rand) Spec { return randomGraph(r, 8, 30, 30).problem(1, 0, Total, 0) },
		"streets the same back": twoWay,
		"tasks of many modes":   manyWays,
		"an earlier plan":       renewed,
	}
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) { checkMoves(t, kind, name == "streets") })
	}
	if f := wholePatch(newProblem(t, twoWay(rand.New(rand.NewPCG(1, 1))))); !f.mirrored {
		t.Error("streets the same back are not known to be mirrored")
	}
}

// checkMoves puts tasks in and takes them out; shortest says that no way through
// services is cheaper than the one that is told.
func checkMoves(t *testing.T, kind func(*rand.Rand) Spec, shortest bool) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
		p := newProblem(t, kind(r))
		f := wholePatch(p)
		tr := &tour{}
		tr.set(f, 0, nil)
		for _, task := range r.Perm(p.tasks) {
			least := math.MaxInt
			for at := range len(tr.seq) + 1 {
				want := &tour{}
				want.set(f, 0, slices.Insert(slices.Clone(tr.seq), at, int32(task)))
				least = min(least, want.cost)
			}
			cost, at := tr.place(f, int32(task))
			if cost != least {
				t.Fatalf("the best place costs %d, trying all %d", cost, least)
			}
			if shortest && cost < tr.cost {
				t.Fatalf("a task more makes a tour of %d one of %d; steps are given up as if that could not be", tr.cost, cost)
			}
			if r.IntN(2) == 0 {
				at, cost = r.IntN(len(tr.seq)+1), -1
			}
			tr.insert(f, int32(task), at)
			if cost >= 0 && tr.cost != cost {
				t.Fatalf("insertion foretells %d, it costs %d", cost, tr.cost)
			}
			sameTables(t, f, tr)
			modes, c := p.direct(0, tr.seq)
			if r := (Route{Modes: modes}); c != tr.cost || r.Cost(p)+p.spec.Leave*r.Left(p) != c {
				t.Fatalf("the tables say %d, the modes cost %d", tr.cost, c)
			}
		}
		for len(tr.seq) > 0 {
			kept := make([]int32, p.tasks)
			for range 1 + r.IntN(3) {
				at := r.IntN(len(tr.seq))
				for _, x := range tr.seq[at:min(len(tr.seq), at+3)] {
					kept[x] = -1
				}
			}
			less := &tour{}
			less.without(f, tr, kept)
			sameTables(t, f, less)
			tr = less
		}
	})
}

// checkBooks compares all that a ruiner keeps with counts anew.
func checkBooks(t *rapid.T, x *ruiner) {
	t.Helper()
	cost, excess, sum, longest, seen := 0, 0, 0, 0, 0
	for i, tr := range x.tours {
		sameTables(t, x.patch, tr)
		over := x.p.excess(tr.load)
		cost, excess, sum = cost+x.goal.charge(tr.cost)+x.goal.fine*over, excess+over, sum+tr.cost
		longest = max(longest, tr.cost)
		for j, task := range tr.seq {
			if x.where[task] != int32(i) || x.pos[task] != int32(j) {
				t.Fatalf("task %d is booked elsewhere", task)
			}
			seen++
		}
	}
	for task := range int32(x.p.tasks) {
		for i, tr := range x.tours {
			s := x.slots[int(task)*len(x.tours)+i]
			if s.version != tr.version || x.where[task] == int32(i) {
				continue
			}
			if c, _ := tr.place(x.patch, task); c != s.cost {
				t.Fatalf("task %d in tour %d is remembered to cost %d, it costs %d", task, i, s.cost, c)
			}
		}
	}
	if cost != x.cost || excess != x.excess || sum != x.sum || seen != x.p.tasks {
		t.Fatalf("cost %d, excess %d, sum %d and %d tasks; booked %d, %d, %d and %d", cost, excess, sum, seen, x.cost, x.excess, x.sum, x.p.tasks)
	}
}

func TestStepsKeepTheirBooks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 4))
		s := randomGraph(r, 9, 30, 30).problem(3, 0, MinMax, 0, 5)
		if r.IntN(2) == 0 {
			s = withStays(r, s)
		}
		p := newProblem(t, s)
		routes := split(p, giant(p))
		x := newRuiner(wholePatch(p), routes, goal{target: routes[0].cost, weight: 32}, r.Uint64())
		for range 60 {
			x.step(10)
			checkBooks(t, x)
		}
	})
}

func TestExchangedTailsCostWhatIsForetold(t *testing.T) {
	kinds := map[string]func(*rand.Rand) Spec{
		"two depots, with loads": func(r *rand.Rand) Spec {
			s := randomGraph(r, 9, 30, 30).problem(3, 0, MinMax, 0, 5)
			for range s.Modes[len(s.Modes)-1].Task + 1 {
				s.Demands = append(s.Demands, 1+r.Int32N(3))
				s.Capacity += int(s.Demands[len(s.Demands)-1])
			}
			s.Capacity = 3 + s.Capacity/2
			return s
		},
		"the same back":       func(r *rand.Rand) Spec { s := twoWay(r); s.Vehicles = 3; return s },
		"tasks of many modes": func(r *rand.Rand) Spec { s := manyWays(r); s.Vehicles = 2; return s },
	}
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) { checkExchanges(t, kind) })
	}
}

func checkExchanges(t *testing.T, kind func(*rand.Rand) Spec) {
	changed := 0
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 5))
		p := newProblem(t, kind(r))
		routes := split(p, giant(p))
		x := newRuiner(wholePatch(p), routes, goal{target: routes[0].cost, weight: 32, fine: 7}, r.Uint64())
		for range 60 {
			i, j := x.tours[r.IntN(len(x.tours))], x.tours[r.IntN(len(x.tours))]
			if at, from := r.IntN(len(i.seq)+1), r.IntN(len(j.seq)+1); i.depot == j.depot {
				want := &tour{}
				want.set(x.patch, i.depot, slices.Concat(i.seq[:at], j.seq[from:]))
				if got := joined(x.patch, i, at, j, from); got != want.cost {
					t.Fatalf("%d tasks and those behind %d of others are foretold to cost %d; they cost %d", at, from, got, want.cost)
				}
			}
			before := x.cost
			bar := float64(before + r.IntN(20))
			x.exchange(bar)
			if len(x.touched) > 0 {
				changed++
			}
			x.settle()
			checkBooks(t, x)
		}
	})
	if changed < 100 {
		t.Errorf("only %d plans were changed", changed)
	}
}

func TestNeighboursAreTheNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 11))
		p := newProblem(t, randomGraph(r, 40, 120, 120).problem(3, 0, MinMax, 0))
		n := newNearness(p)
		task := r.IntN(p.tasks)
		apart := func(u int32) int {
			least := Never
			lo, hi := p.Modes(task)
			ulo, uhi := p.Modes(int(u))
			for m := lo; m < hi; m++ {
				for k := ulo; k < uhi; k++ {
					least = min(least, p.Distance(m, k))
				}
			}
			return least
		}
		listed := map[int32]bool{int32(task): true}
		last := 0
		for _, u := range n.of(int32(task)) {
			if listed[u] || apart(u) < last {
				t.Fatalf("task %d stands twice or out of order", u)
			}
			listed[u], last = true, apart(u)
		}
		for u := range int32(p.tasks) {
			if !listed[u] && apart(u) < last {
				t.Fatalf("task %d is nearer (%d) than the last listed (%d)", u, apart(u), last)
			}
		}
	})
}
