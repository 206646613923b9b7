package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

// solveGridsCmd groups the units of a graph into grids, without a store or a map.
type solveGridsCmd struct {
	Graph string `arg:"" help:"Graph of units and borders: JSON with nodes and edges."`
	householdFlags
	TimeLimit *time.Duration `placeholder:"5s" help:"Wall time from start to file written. The search takes all of it when it is given; else it ends when it settles, after 5s at most."`
	Threads   int            `help:"Cores to use; all by default."`
	Seed      uint64         `default:"1" help:"Seed of all chance."`
	Previous  string         `placeholder:"FILE" help:"Labels of the plan in force: change little of it."`
	Lock      []string       `placeholder:"LABEL" help:"Grids of --previous that stay as they are."`
	Report    string         `placeholder:"FILE" help:"Measures of the plan, certificates of what no plan can bring within bounds, and with --previous what changes hands: as text where the name ends in .txt, else as JSON."`
	Out       string         `short:"o" default:"-" help:"Labels to write, a JSON list in the order of the units; - is stdout."`
}

// solveLimit is the time limit when none is given.
const solveLimit = 5 * time.Second

// solveReserve is the share of the limit that is left to write the answer.
const solveReserve = 0.04

// solveReading is the share of the limit that is taken to go by before the search.
const solveReading = 0.08

// Run does the command.
func (c *solveGridsCmd) Run(ctx context.Context, con *console) error {
	started := time.Now()
	bounds, err := c.check()
	if err != nil {
		return err
	}
	con.step("read the graph", 0, 0)
	g, err := readFile(c.Graph, con.stdin, district.ReadGraph)
	if err != nil {
		return err
	}
	o := district.SearchOptions{
		Bounds: bounds, Objective: district.SearchObjective(bounds), Judge: district.DefaultObjective(bounds), Seed: c.Seed, Threads: c.Threads,
		OnProgress: func(done, total int) { con.step("group units into grids", done, total) },
	}
	var reach district.Reach
	o.OnReach = func(r district.Reach) { reach = r }
	var before *previousPlan
	if c.Previous != "" {
		if before, err = c.previous(len(g.Units)); err != nil {
			return err
		}
		o.From = &district.Incumbent{Home: before.home, Worth: district.DefaultWorth}
		if o.From.Locked, err = before.numbers(c.Lock); err != nil {
			return err
		}
	}
	limit := solveLimit
	if c.TimeLimit != nil {
		limit = *c.TimeLimit
	}
	// A limit that is given is used up; the one that is not only ends what takes long.
	// What the search means to do follows from the limit, not from how fast the file
	// was read, so that another run does the same.
	if c.TimeLimit != nil {
		o.TimeLimit = time.Duration((1 - solveReading) * float64(limit))
	}
	ctx, cancel := context.WithDeadline(ctx, started.Add(time.Duration((1-solveReserve)*float64(limit))))
	defer cancel()
	plan := district.Search(ctx, g, o)
	if err := ctx.Err(); errors.Is(err, context.Canceled) {
		return err
	}
	return c.write(con, g, plan, before, bounds, reach, started)
}

// check refuses flags that make no sense and takes the number of cores that it is
// asked to keep to.
func (c *solveGridsCmd) check() (district.Bounds, error) {
	bounds, err := c.householdFlags.bounds()
	switch {
	case err != nil:
		return bounds, err
	case c.TimeLimit != nil && *c.TimeLimit <= 0:
		return bounds, fmt.Errorf("--time-limit %v: give a time above zero, such as 5s", *c.TimeLimit)
	case len(c.Lock) > 0 && c.Previous == "":
		return bounds, fmt.Errorf("--lock %s: give the plan that has this grid with --previous", c.Lock[0])
	case c.Threads < 0:
		return bounds, fmt.Errorf("--threads %d: give at least 1", c.Threads)
	}
	if c.Threads > 0 {
		// The collector of garbage keeps to it too.
		runtime.GOMAXPROCS(c.Threads)
	}
	return bounds, nil
}

// readFile reads a file, or stdin for -.
func readFile[T any](name string, stdin io.Reader, read func(name string, r io.Reader) (T, error)) (T, error) {
	if name == "-" {
		return read("stdin", stdin)
	}
	f, err := os.Open(name)
	if err != nil {
		var none T
		return none, err
	}
	defer f.Close()
	return read(name, f)
}

// previousPlan is the plan in force as its file holds it.
type previousPlan struct {
	labels []any   // by unit: a string or a json.Number
	home   []int32 // by unit: the number of its label
	names  []any   // by number
}

