package archive

import (
	"gridbeat/geo"
	"gridbeat/geo/account"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

// references looks for what a record names and the store does not hold.
func (c *checker) references() {
	grids := c.grids()
	people := idsOf(c.a.People, func(p dispatch.Person) string { return p.ID })
	users := idsOf(c.a.Users, func(u account.User) string { return u.ID })
	for _, i := range c.a.Incidents {
		c.named(grids, i.Grid, "incident "+i.ID, "its grid %s is in no edition")
	}
	for _, p := range c.a.People {
		c.named(grids, p.Grid, "person "+p.ID, "the grid %s is in no edition")
	}
	for _, u := range c.a.Users {
		c.named(grids, u.Grid, "user "+u.ID, "the grid %s is in no edition")
		c.named(people, u.Person, "user "+u.ID, "there is no person %s")
	}
	for _, k := range c.a.Tokens {
		c.named(users, k.User, "token "+k.ID, "there is no user %s")
	}
	c.duties(grids, people)
	c.blocks()
}

// blocks are whole.
func (c *checker) blocks() {
	for _, b := range c.a.Blocks {
		if len(b.Outline) == 0 || b.Households < 0 {
			c.wrong("block", "block "+b.ID, "draw grids again, which renews the blocks", "it has %d households and %d rings", b.Households, len(b.Outline))
		}
	}
}

// StaleBlocks counts the blocks of districts, communities or compounds that are not there:
// these were brought anew since grids were drawn, which is no fault.
func (a Archive) StaleBlocks() (n int) {
	districts := idsOf(a.Districts, func(d geo.District) string { return d.Code })
	communities := idsOf(a.Communities, func(m geo.Community) string { return m.Code })
	compounds := idsOf(a.Compounds, func(k geo.Compound) string { return k.ID })
	gone := func(there map[string]bool, code string) bool { return code != "" && !there[code] }
	for _, b := range a.Blocks {
		if gone(districts, b.District) || gone(communities, b.Community) || gone(compounds, b.Compound) {
			n++
		}
	}
	return n
}

// duties looks at shifts and notices.
func (c *checker) duties(grids, people map[string]bool) {
	units := idsOf(c.a.Units, func(u patrol.Unit) string { return u.ID })
	plans := idsOf(c.a.Plans, func(p patrol.Plan) string { return p.ID })
	for _, v := range c.a.Shifts {
		c.named(units, v.Unit, "shift "+v.ID, "there is no unit %s")
		c.named(plans, v.Plan, "shift "+v.ID, "there is no plan %s")
		for _, p := range v.People {
			c.named(people, p, "shift "+v.ID, "there is no person %s")
		}
	}
	for _, n := range c.a.Notices {
		for _, g := range n.Grids {
			c.named(grids, g, "notice "+n.ID, "its grid %s is in no edition")
		}
		for _, d := range n.Deliveries {
			c.named(people, d.Person, "notice "+n.ID, "there is no person %s")
		}
	}
}

// grids are the codes of all editions; nil, which stands for any, where there are none.
func (c *checker) grids() map[string]bool {
	if len(c.a.Editions) == 0 {
		return nil
	}
	codes := map[string]bool{}
	for _, e := range c.a.Editions {
		for _, g := range e.Grids {
			codes[g.Code] = true
		}
	}
	return codes
}

func idsOf[T any](vs []T, id func(T) string) map[string]bool {
	all := map[string]bool{}
	for _, v := range vs {
		all[id(v)] = true
	}
	return all
}

// named tells of a name that is not among those there are; "" names nothing.
func (c *checker) named(there map[string]bool, name, feature, format string) {
	if name != "" && there != nil && !there[name] {
		c.wrong("reference", feature, correctIt, format, name)
	}
}
