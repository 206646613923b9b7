package routing

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gridbeat/geo"
)

// judgedTown is a random town, its travel times, and the judge's answers from all arcs.
type judgedTown struct {
	now    *Times
	judge  *Network
	enter  [][]int32
	closed []Edge
}

func newJudgedTown(t *testing.T, r *rand.Rand, turns TurnModel) judgedTown {
	t.Helper()
	streets, rules := randomTown(r, int64(2+r.IntN(3)))
	n := network(t, streets, nil, rules, Car)
	travel, err := n.NewTravel(t.Context(), turns, 1)
	if err != nil {
		t.Fatal(err)
	}
	var closed []Edge
	for range r.IntN(3) {
		closed = append(closed, Edge(r.IntN(n.Edges())))
	}
	if err := travel.Close(closed...); err != nil {
		t.Fatal(err)
	}
	j := judgedTown{now: travel.Now(), judge: closedJudge(t, streets, rules, Car, turns, closed), closed: closed}
	for a := range Arc(n.ArcCount()) {
		j.enter = append(j.enter, slowTimes(j.judge, Stop{Arc: a}))
	}
	return j
}

// arrives is when a place on a street is reached from a spot, whole milliseconds left
// aside: the judge of pieces cut at the metre.
func (j judgedTown) arrives(from Spot, e Edge, share float64) float64 {
	best := float64(Never)
	for _, a := range j.judge.Arcs(from.Edge, nil) {
		if int(a) >= len(j.judge.out.item) {
			continue
		}
		rest := float64(j.judge.Millis(a) - j.judge.Elapsed(a, from))
		for _, b := range j.judge.Arcs(e, nil) {
			part := share
			if !j.judge.Forward(b) {
				part = 1 - share
			}
			within := part * float64(j.judge.Millis(b))
			if d := j.enter[a][b]; d < Never && !slices.Contains(j.closed, e) {
				best = min(best, rest+float64(d)+within)
			}
			if d := within - float64(j.judge.Elapsed(b, from)); a == b && d >= 0 {
				best = min(best, d)
			}
		}
	}
	return best
}

func TestIsochronesEndAtTheMetre(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 6))
		j := newJudgedTown(t, r, []TurnModel{ExactTurns, QuickTurns}[seed%2])
		n := j.now.Network()
		from := randomSpot(n, r)
		within := int32(r.IntN(90_000))
		pieces := j.now.Isochrone(from, within)
		for e := range Edge(n.Edges()) {
			for k := range 41 {
				share := float64(k) / 40
				at := geo.Metres(share) * n.Metres(e)
				in := slices.ContainsFunc(pieces, func(p Piece) bool { return p.Edge == e && p.From <= at && at <= p.To })
				if want := j.arrives(from, e, share); math.Abs(want-float64(within)) > 2 && in != (want < float64(within)) {
					t.Fatalf("seed %d: edge %d at %.2f is reached after %.0f of %d ms; in a piece: %v", seed, e, share, want, within, in)
				}
			}
		}
	}
}

// bareMetres is the judge's measure of what no unit reaches: samples in the middle of a
// thousand parts of each edge.
func (j judgedTown) bareMetres(units []Spot, away []int, within int32) geo.Metres {
	const parts = 400
	var sum float64
	n := j.now.Network()
	for e := range Edge(n.Edges()) {
		if !n.EdgeMain(e) || slices.Contains(j.closed, e) {
			continue
		}
		bare := 0
		for k := range parts {
			first := float64(Never)
			for u, from := range units {
				if !slices.Contains(away, u) {
					first = min(first, j.arrives(from, e, (float64(k)+0.5)/parts))
				}
			}
			if first > float64(within) {
				bare++
			}
		}
		sum += float64(n.Metres(e)) * float64(bare) / parts
	}
	return geo.Metres(sum)
}

