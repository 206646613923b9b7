package dispatch

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"gridbeat/geo"
	"gridbeat/routing"
)

// Unit is who may be sent to an incident, as far as is known now.
type Unit struct {
	ID        string
	Spot      routing.Spot // where it was seen last; Edge is routing.None when never
	SeenAt    time.Time
	Accuracy  geo.Metres // of the position
	Busy      bool
	ClearAt   time.Time // when a busy unit expects to be free; zero when it cannot tell
	ShiftEnds time.Time // zero when not known
	Skills    []string
}

// Call is where somebody is needed, who must be able to do what.
type Call struct {
	Spot   routing.Spot
	Skills []string // each of which one unit must have
	Now    time.Time
}

// Arrivals tells how long each unit takes to a place, in the order of the units;
// routing.Once and *routing.Fleet do.
type Arrivals interface {
	Arrivals(to routing.Spot) []routing.Arrival
}

// RankOptions are the rules of a ranking.
type RankOptions struct {
	Count      int           // how many units to offer, at least one
	OldAfter   time.Duration // a position older than this is too old to rely on
	SoonWithin time.Duration // a busy unit that is free by then is nearly free
	Speed      float64       // metres a second that a unit may move unseen, above 0
}

// Reason says why a unit is not offered.
type Reason string

// The reasons.
const (
	ReasonBusy  Reason = "busy"
	ReasonShift Reason = "shift_ends"   // before it would arrive
	ReasonOld   Reason = "position_old" // it may be anywhere
	ReasonSkill Reason = "skill"
)

// Estimate is when a unit would arrive, counted from the call.
type Estimate struct {
	Unit     int           // number in the units given
	Travel   time.Duration // on the network, from where it was seen
	Arrive   time.Duration // with the wait until a nearly free unit is clear
	Earliest time.Duration // Arrive, less what it may have moved nearer unseen
	Latest   time.Duration // and more, for what it may have moved away
	Against  bool          // arrives against the line of the street
}

// Skip is a unit that is nearer than the last one offered, and why it is not offered.
type Skip struct {
	Estimate
	Reasons []Reason // in the order of the constants
}

// Ranking is who to send.
type Ranking struct {
	Best     []Estimate  // free units that will do, the first to arrive first
	Skipped  []Skip      // nearer than the last of Best, nearest first
	Soon     []Estimate  // nearly free units, the first to arrive first, at most Count
	Sides    [2]Estimate // two free units that arrive from the two ends of the street
	HasSides bool
	Unplaced int // units of which no position is known
	Cut      int // units from whose position no way leads there
}

// Rank orders units by when they would arrive at a call.
func Rank(units []Unit, times Arrivals, call Call, o RankOptions) (Ranking, error) {
	if o.Count < 1 || o.Speed <= 0 {
		return Ranking{}, fmt.Errorf("rank units: a count of %d and a speed of %g m/s; both must be above zero", o.Count, o.Speed)
	}
	arrivals := times.Arrivals(call.Spot)
	if len(arrivals) != len(units) {
		return Ranking{}, fmt.Errorf("rank units: %d arrivals for %d units", len(arrivals), len(units))
	}
	var r Ranking
	var free, soon []Estimate
	var skipped []Skip
	for i := range units {
		u := &units[i]
		switch {
		case u.Spot.Edge == routing.None:
			r.Unplaced++
			continue
		case arrivals[i].Best() >= routing.Never:
			r.Cut++
			continue
		}
		e := estimate(i, u, arrivals[i], call, o)
		reasons := u.reasons(e, call, o)
		if len(reasons) == 0 {
			free = append(free, e)
			continue
		}
		if u.soon(reasons, call, o) {
			soon = append(soon, e)
		}
		skipped = append(skipped, Skip{e, reasons})
	}
	slices.SortFunc(free, Estimate.compare)
	slices.SortFunc(soon, Estimate.compare)
	r.Sides, r.HasSides = twoSides(free, arrivals)
	r.Best, r.Soon = free[:min(o.Count, len(free))], soon[:min(o.Count, len(soon))]
	r.Skipped = nearer(skipped, r.Best)
	return r, nil
}

