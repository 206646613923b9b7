package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"gridbeat/routing/arc"
	"gridbeat/routing/arc/instance"
)

// offerMost is the number of plans that solve arcs offers at most: the time limit is
// shared out to them.
const offerMost = 20

// arcsOffer is what solve arcs tells of several plans.
type arcsOffer struct {
	Plans   []offeredPlan `json:"plans"`
	Seconds float64       `json:"seconds"`
}

// offeredPlan is one plan of an offer.
type offeredPlan struct {
	File    string `json:"file"`
	Longest int    `json:"longest"`
	Total   int    `json:"total"`
	Routes  int    `json:"routes"`
	Bound   int    `json:"lower_bound"` // of the file's objective
	BoundBy string `json:"bound_by"`
}

// String is a line a plan.
func (o arcsOffer) String() string {
	var b strings.Builder
	for _, p := range o.Plans {
		fmt.Fprintf(&b, "%s: longest %d, total %d, %d routes\n", p.File, p.Longest, p.Total, p.Routes)
	}
	fmt.Fprintf(&b, "bound %d (%s); %.1f s", o.Plans[0].Bound, o.Plans[0].BoundBy, o.Seconds)
	return b.String()
}

// tellOffer writes each plan to a file of its own and lists them.
func (c *solveArcsCmd) tellOffer(con *console, plan *instance.Plan, found []arc.Result, started time.Time) error {
	ext := filepath.Ext(c.Out)
	var out arcsOffer
	for i, r := range found {
		a, err := plan.Answer(r)
		if err != nil {
			return fmt.Errorf("%s: %w", c.Instance, err)
		}
		name := fmt.Sprintf("%s-%d%s", strings.TrimSuffix(c.Out, ext), i+1, ext)
		if err := writeOut(con, name, a.Write); err != nil {
			return err
		}
		out.Plans = append(out.Plans, offeredPlan{File: name, Longest: r.Longest, Total: r.Sum,
			Routes: len(a.Routes), Bound: a.Bound, BoundBy: a.BoundBy})
	}
	out.Seconds = time.Since(started).Seconds()
	return con.result(out, out.String())
}