// previous reads the plan in force.
func (c *solveGridsCmd) previous(units int) (*previousPlan, error) {
	return readFile(c.Previous, nil, func(name string, r io.Reader) (*previousPlan, error) {
		refuse := func(rule, detail string) error {
			return geo.NewInputError(name, geo.Finding{Rule: rule, Detail: detail, Remedy: "give a JSON list of labels in the order of the units"})
		}
		p := &previousPlan{}
		d := json.NewDecoder(r)
		d.UseNumber()
		if err := d.Decode(&p.labels); err != nil {
			return nil, refuse("json", err.Error())
		}
		if len(p.labels) != units {
			return nil, refuse("labels", fmt.Sprintf("%d labels for %d units", len(p.labels), units))
		}
		number := map[any]int32{}
		for u, l := range p.labels {
			if !isLabel(l) {
				return nil, refuse("label", fmt.Sprintf("label %d is no whole number and no string", u))
			}
			if _, ok := number[l]; !ok {
				number[l] = int32(len(p.names))
				p.names = append(p.names, l)
			}
			p.home = append(p.home, number[l])
		}
		return p, nil
	})
}

func isLabel(l any) bool {
	if n, ok := l.(json.Number); ok {
		_, err := n.Int64()
		return err == nil
	}
	_, ok := l.(string)
	return ok
}

// numbers are those of some labels, which JSON may hold as strings or as numbers.
func (p *previousPlan) numbers(labels []string) ([]int32, error) {
	var out []int32
	for _, label := range labels {
		i := slices.IndexFunc(p.names, func(name any) bool { return fmt.Sprint(name) == label })
		if i < 0 {
			return nil, fmt.Errorf("--lock %s: no unit of --previous has this label", label)
		}
		out = append(out, int32(i))
	}
	return out, nil
}

// solveReport is the report's file: measures, why grids out of bounds must be, and what
// changes hands.
type solveReport struct {
	district.Measures
	Certificates []district.Certificate `json:"certificates"`
	Windows      []district.Window      `json:"windows"` // how far from the best parts of the plan can be, as far as time allowed to tell
	Handovers    district.Handovers     `json:"handovers,omitempty"`
}

// String renders the report for a terminal.
func (r solveReport) String() string {
	var b strings.Builder
	fmt.Fprintln(&b, r.Measures)
	for _, c := range r.Certificates {
		fmt.Fprintf(&b, "%-20s units %v hold %d households\n", c.Kind, c.Units, c.Households)
		for _, remedy := range c.Remedies {
			fmt.Fprintf(&b, "%-20s %s\n", "", remedy)
		}
	}
	for _, w := range r.Windows {
		fmt.Fprintln(&b, w)
	}
	if len(r.Handovers) > 0 {
		b.WriteString(r.Handovers.String())
	}
	return b.String()
}

// write writes the labels and the report and tells what came out.
func (c *solveGridsCmd) write(con *console, g *district.Graph, plan district.Partition, before *previousPlan, bounds district.Bounds, reach district.Reach, started time.Time) error {
	var labels any = plan
	var handovers district.Handovers
	var moved float64
	if before != nil {
		kept := district.KeepLabels(g, plan, before.home)
		after := before.name(kept)
		labels, moved = after, district.Moved(g, kept, before.home)
		handovers = district.CompareLabels(g, asText(before.labels), asText(after))
	}
	err := writeOut(con, c.Out, func(w io.Writer) error { return json.NewEncoder(w).Encode(labels) })
	if err != nil {
		return err
	}
	seconds := time.Since(started).Seconds()
	certificates := append([]district.Certificate{}, district.Certificates(g, bounds)...)
	r := solveReport{district.Measure(g, plan, bounds, certificates), certificates, append([]district.Window{}, reach.Windows...), handovers}
	r.Seed, r.Rounds, r.Late, r.Moved, r.Seconds = c.Seed, reach.Rounds, reach.Late, moved, seconds
	if c.Report != "" {
		if err := writeOut(con, c.Report, reportWriter(r, c.Report)); err != nil {
			return err
		}
	}
	con.say("%s", r.Measures)
	if len(r.Windows) > 0 {
		con.say("%s", district.SumWindows(r.Windows))
	}
	return nil
}

func asText(labels []any) []string {
	out := make([]string, len(labels))
	for i, l := range labels {
		out[i] = fmt.Sprint(l)
	}
	return out
}

// name gives grids that stay their labels of before, and new ones labels that were
// not there.
func (p *previousPlan) name(grids []int32) []any {
	taken := map[any]bool{}
	for _, l := range p.names {
		taken[l] = true
	}
	fresh := map[int32]any{}
	next := 0
	out := make([]any, len(grids))
	for u, n := range grids {
		if int(n) < len(p.names) {
			out[u] = p.names[n]
			continue
		}
		for fresh[n] == nil {
			label := json.Number(fmt.Sprint(next))
			if !taken[label] && !taken[label.String()] {
				fresh[n], taken[label] = label, true
			}
			next++
		}
		out[u] = fresh[n]
	}
	return out
}
