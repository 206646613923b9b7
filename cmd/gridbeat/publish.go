package main

import (
	"context"
	"fmt"
	"time"

	"gridbeat/geo/district"
)

// gridsPublishCmd makes a draft the edition in force.
type gridsPublishCmd struct {
	storeFlag
	Draft string    `required:"" help:"The draft's id; grids draw tells it."`
	From  time.Time `format:"2006-01-02T15:04:05Z07:00" placeholder:"RFC3339" help:"Valid from then on; now by default."`
}

// Run does the command. A draft that breaks a rule can still be published: grids
// check is the place to ask.
func (g *gridsPublishCmd) Run(ctx context.Context, con *console) error {
	return g.use(ctx, func(st store) error {
		now := con.now()
		from := g.From
		if from.IsZero() {
			from = now
		}
		d, err := st.Draft(ctx, g.Draft)
		if err != nil {
			return named(err, "draft "+g.Draft)
		}
		if empty := withoutGrids(d); empty != "" {
			return fmt.Errorf("draft %s holds no grid of district %s; draw the whole territory, without --district, and publish that", g.Draft, empty)
		}
		e, err := st.Publish(ctx, g.Draft, from, now)
		if err != nil {
			return err
		}
		if p, err := newestPlan(ctx, st, ""); err == nil && len(p.Routes) > 0 && p.Edition != e.Number {
			con.say("the newest patrol plan is of other grids; renew it by: gridbeat patrols plan --from-plan %s --store %s", p.ID, g.Store)
		}
		return con.result(
			map[string]any{"edition": e.Number, "grids": len(e.Grids), "valid_from": e.ValidFrom.Format(time.RFC3339)},
			fmt.Sprintf("edition %d: %d grids in %d districts, valid from %s", e.Number, len(e.Grids), len(e.Districts), e.ValidFrom.Format(time.RFC3339)))
	})
}

// withoutGrids is the code of a district that the draft leaves without any grid.
func withoutGrids(d district.Draft) string {
	has := map[string]bool{}
	for _, g := range d.Grids {
		has[g.District] = true
	}
	for _, dist := range d.Districts {
		if !has[dist.Code] {
			return dist.Code
		}
	}
	return ""
}
