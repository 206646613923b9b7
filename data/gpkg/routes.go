package gpkg

import (
	"context"

	"github.com/paulmach/orb"

	"gridbeat/routing/patrol"
)

const (
	listRoutes = `SELECT unit, shift, metres, seconds, depot, steps, geom FROM patrols WHERE plan = ?1 ORDER BY route`

	insertRoute = `INSERT INTO patrols (id, plan, route, unit, shift, metres, seconds, depot, steps, geom)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`

	listMissed        = `SELECT street, name, reason, geom FROM missed WHERE plan = ?1 ORDER BY piece`
	insertMissedPiece = `INSERT INTO missed (id, plan, piece, street, name, reason, geom)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`
)

// step is patrol.Step as it stands in the steps column.
type step struct {
	Street  string  `json:"street"`
	Turn    string  `json:"turn"`
	Metres  float64 `json:"metres"`
	Seconds float64 `json:"seconds"`
	Visit   int     `json:"visit,omitempty"`
}

func insertRoutes(ctx context.Context, t *tx, plan string, routes []patrol.Route) error {
	for n, r := range routes {
		line, err := encode(r.Line)
		if err != nil {
			return refused("route", placeIn(plan, n+1), err)
		}
		steps := make([]step, len(r.Steps))
		for i, s := range r.Steps {
			steps[i] = step(s)
		}
		if err := t.insertFeature(ctx, "patrols", insertRoute, []any{placeIn(plan, n+1), plan, n + 1, r.Unit, r.Shift,
			r.Metres, r.Seconds, asJSON(r.Depot), asJSON(steps), line}); err != nil {
			return err
		}
	}
	return nil
}

func scanRoute(row scanner) (r patrol.Route, err error) {
	var steps []step
	var line []byte
	if err := row.Scan(&r.Unit, &r.Shift, &r.Metres, &r.Seconds, jsonText{&r.Depot}, jsonText{&steps}, &line); err != nil {
		return r, err
	}
	for _, s := range steps {
		r.Steps = append(r.Steps, patrol.Step(s))
	}
	r.Line, err = decode[orb.LineString](line)
	return r, err
}

func insertMissed(ctx context.Context, t *tx, plan string, missed []patrol.Missed) error {
	for n, m := range missed {
		line, err := encode(m.Line)
		if err != nil {
			return refused("missed", placeIn(plan, n+1), err)
		}
		if err := t.insertFeature(ctx, "missed", insertMissedPiece, []any{placeIn(plan, n+1), plan, n + 1, m.Street,
			m.Name, m.Reason, line}); err != nil {
			return err
		}
	}
	return nil
}

func scanMissed(row scanner) (m patrol.Missed, err error) {
	var line []byte
	if err := row.Scan(&m.Street, &m.Name, &m.Reason, &line); err != nil {
		return m, err
	}
	m.Line, err = decode[orb.LineString](line)
	return m, err
}
