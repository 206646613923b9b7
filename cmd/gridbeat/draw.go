package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

// gridsDrawCmd draws grids into a new draft; nothing is in force before it is
// published.
type gridsDrawCmd struct {
	storeFlag
	District string `placeholder:"CODE" help:"Only that district."`
	householdFlags
	Seed        uint64        `default:"1" help:"Seed of all chance."`
	TimeLimit   time.Duration `default:"5s" help:"Wall time."`
	FromEdition bool          `help:"Keep as much of the edition in force as the rules allow; locked grids stay as they are."`
	FromDraft   string        `placeholder:"ID" help:"Keep as much of that draft as the rules allow; locked grids stay as they are."`
	Picture     string        `placeholder:"FILE.svg" help:"Also draw the plan as a picture."`
	Report      string        `placeholder:"FILE" help:"Also write the measures of the plan, and what changes hands: as text where the name ends in .txt, else as JSON."`
}

// drawResult is what grids draw tells.
type drawResult struct {
	Draft     string           `json:"draft"`
	Grids     int              `json:"grids"`
	Districts int              `json:"districts"`
	Report    *district.Report `json:"report"`
}

// Run does the command.
func (g *gridsDrawCmd) Run(ctx context.Context, con *console) error {
	bounds, err := g.householdFlags.bounds()
	if err != nil {
		return err
	}
	if g.TimeLimit <= 0 {
		return fmt.Errorf("--time-limit %v: give a time above zero, such as 5s", g.TimeLimit)
	}
	if g.FromEdition && g.FromDraft != "" {
		return errors.New("--from-edition --from-draft: give one of the two")
	}
	return g.use(ctx, func(st store) error {
		o := district.DrawOptions{Bounds: bounds, Seed: g.Seed, TimeLimit: g.TimeLimit, District: g.District}
		if o.Previous, err = planBefore(ctx, con, st, g.FromDraft, g.FromEdition); err != nil {
			return err
		}
		r, err := drawDraft(ctx, con, st, st, o, newID("draft", con.now()))
		if err != nil {
			return err
		}
		if g.Picture != "" {
			if err := drawPicture(ctx, st, r.Draft, g.Picture); err != nil {
				return err
			}
		}
		if g.Report != "" {
			if err := writeOut(con, g.Report, reportWriter(r.Report, g.Report)); err != nil {
				return err
			}
		}
		return con.result(r, fmt.Sprintf("draft %s: %d grids in %d districts\n%s", r.Draft, r.Grids, r.Districts, r.Report))
	})
}

// planBefore is the plan that the new one starts from, nil for none: a draft, or the
// edition in force.
func planBefore(ctx context.Context, con *console, st store, draft string, edition bool) (*district.Edition, error) {
	switch {
	case draft != "":
		d, err := st.Draft(ctx, draft)
		if err != nil {
			return nil, fmt.Errorf("--from-draft: %w", err)
		}
		return &district.Edition{Bounds: d.Bounds, Grids: d.Grids, Districts: d.Districts}, nil
	case edition:
		e, found, err := inForce(ctx, st, con.now())
		if err == nil && !found {
			err = errors.New("--from-edition: no edition is in force; draw without it first")
		}
		return &e, err
	}
	return nil, nil
}

// reportWriter writes a report as text where the file's name ends in .txt, else as JSON.
func reportWriter(report fmt.Stringer, name string) func(io.Writer) error {
	return func(w io.Writer) error {
		if !strings.EqualFold(filepath.Ext(name), ".txt") {
			return json.NewEncoder(w).Encode(report)
		}
		_, err := io.WriteString(w, strings.TrimRight(report.String(), "\n")+"\n")
		return err
	}
}

// pictureWidth is that of the plan's picture, in pixels.
const pictureWidth = 1600

// drawPicture writes a draft as an SVG picture.
func drawPicture(ctx context.Context, st store, draft, file string) (err error) {
	d, err := st.Draft(ctx, draft)
	if err != nil {
		return err
	}
	g, err := ground(ctx, st)
	if err != nil {
		return err
	}
	f, err := os.Create(file)
	if err != nil {
		return fmt.Errorf("draw the picture: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return district.WriteSVG(f, &d, g, pictureWidth)
}

// drawDraft draws from what the store holds, and saves the blocks that it drew from, then
// the draft under the id through last, which in the hands of a worker ends the job.
func drawDraft(ctx context.Context, con *console, st, last store, o district.DrawOptions, id string) (drawResult, error) {
	started := time.Now()
	station, err := st.Station(ctx)
	if err != nil {
		return drawResult{}, err
	}
	g, err := ground(ctx, st)
	if err != nil {
		return drawResult{}, err
	}
	if len(g.Districts) == 0 {
		return drawResult{}, geo.NewInputError("the store", geo.Finding{
			Rule: "no-districts", Detail: "it holds no districts to draw in",
			Remedy: "import them: gridbeat import districts FILE, or cut some: gridbeat districts cut --count 4",
		})
	}
	if o.UsedCodes, err = usedCodes(ctx, st, o.Previous); err != nil {
		return drawResult{}, err
	}
	o.CodePrefix, o.Now, o.OnProgress, o.Blocks = station.CodePrefix, con.now(), con.step, true
	if o.TimeLimit > 0 { // reading the store has had its part of it
		o.TimeLimit = max(time.Millisecond, o.TimeLimit-time.Since(started))
	}
	d, report, err := district.Draw(ctx, g, o)
	if err != nil {
		return drawResult{}, err
	}
	d.ID, d.Version = id, 1
	if _, err := st.SaveBlocks(ctx, report.DrawnFrom, con.now()); err != nil {
		return drawResult{}, err
	}
	if err := last.SaveDraft(ctx, *d, con.now()); err != nil {
		return drawResult{}, err
	}
	return drawResult{Draft: d.ID, Grids: len(d.Grids), Districts: len(d.Districts), Report: report}, nil
}

// usedCodes are the codes of all editions but those that the previous one keeps: a
// code is never used again for another grid.
func usedCodes(ctx context.Context, st store, previous *district.Edition) ([]string, error) {
	used := map[string]bool{}
	all, err := st.Editions(ctx)
	if err != nil {
		return nil, err
	}
	for _, info := range all {
		e, err := st.Edition(ctx, info.Number)
		if err != nil {
			return nil, err
		}
		for _, g := range e.Grids {
			used[g.Code] = true
		}
	}
	if previous != nil {
		for _, g := range previous.Grids {
			delete(used, g.Code)
		}
	}
	return slices.Sorted(maps.Keys(used)), nil
}
