package archive

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/geo/district/edit"
)

// Check tells what a store must never hold: gaps and doubles in the change log, entries
// without their record, editions that overlap in time or break their tiling, and
// references to what is not there. No finding means that all of it holds.
func (a Archive) Check() []geo.Finding {
	c := &checker{a: a}
	c.sequences()
	c.versions()
	c.histories()
	c.edits()
	c.editions()
	c.references()
	return c.found
}

type checker struct {
	a     Archive
	found []geo.Finding
}

const (
	restoreIt = "restore the last backup that doctor finds well, and report how this store was written"
	correctIt = "import or assign it again"
)

func (c *checker) wrong(rule, feature, remedy, format string, v ...any) {
	c.found = append(c.found, geo.Finding{Rule: rule, Feature: feature, Detail: fmt.Sprintf(format, v...), Remedy: remedy})
}

func (c *checker) sequences() {
	for i := 1; i < len(c.a.Changes); i++ {
		if before, now := c.a.Changes[i-1].Sequence, c.a.Changes[i].Sequence; now <= before {
			c.wrong("log-order", strconv.FormatInt(now, 10), restoreIt, "the log has sequence %d after %d", now, before)
		}
	}
}

// record is one thing whose versions the log tells: its noun and its id.
type record struct{ noun, id string }

// versioned are the nouns whose entries carry versions.
var versioned = []string{"incident", "draft", "edition", "plan", "user", "token", "unit", "shift", "notice"}

// versions compares each record with its entries: one for each version, from the one
// that it came with to the one that is stored.
func (c *checker) versions() {
	stored, order := c.records()
	logged := map[record][]int{}
	for _, ch := range c.a.Changes {
		noun, _, _ := strings.Cut(ch.Kind, ".")
		if !slices.Contains(versioned, noun) || ch.ID == "" {
			continue
		}
		r := record{noun, ch.ID}
		if _, there := stored[r]; !there {
			c.wrong("log-orphan", noun+" "+ch.ID, restoreIt, "entry %d of the log tells of version %d, and there is no such %s", ch.Sequence, ch.Version, noun)
			continue
		}
		logged[r] = append(logged[r], ch.Version)
	}
	for _, r := range order {
		if found := gap(logged[r], stored[r]); found != "" {
			c.wrong("log-versions", r.noun+" "+r.id, restoreIt, "version %d is stored, and the log %s", stored[r], found)
		}
	}
}

// records are the stored versions of all that has versions.
func (c *checker) records() (stored map[record]int, order []record) {
	stored = map[record]int{}
	add := func(noun, id string, version int) {
		r := record{noun, id}
		stored[r] = version
		order = append(order, r)
	}
	for _, i := range c.a.Incidents {
		add("incident", i.ID, i.Version)
	}
	for _, d := range c.a.Drafts {
		add("draft", d.ID, d.Version)
	}
	for _, e := range c.a.Editions {
		add("edition", strconv.Itoa(e.Number), e.Number)
	}
	for _, p := range c.a.Plans {
		add("plan", p.ID, 1)
	}
	for _, u := range c.a.Users {
		add("user", u.ID, u.Version)
	}
	for _, k := range c.a.Tokens {
		add("token", k.ID, k.Version)
	}
	for _, u := range c.a.Units {
		add("unit", u.ID, u.Version)
	}
	for _, v := range c.a.Shifts {
		add("shift", v.ID, v.Version)
	}
	for _, n := range c.a.Notices {
		add("notice", n.ID, n.Version)
	}
	return stored, order
}

// gap says what is wrong with the logged versions of a record, "" when nothing is.
func gap(logged []int, stored int) string {
	if len(logged) == 0 {
		return "has no entry of it"
	}
	for i := 1; i < len(logged); i++ {
		if logged[i] != logged[i-1]+1 {
			return fmt.Sprintf("has version %d after %d", logged[i], logged[i-1])
		}
	}
	if last := logged[len(logged)-1]; last != stored {
		return fmt.Sprintf("ends with version %d", last)
	}
	return ""
}

// histories looks for steps of no incident, and for steps past the stored version.
func (c *checker) histories() {
	version := map[string]int{}
	for _, i := range c.a.Incidents {
		version[i.ID] = i.Version
	}
	for _, e := range c.a.Histories {
		if v, there := version[e.Incident]; !there || e.Version > v {
			c.wrong("history", "incident "+e.Incident, restoreIt, "its history has version %d, the incident %d", e.Version, v)
		}
	}
}

// edits of each draft are numbered without a gap, and lead to versions that it has had.
func (c *checker) edits() {
	version := map[string]int{}
	for _, d := range c.a.Drafts {
		version[d.ID] = d.Version
	}
	last := map[string]edit.Step{}
	for _, e := range c.a.Edits {
		before := last[e.Draft]
		if e.Number != before.Number+1 || e.Version < before.Version || e.Version > version[e.Draft] {
			c.wrong("edits", "draft "+e.Draft, restoreIt, "edit %d led to version %d, after edit %d to version %d; the draft has version %d",
				e.Number, e.Version, before.Number, before.Version, version[e.Draft])
		}
		last[e.Draft] = e
	}
}

// editions follow each other without a gap or an overlap, and hold tilings.
func (c *checker) editions() {
	for n, e := range c.a.Editions {
		name := "edition " + strconv.Itoa(e.Number)
		if n+1 < len(c.a.Editions) {
			if next := c.a.Editions[n+1]; e.ValidTo == nil || !e.ValidTo.Equal(next.ValidFrom) {
				c.wrong("edition-order", name, restoreIt, "it does not end when edition %d begins", next.Number)
			}
		} else if e.ValidTo != nil {
			c.wrong("edition-order", name, restoreIt, "it ends, and no edition follows")
		}
		for _, f := range district.Contained(e.Grids, e.Districts) {
			f.Detail, f.Remedy = name+": "+f.Detail, restoreIt
			c.found = append(c.found, f)
		}
	}
}
