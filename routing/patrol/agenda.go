package patrol

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"gridbeat/routing"
)

// agenda is one route with its checkpoints, on the clock of its shift. An item is a mode
// by its place in modes, or a checkpoint k as -1-k.
type agenda struct {
	c     *costs
	tour  *tour
	modes []int32 // all modes of the route's tasks
	dist  []int32 // from the end of each to the start of each
	other []int   // by mode: the same task the other way, -1 when there is none
	links [][]int32
	items []int
	turn  int // a U-turn after a checkpoint costs that at most
}

func (c *costs) newAgenda(t *tour) (*agenda, error) {
	a := &agenda{c: c, tour: t, turn: c.b.net.Profile().RoundMillis()}
	for _, m := range t.modes {
		task := c.modes[m].task
		lo, hi := c.first[task], c.first[task+1]
		for x := lo; x < hi; x++ {
			if x == m {
				a.items = append(a.items, len(a.modes))
			}
			a.modes = append(a.modes, x)
			o := -1
			for y := lo; y < hi; y++ {
				if c.modes[y].first == c.modes[x].last && c.modes[y].last == c.modes[x].first && y != x {
					o = len(a.other) + int(y-x)
					break
				}
			}
			a.other = append(a.other, o)
		}
	}
	a.dist = make([]int32, len(a.modes)*len(a.modes))
	if err := c.table(context.Background(), a.modes, a.dist, len(a.modes), 1); err != nil {
		return nil, err
	}
	q := c.web.metric.NewQuery()
	for _, k := range c.b.checks {
		row := []int32{}
		for _, l := range c.b.checks {
			d := int32(0)
			if k.node != l.node {
				d = q.Distance(c.web.depart(k.node), c.web.arrive(l.node))
			}
			row = append(row, d)
		}
		home := c.b.depots[t.depot]
		out, back := int32(0), int32(0)
		if home != k.node {
			out, back = q.Distance(c.web.depart(home), c.web.arrive(k.node)), q.Distance(c.web.depart(k.node), c.web.arrive(home))
		}
		a.links = append(a.links, append(row, out, back))
	}
	return a, nil
}

// between is the time from one item to the next; the depot is an item of math.MaxInt.
func (a *agenda) between(x, y int) int {
	const depot = math.MaxInt
	checks := len(a.links)
	switch {
	case x == depot && y == depot:
		return 0
	case x == depot && y >= 0:
		return int(a.c.modes[a.modes[y]].out[a.tour.depot])
	case y == depot && x >= 0:
		return int(a.c.modes[a.modes[x]].home[a.tour.depot])
	case x == depot:
		return int(a.links[-1-y][checks])
	case y == depot:
		return int(a.links[-1-x][checks+1]) + a.turn
	case x < 0 && y < 0:
		return int(a.links[-1-x][-1-y]) + a.turn
	case x < 0:
		return int(a.c.b.checks[-1-x].off[a.modes[y]]) + a.turn
	case y < 0:
		return int(a.c.b.checks[-1-y].to[a.modes[x]])
	}
	return int(a.dist[x*len(a.modes)+y])
}

// times is when the route ends, at the latest, and by how much it comes too late to its
// checkpoints and after the shift, in milliseconds.
func (a *agenda) times(items []int) (end, late int) {
	at := math.MaxInt
	for _, x := range items {
		end += a.between(at, x)
		if at = x; x >= 0 {
			end += int(a.c.modes[a.modes[x]].cost)
			continue
		}
		k := &a.c.b.checks[-1-x]
		late += max(0, end-k.until)
		end = max(end, k.from) + k.stay
	}
	end += a.between(at, math.MaxInt)
	return end, late + max(0, end-int(a.c.b.in.Shift.Milliseconds()))
}

// price is what repair makes small.
func (a *agenda) price(items []int) int {
	end, late := a.times(items)
	return end + 30*late
}

// insert puts a checkpoint in where it costs least.
func (a *agenda) insert(k int) []int {
	best, least := []int(nil), math.MaxInt
	for i := 0; i <= len(a.items); i++ {
		with := slices.Insert(slices.Clone(a.items), i, -1-k)
		if p := a.price(with); p < least {
			best, least = with, p
		}
	}
	return best
}

