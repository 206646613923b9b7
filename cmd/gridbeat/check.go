package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

// gridsCheckCmd tells every rule that a draft breaks.
type gridsCheckCmd struct {
	storeFlag
	Draft string `help:"The draft's id; the newest one by default, and without any draft the edition in force."`
}

// checkResult is what a check tells.
type checkResult struct {
	Of       string        `json:"of"`
	Grids    int           `json:"grids"`
	Findings []geo.Finding `json:"findings"`
}

func (r checkResult) String() string {
	if len(r.Findings) == 0 {
		return fmt.Sprintf("%s: %d grids keep every rule", r.Of, r.Grids)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d broken rules in %d grids", r.Of, len(r.Findings), r.Grids)
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "\n  %s", f)
	}
	return b.String()
}

// Run does the command.
func (g *gridsCheckCmd) Run(ctx context.Context, con *console) error {
	return g.use(ctx, func(st store) error {
		d, of, err := g.draft(ctx, con, st)
		if err != nil {
			return err
		}
		findings, err := checkGrids(ctx, st, d)
		if err != nil {
			return err
		}
		if err := con.result(checkResult{of, len(d.Grids), findings}, checkResult{of, len(d.Grids), findings}.String()); err != nil {
			return err
		}
		if len(findings) > 0 {
			return errCheckFailed
		}
		return nil
	})
}

// draft returns the set of grids to check and its name.
func (g *gridsCheckCmd) draft(ctx context.Context, con *console, st store) (district.Draft, string, error) {
	if g.Draft != "" {
		d, err := st.Draft(ctx, g.Draft)
		return d, "draft " + g.Draft, named(err, "draft "+g.Draft)
	}
	d, err := st.NewestDraft(ctx)
	if err == nil {
		return d, "draft " + d.ID, nil
	}
	if !errors.Is(err, geo.ErrNotFound) {
		return d, "", err
	}
	e, found, err := inForce(ctx, st, con.now())
	if err == nil && !found {
		err = errors.New("there is neither a draft nor an edition to check; run gridbeat grids draw first")
	}
	return asDraft(e), fmt.Sprintf("edition %d", e.Number), err
}

// asDraft is the edition's set of grids in the shape that checks take.
func asDraft(e district.Edition) district.Draft {
	return district.Draft{Bounds: e.Bounds, Grids: e.Grids, Districts: e.Districts}
}

func checkGrids(ctx context.Context, st store, d district.Draft) ([]geo.Finding, error) {
	g, err := ground(ctx, st)
	if err != nil {
		return nil, err
	}
	g.Districts = d.Districts
	return district.Check(d.Grids, g, d.Bounds), nil
}
