package main

import (
	"time"

	"gridbeat/geo/district"
	"gridbeat/routing/dispatch"
)

// desk gives incoming incidents their grid, number and holder.
type desk struct {
	locator *district.Locator // nil without grids
	ladder  *dispatch.Ladder
	numbers *dispatch.Numbering
	known   map[string]dispatch.Incident
}

func newDesk(grids []district.Grid, people []dispatch.Person, known []dispatch.Incident, zone *time.Location) (*desk, error) {
	d := &desk{ladder: dispatch.NewLadder(people), numbers: dispatch.NewNumbering(known, zone), known: map[string]dispatch.Incident{}}
	for _, i := range known {
		d.known[i.ID] = i
	}
	if len(grids) == 0 {
		return d, nil
	}
	var err error
	d.locator, err = district.NewLocator(grids)
	return d, err
}

// file completes an incident that was read from a file. One that is known keeps
// its number, its state, and who holds it.
func (d *desk) file(i *dispatch.Incident) {
	l := district.Location{How: district.Outside}
	if d.locator != nil {
		l = d.locator.Locate(i.Point, nearestLimit)
	}
	i.Grid, i.District, i.How, i.Metres = l.Grid, l.District, string(l.How), float64(l.Metres)
	if old, ok := d.known[i.ID]; ok {
		i.Number, i.State, i.Level, i.Responsible, i.Version = old.Number, old.State, old.Level, old.Responsible, old.Version
		i.Simulated = old.Simulated
		if !sameIncident(*i, old) {
			i.Version++
		}
		return
	}
	i.Number = d.numbers.Next(i.ReportedAt)
	h := d.ladder.First(i.Priority, i.Grid, i.District)
	i.Level, i.Responsible = h.Level, h.Name
}

// sameIncident compares all that two incidents say, times as instants.
func sameIncident(a, b dispatch.Incident) bool {
	for _, t := range []*time.Time{&a.ReportedAt, &a.AnswerDueAt, &a.CloseDueAt, &b.ReportedAt, &b.AnswerDueAt, &b.CloseDueAt} {
		*t = t.UTC().Truncate(time.Millisecond)
	}
	return a == b
}
