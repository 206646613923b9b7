package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"gridbeat/routing/arc"
	"gridbeat/routing/arc/instance"
)

// solveArcsCmd plans routes for an arc-routing benchmark file, without a store or a
// map.
type solveArcsCmd struct {
	Instance  string        `arg:"" help:"Instance: CARP, windy rural postman, or mixed general routing with turn penalties."`
	Vehicles  int           `placeholder:"K" help:"Routes at most; by default what the file tells, and one more where that is the least possible (CARP)."`
	Depots    []int         `placeholder:"NODE,..." help:"Nodes where routes begin and end; the file's depot by default."`
	Objective string        `enum:"minmax,total," default:"" help:"minmax (the longest route) or total; by default total where the file has a capacity, else minmax."`
	TimeLimit time.Duration `default:"10s" help:"Wall time from start to file written."`
	Threads   int           `help:"Cores to use; all by default."`
	Seed      uint64        `default:"1" help:"Seed of all chance."`
	Offer     int           `placeholder:"N" help:"Offer up to N plans instead of one, from the shortest longest route to the least total, as SOLUTION-1.json and so on."`
	Out       string        `short:"o" required:"" placeholder:"SOLUTION.json" help:"Routes to write, each passage a step; - is stdout."`
}

// What is left of the limit to spell the routes out: a share, and seconds a street.
const (
	arcsReserve = 0.01
	arcsSpell   = 10e-6
)

// arcsResult is what solve arcs tells.
type arcsResult struct {
	Objective int     `json:"objective"`
	Bound     int     `json:"lower_bound"`
	BoundBy   string  `json:"bound_by"`
	Gap       float64 `json:"gap_percent"`
	Optimal   bool    `json:"optimal"`
	Routes    int     `json:"routes"`
	Steps     int     `json:"search_steps"`
	Seconds   float64 `json:"seconds"`
}

// String tells the figures; optimal is said only where objective and bound meet.
func (r arcsResult) String() string {
	proved := fmt.Sprintf("gap %.2f %%", r.Gap)
	if r.Optimal {
		proved = "optimal"
	}
	return fmt.Sprintf("objective %d, bound %d (%s), %s; %d routes, %.1f s", r.Objective, r.Bound, r.BoundBy, proved, r.Routes, r.Seconds)
}

// Run does the command.
func (c *solveArcsCmd) Run(ctx context.Context, con *console) error {
	started := time.Now()
	if err := c.check(); err != nil {
		return err
	}
	con.step("read the instance", 0, 0)
	limited, cancel := context.WithDeadline(ctx, started.Add(c.TimeLimit))
	defer cancel()
	plan, err := c.plan(limited)
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%s: %v is not enough to take in the streets; give more time", c.Instance, c.TimeLimit)
	}
	if err != nil {
		return err
	}
	spell := arcsReserve*c.TimeLimit.Seconds() + arcsSpell*float64(plan.Problem.Tasks()*max(1, c.Offer))
	rest := c.TimeLimit - time.Since(started) - time.Duration(spell*float64(time.Second))
	found := arc.Offer(limited, plan.Problem, arc.Options{
		Seed: c.Seed, Threads: c.Threads, TimeLimit: max(rest, time.Millisecond),
		OnBest: func(p arc.Progress) { con.step("search", p.Iterations, 0) },
	}, c.Offer)
	if err := ctx.Err(); err != nil {
		return err
	}
	if !found[0].Feasible {
		return fmt.Errorf("%s: no plan of %d routes within the capacity was found in %v; give more time or --vehicles", c.Instance, plan.Problem.Spec().Vehicles, c.TimeLimit)
	}
	if c.Offer > 0 {
		return c.tellOffer(con, plan, found, started)
	}
	return c.tell(con, plan, found[0], started)
}

// check refuses flags that make no sense and takes the number of cores that it is
// asked to keep to.
func (c *solveArcsCmd) check() error {
	switch {
	case c.TimeLimit <= 0:
		return fmt.Errorf("--time-limit %v: give a time above zero, such as 10s", c.TimeLimit)
	case c.Vehicles < 0:
		return fmt.Errorf("--vehicles %d: give at least 1", c.Vehicles)
	case c.Threads < 0:
		return fmt.Errorf("--threads %d: give at least 1", c.Threads)
	case c.Offer < 0 || c.Offer == 1 || c.Offer > offerMost:
		return fmt.Errorf("--offer %d: give 2 to %d plans", c.Offer, offerMost)
	case c.Offer > 0 && c.Out == "-":
		return errors.New("--out -: an offer is several files; give a name such as plan.json for plan-1.json and so on")
	}
	if c.Threads == 0 {
		c.Threads = runtime.GOMAXPROCS(0)
	} else {
		// The collector of garbage keeps to it too.
		runtime.GOMAXPROCS(c.Threads)
	}
	return nil
}

// plan reads the instance and states it as a problem.
func (c *solveArcsCmd) plan(ctx context.Context) (*instance.Plan, error) {
	f, err := os.Open(c.Instance)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in, err := instance.Read(f, c.Instance)
	if err != nil {
		return nil, err
	}
	o := instance.Options{Vehicles: c.Vehicles, Depots: c.Depots, Threads: c.Threads, Objective: arc.MinMax}
	if c.Objective == "total" || c.Objective == "" && in.Capacity > 0 {
		o.Objective = arc.Total
	}
	plan, err := in.Plan(ctx, c.Instance, o)
	var bad *instance.InputError
	if errors.As(err, &bad) && bad.Field == "vehicles" {
		return nil, fmt.Errorf("%w: --vehicles K", err)
	}
	return plan, err
}

// tell writes the routes and says what is known about them.
func (c *solveArcsCmd) tell(con *console, plan *instance.Plan, r arc.Result, started time.Time) error {
	a, err := plan.Answer(r)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Instance, err)
	}
	if err := writeOut(con, c.Out, a.Write); err != nil {
		return err
	}
	out := arcsResult{Objective: a.Objective, Bound: a.Bound, BoundBy: a.BoundBy, Optimal: a.Objective == a.Bound,
		Routes: len(a.Routes), Steps: r.Iterations, Seconds: time.Since(started).Seconds()}
	if a.Bound > 0 {
		out.Gap = 100 * (float64(a.Objective)/float64(a.Bound) - 1)
	}
	if c.Out == "-" {
		con.say("%s", out)
		return nil
	}
	return con.result(out, out.String())
}