// repairs is how many changes of an agenda are tried, moved how many items at most go
// elsewhere in one of them, and warmth what a change may cost at first, in milliseconds.
const (
	repairs = 5_000
	moved   = 40
	warmth  = 60_000
)

// repair changes the order so that the route comes by its checkpoints in time at little
// cost: pieces are driven the other way round or at another time.
func (a *agenda) repair(items []int, random *rand.Rand) []int {
	best, least := items, a.price(items)
	now, price := slices.Clone(items), least
	try := make([]int, len(items))
	for r := range repairs {
		copy(try, now)
		if !a.change(try, random) {
			continue
		}
		p := a.price(try)
		if heat := warmth * (1 - float64(r)/repairs); p >= price && float64(p-price) > heat*random.ExpFloat64() {
			continue
		}
		now, try, price = try, now, p
		if p < least {
			best, least = slices.Clone(now), p
		}
	}
	return best
}

// change makes one change of an order; false when it cannot be driven.
func (a *agenda) change(items []int, random *rand.Rand) bool {
	n := len(items)
	i := random.IntN(n)
	switch random.IntN(5) {
	case 0, 1:
		return a.reverse(items[i : i+1+random.IntN(n-i)])
	case 2: // what came first comes last
		slices.Reverse(items[:i])
		slices.Reverse(items[i:])
		slices.Reverse(items)
		return true
	}
	// A piece goes to another place: it swaps with what lies between.
	j := i + 1 + random.IntN(min(moved, n-i))
	if random.IntN(2) == 0 && !a.reverse(items[i:j]) {
		return false
	}
	to := random.IntN(n - (j - i) + 1)
	lo, mid, hi := i, j, to+j-i
	if to < i {
		lo, mid, hi = to, i, j
	}
	slices.Reverse(items[lo:mid])
	slices.Reverse(items[mid:hi])
	slices.Reverse(items[lo:hi])
	return true
}

// reverse turns a piece round; false when a street in it has one direction only.
func (a *agenda) reverse(piece []int) bool {
	for _, x := range piece {
		if x >= 0 && a.other[x] < 0 && a.c.modes[a.modes[x]].first != a.c.modes[a.modes[x]].last {
			return false
		}
	}
	slices.Reverse(piece)
	for i, x := range piece {
		if x >= 0 && a.other[x] >= 0 {
			piece[i] = a.other[x]
		}
	}
	return true
}

// write tells the tour what it has become.
func (a *agenda) write() {
	t := a.tour
	t.modes, t.visits = nil, nil
	for _, x := range a.items {
		if x < 0 {
			t.visits = append(t.visits, visit{len(t.modes), -1 - x})
		} else {
			t.modes = append(t.modes, a.modes[x])
		}
	}
	t.cost, _ = a.times(a.items)
}

// mark is a checkpoint on a path, before the arc of that number, or a pause there.
type mark struct {
	at    int
	check int // noCheck where it is a pause
	pause int // milliseconds
}

const noCheck = -1

// clock is the time of a path with its checkpoints: when each is left, and how long one
// waits and stays there; false when one comes too late to any.
func (b *builder) clock(path []routing.Arc, marks []mark) (end int, stays []int, ok bool) {
	ok = true
	next := 0
	stop := func(i int) {
		for ; next < len(marks) && marks[next].at == i; next++ {
			if marks[next].check == noCheck {
				stays, end = append(stays, marks[next].pause), end+marks[next].pause
				continue
			}
			k := b.checks[marks[next].check]
			ok = ok && end <= k.until
			leave := max(end, k.from) + k.stay
			stays = append(stays, leave-end)
			end = leave
		}
	}
	for i, a := range path {
		stop(i)
		if i > 0 {
			t, _ := b.net.Turn(path[i-1], a)
			end += int(t)
		}
		end += int(b.net.Millis(a))
	}
	stop(len(path))
	return end, stays, ok
}
