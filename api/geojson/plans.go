package geojson

import (
	"gridbeat/geo/district"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

var gridColumns = []string{"code", "name", "district", "community", "households", "exceptions",
	"edition", "valid_from", "valid_to"}

// Grids are the grids of a published edition.
func Grids(e district.Edition) Collection {
	var to any
	if e.ValidTo != nil {
		to = *e.ValidTo
	}
	return collect("grids", gridColumns, e.Grids, func(g district.Grid) Feature {
		return grid(g, e.Number, moment(e.ValidFrom), to)
	})
}

// DraftGrids are the grids of a draft: they have no edition and no dates yet.
func DraftGrids(d district.Draft) Collection {
	return collect("grids", gridColumns, d.Grids, func(g district.Grid) Feature {
		return grid(g, nil, nil, nil)
	})
}

func grid(g district.Grid, edition, from, to any) Feature {
	exceptions := g.Exceptions
	if exceptions == nil {
		exceptions = []string{}
	}
	return Feature{ID: g.Code, Geometry: g.Outline, Values: []any{
		g.Code, g.Name, g.District, known(g.Community), g.Households, exceptions, edition, from, to}}
}

// Incidents are reports and where they stand.
func Incidents(is []dispatch.Incident) Collection {
	columns := []string{"id", "number", "category", "priority", "state", "grid", "district", "how", "level",
		"responsible", "text", "reported_at", "answer_due_at", "close_due_at", "version", "simulated"}
	c := collect("incidents", columns, is, func(i dispatch.Incident) Feature {
		return Feature{ID: i.ID, Geometry: i.Point, Values: []any{
			i.ID, i.Number, string(i.Category), string(i.Priority), i.State, known(i.Grid), known(i.District), i.How,
			i.Level, known(i.Responsible), known(i.Text), moment(i.ReportedAt), moment(i.AnswerDueAt),
			moment(i.CloseDueAt), i.Version, i.Simulated}}
	})
	c.Points = true
	return c
}

// Patrols are the routes of a plan, one feature for each unit and shift.
func Patrols(p patrol.Plan) Collection {
	columns := []string{"plan", "unit", "shift", "metres", "seconds", "depot", "profile"}
	return collect("patrols", columns, p.Routes, func(r patrol.Route) Feature {
		return Feature{Geometry: r.Line, Values: []any{
			p.ID, r.Unit, r.Shift, cents(r.Metres), cents(r.Seconds), r.Depot, p.Profile}}
	})
}

// Missed are the streets, or pieces of streets, that no route of the plan covers.
func Missed(p patrol.Plan) Collection {
	return collect("missed", []string{"plan", "street", "name", "reason"}, p.Missed, func(m patrol.Missed) Feature {
		return Feature{Geometry: m.Line, Values: []any{p.ID, m.Street, known(m.Name), m.Reason}}
	})
}