func (e Estimate) compare(o Estimate) int {
	return cmp.Or(cmp.Compare(e.Arrive, o.Arrive), cmp.Compare(e.Travel, o.Travel), cmp.Compare(e.Unit, o.Unit))
}

// estimate is when a unit would arrive, whether it may be sent or not.
func estimate(i int, u *Unit, a routing.Arrival, call Call, o RankOptions) Estimate {
	e := Estimate{Unit: i, Travel: millis(a.Best()), Against: a.Against < a.Along}
	e.Arrive = e.Travel
	if u.Busy && !u.ClearAt.IsZero() {
		e.Arrive += max(0, u.ClearAt.Sub(call.Now))
	}
	unseen := max(0, call.Now.Sub(u.SeenAt)) + time.Duration(float64(u.Accuracy)/o.Speed*float64(time.Second))
	e.Earliest, e.Latest = max(0, e.Arrive-unseen), e.Arrive+unseen
	return e
}

func millis(n int32) time.Duration { return time.Duration(n) * time.Millisecond }

// reasons is why the unit cannot be sent at once, none when it can.
func (u *Unit) reasons(e Estimate, call Call, o RankOptions) []Reason {
	var r []Reason
	if u.Busy {
		r = append(r, ReasonBusy)
	}
	if !u.ShiftEnds.IsZero() && call.Now.Add(e.Arrive).After(u.ShiftEnds) {
		r = append(r, ReasonShift)
	}
	if call.Now.Sub(u.SeenAt) > o.OldAfter {
		r = append(r, ReasonOld)
	}
	for _, s := range call.Skills {
		if !slices.Contains(u.Skills, s) {
			r = append(r, ReasonSkill)
			break
		}
	}
	return r
}

// soon reports whether being busy is all that stands against the unit, and not for long.
func (u *Unit) soon(reasons []Reason, call Call, o RankOptions) bool {
	return len(reasons) == 1 && reasons[0] == ReasonBusy && !u.ClearAt.IsZero() && u.ClearAt.Sub(call.Now) <= o.SoonWithin
}

// nearer lists the units passed over that are nearer on the road than the last one
// offered, or all when none is offered.
func nearer(skipped []Skip, best []Estimate) []Skip {
	slices.SortFunc(skipped, func(a, b Skip) int {
		return cmp.Or(cmp.Compare(a.Travel, b.Travel), cmp.Compare(a.Unit, b.Unit))
	})
	if len(best) == 0 {
		return skipped
	}
	last := best[len(best)-1].Travel
	n, _ := slices.BinarySearchFunc(skipped, last, func(s Skip, d time.Duration) int { return cmp.Compare(s.Travel, d) })
	return skipped[:n]
}

// twoSides is the pair of units that arrive from different ends of the street, so that
// the later of them is there first; of equals the pair whose earlier one is.
func twoSides(free []Estimate, arrivals []routing.Arrival) (pair [2]Estimate, ok bool) {
	// The two nearest of either end are enough: one of them is not the other's unit.
	var near [2][]Estimate
	for _, e := range free {
		for side, d := range [2]int32{arrivals[e.Unit].Along, arrivals[e.Unit].Against} {
			if d >= routing.Never {
				continue
			}
			late := millis(d) - e.Travel
			s := Estimate{e.Unit, millis(d), e.Arrive + late, e.Earliest + late, e.Latest + late, side == 1}
			near[side] = append(near[side], s)
			slices.SortFunc(near[side], Estimate.compare)
			near[side] = near[side][:min(2, len(near[side]))]
		}
	}
	best := func(p [2]Estimate) (time.Duration, time.Duration) {
		return max(p[0].Arrive, p[1].Arrive), min(p[0].Arrive, p[1].Arrive)
	}
	for _, a := range near[0] {
		for _, b := range near[1] {
			if a.Unit == b.Unit {
				continue
			}
			p := [2]Estimate{a, b}
			if b.compare(a) < 0 {
				p = [2]Estimate{b, a}
			}
			later, earlier := best(p)
			wasLater, wasEarlier := best(pair)
			if !ok || later < wasLater || later == wasLater && earlier < wasEarlier {
				pair, ok = p, true
			}
		}
	}
	return pair, ok
}
