package window

// climbs is the most steps from one grid.
const climbs = 30

// climb looks for grids within bounds that have a reduced cost below some limit near
// a grid: it goes on to the best that has one unit more, or less, or where there is
// none another one, as long as that is better.
func (b *board) climb(from set, dual []float64, limit float64, visit func(column)) {
	c := climber{board: b, dual: dual, limit: limit, visit: visit}
	l, worth := b.tally(from), from.sum(dual)
	c.at = step{from, l, worth, b.price(l) - worth}
	for range climbs {
		c.best = c.at
		c.oneMore()
		c.oneLess()
		if c.best.set == c.at.set {
			c.another()
		}
		if c.best.set == c.at.set {
			return
		}
		c.at = c.best
	}
}

// step is a grid on the way.
type step struct {
	set     set
	tally   tally
	worth   float64 // sum of the dual
	reduced float64
}

type climber struct {
	*board
	dual  []float64
	limit float64
	visit func(column)
	at    step
	best  step
}

func (c *climber) oneMore() {
	for rest := c.rim(c.at.set); !rest.empty(); {
		u := rest.pop()
		s := c.at.set
		s.add(u)
		c.try(s, c.join(c.at.tally, u, c.at.set), c.at.worth+c.dual[u])
	}
}

func (c *climber) oneLess() {
	for rest := c.at.set; !rest.empty(); {
		u := rest.pop()
		s := c.at.set
		s.remove(u)
		if c.connected(s) {
			c.try(s, c.leave(c.at.tally, u, s), c.at.worth-c.dual[u])
		}
	}
}

func (c *climber) another() {
	for in := c.rim(c.at.set); !in.empty(); {
		u := in.pop()
		more := c.at.set
		more.add(u)
		l := c.join(c.at.tally, u, c.at.set)
		for out := c.at.set; !out.empty(); {
			v := out.pop()
			s := more
			s.remove(v)
			if c.inBounds(l.households-c.Units[v].Households) && c.connected(s) {
				c.try(s, c.leave(l, v, s), c.at.worth+c.dual[u]-c.dual[v])
			}
		}
	}
}

func (c *climber) try(s set, l tally, worth float64) {
	if !c.inBounds(l.households) {
		return
	}
	price := c.price(l)
	reduced := price - worth
	if reduced < c.limit {
		c.visit(column{s, price})
	}
	if reduced < c.best.reduced-1e-9 {
		c.best = step{s, l, worth, reduced}
	}
}

// balls visits grids within bounds grown around each unit, always by the unit with
// which they have the least border and the roundest shape.
func (b *board) balls(visit func(column)) {
	for u := range b.Units {
		var s set
		var l tally
		for next := u; next >= 0; next = b.roundest(s, l) {
			l = b.join(l, next, s)
			s.add(next)
			if b.inBounds(l.households) {
				visit(column{s, b.price(l)})
			}
		}
	}
}

// roundest is the unit beside a set that makes the roundest grid; -1 for none.
func (b *board) roundest(s set, l tally) int {
	best, at := 0.0, -1
	for rest := b.rim(s); !rest.empty(); {
		u := rest.pop()
		m := b.join(l, u, s)
		if p := b.Round*m.rim*m.rim/m.area + m.border/2; m.households <= b.Max && (at < 0 || p < best) {
			best, at = p, u
		}
	}
	return at
}