func TestReachIsTheJudges(t *testing.T) {
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 7))
		j := newJudgedTown(t, r, []TurnModel{ExactTurns, QuickTurns}[seed%2])
		n := j.now.Network()
		var units []Spot
		for range 1 + r.IntN(6) {
			units = append(units, randomSpot(n, r))
		}
		if r.IntN(2) == 0 { // a station: several on one street
			units = append(units, units[0], units[0], units[0])
		}
		reach := j.now.Reach(units)
		within := int32(5_000 + r.IntN(40_000))
		away := Away{r.IntN(len(units)+1) - 1, r.IntN(len(units)+1) - 1}
		holes := reach.Beyond(within, away)
		slack := geo.Metres(0.5 * float64(n.Edges()))
		if want := j.bareMetres(units, away[:], within); math.Abs(float64(holes.Metres-want)) > float64(slack) {
			t.Fatalf("seed %d: %.1f m are beyond %d ms, want %.1f", seed, holes.Metres, within, want)
		}
		to := randomSpot(n, r)
		loss := reach.Without(within, away[0])
		checkLoss(t, reach, loss, within, away[0])
		fill := reach.Fill(within, away[0], loss, []Spot{to})[0]
		for u, got := range fill {
			moved := append(slices.Clone(units), to)
			gone := []int{away[0], u}
			if u == len(units) { // the one from outside, at the spot already
				gone = gone[:1]
			}
			if want := j.bareMetres(moved, gone, within); u != away[0] && math.Abs(float64(got-want)) > float64(slack) {
				t.Fatalf("seed %d: unit %d of %d moved, %.1f m are beyond, want %.1f", seed, u, len(units), got, want)
			}
		}
		j.checkNearest(t, reach, units, away)
		j.checkWorst(t, holes, units, away)
	}
}

// checkLoss compares the one pass with one for each question.
func checkLoss(t *testing.T, reach *Reach, loss Loss, within int32, away int) {
	t.Helper()
	same := func(what string, got, want Holes) {
		if d := math.Abs(float64(got.Metres - want.Metres)); d > 1e-6 {
			t.Fatalf("%s: %.6f m are beyond, want %.6f", what, got.Metres, want.Metres)
		}
		if got.Metres = want.Metres; got != want {
			t.Fatalf("%s: %+v, want %+v", what, got, want)
		}
	}
	same("before", loss.Before, reach.Beyond(within, Everyone))
	after := reach.Beyond(within, Away{away, Nobody})
	same("after", loss.After, after)
	for u, more := range loss.Further {
		want := reach.Beyond(within, Away{away, u}).Metres - after.Metres
		if u != away && math.Abs(float64(more-want)) > 1e-6 {
			t.Fatalf("without unit %d too, %.6f m more are beyond, want %.6f", u, more, want)
		}
	}
}

// checkNearest compares each street's first unit with the judge's.
func (j judgedTown) checkNearest(t *testing.T, reach *Reach, units []Spot, away Away) {
	t.Helper()
	for e := range Edge(j.judge.Edges()) {
		unit, millis := reach.Nearest(e, away)
		best := float64(Never)
		for u, from := range units {
			switch {
			case away.has(int32(u)) || slices.Contains(j.closed, e):
			case from.Edge == e:
				best = 0
			default:
				best = min(best, j.arrives(from, e, 0), j.arrives(from, e, 1))
			}
		}
		if unit == Nobody {
			if best < Never {
				t.Fatalf("nobody gets to edge %d, want %.0f ms", e, best)
			}
			continue
		}
		if math.Abs(float64(millis)-best) > 1 {
			t.Fatalf("edge %d is reached after %d ms, want %.0f", e, millis, best)
		}
	}
}

// checkWorst looks whether the place that waits longest does wait so long, and no end of
// a street longer.
func (j judgedTown) checkWorst(t *testing.T, h Holes, units []Spot, away Away) {
	t.Helper()
	n := j.judge
	wait := func(e Edge, share float64) float64 {
		first := float64(Never)
		for u, from := range units {
			if !away.has(int32(u)) {
				first = min(first, j.arrives(from, e, share))
			}
		}
		return first
	}
	standing := func(e Edge) bool {
		return slices.ContainsFunc(units, func(s Spot) bool { return s.Edge == e })
	}
	if h.Worst.Edge != None && !standing(h.Worst.Edge) {
		got := wait(h.Worst.Edge, float64(h.Worst.Offset/n.Metres(h.Worst.Edge)))
		if math.Abs(got-float64(h.WorstMillis)) > 2 {
			t.Fatalf("the worst place waits %.0f ms, said %d", got, h.WorstMillis)
		}
	}
	for e := range Edge(n.Edges()) {
		if !n.EdgeMain(e) || slices.Contains(j.closed, e) || standing(e) {
			continue
		}
		for k := range 11 {
			if got := wait(e, float64(k)/10); got < Never && got > float64(h.WorstMillis)+2 {
				t.Fatalf("edge %d waits %.0f ms, the worst is said to be %d", e, got, h.WorstMillis)
			}
		}
	}
}
