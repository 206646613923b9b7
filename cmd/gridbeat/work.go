package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"gridbeat/api"
	"gridbeat/data/gpkg"
	"gridbeat/data/postgis"
	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/geo/job"
	"gridbeat/routing/patrol"
)

// workCmd works the jobs that servers queue, on this machine too.
type workCmd struct {
	storeFlag
	Slots int `default:"1" env:"GRIDBEAT_SLOTS" help:"Jobs at a time."`
}

// Run does the command: it works until the context ends.
func (w *workCmd) Run(ctx context.Context, con *console) error {
	if w.Slots < 1 || w.Slots > 100 {
		return fmt.Errorf("--slots %d: from 1 to 100 jobs at a time", w.Slots)
	}
	return w.use(ctx, func(st store) error {
		con.say("working jobs, %d at a time; stop it with ctrl-C", w.Slots)
		newRunner(con, st, w.Slots).Run(ctx)
		return nil
	})
}

// newRunner is a runner for every kind of job. Its name is the machine, the process and
// the moment: nobody else has it.
func newRunner(con *console, st store, slots int) *job.Runner {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	d := &bench{con, st}
	return &job.Runner{
		Queue: st, Slots: slots, Now: con.now,
		Worker: fmt.Sprintf("%s-%d-%s", host, os.Getpid(), con.now().UTC().Format("150405.000")),
		Log:    con.log(),
		Kinds:  map[string]job.Work{api.JobDraw: d.draw, api.JobPlan: d.plan, api.JobImport: d.importFile, api.JobMatch: d.match},
	}
}

// working runs the runner beside f and waits for both.
func working(ctx context.Context, r *job.Runner, f func() error) error {
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() { r.Run(ctx) })
	err := f()
	cancel()
	done.Wait()
	return err
}

// bench does the work of jobs on a store.
type bench struct {
	con *console
	st  store
}

// held is the store in the hands of a worker: see (*postgis.Store).ForJob.
func held(st store, ticket job.Ticket, result json.RawMessage, at time.Time) store {
	switch s := st.(type) {
	case *gpkg.Store:
		return s.ForJob(ticket, result, at)
	case *postgis.Store:
		return s.ForJob(ticket, result, at)
	}
	panic(fmt.Sprintf("no jobs on a %T", st)) // the wiring is wrong
}

// console is one that tells the task how far the work is, and keeps its result.
func (d *bench) console(t *job.Task) (con *console, said *bytes.Buffer) {
	said = &bytes.Buffer{}
	con = newConsole(strings.NewReader(""), said, io.Discard, true, true)
	con.now, con.onStep = d.con.now, t.Step
	return con, said
}

// mustJSON writes a value that always can be written.
func mustJSON(v any) json.RawMessage {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

// draw makes a draft; saving it ends the job.
func (d *bench) draw(ctx context.Context, t *job.Task) (json.RawMessage, error) {
	var ask api.DrawJob
	if err := json.Unmarshal(t.Input, &ask); err != nil {
		return nil, fmt.Errorf("read the job's input: %w", err)
	}
	con, _ := d.console(t)
	st := held(d.st, t.Ticket, nil, con.now())
	last := held(d.st, t.Ticket, mustJSON(map[string]string{"draft": ask.Draft}), con.now())
	o := district.DrawOptions{Bounds: district.Bounds{Min: ask.Min, Max: ask.Max}, Seed: ask.Seed, District: ask.District,
		TimeLimit: seconds(ask.TimeLimitSeconds)}
	previous, err := planBefore(ctx, con, st, ask.FromDraft, ask.FromEdition)
	if err != nil {
		return nil, err
	}
	o.Previous = previous
	_, err = drawDraft(ctx, con, st, last, o, ask.Draft)
	return nil, err
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// plan makes patrol plans; saving the best, which is the last, ends the job.
func (d *bench) plan(ctx context.Context, t *job.Task) (json.RawMessage, error) {
	var ask api.PlanJob
	if err := json.Unmarshal(t.Input, &ask); err != nil {
		return nil, fmt.Errorf("read the job's input: %w", err)
	}
	con, _ := d.console(t)
	r, err := requestOf(ask)
	if err != nil {
		return nil, err
	}
	st := held(d.st, t.Ticket, nil, con.now())
	if err := r.renew(ctx, st, ask.FromPlan); err != nil {
		return nil, err
	}
	r.keepAsked(ask.Closed != nil, ask.Services != nil, ask.Checkpoints != nil)
	r.last = func(plans []*patrol.Plan) store {
		ids := make([]string, len(plans))
		for i, p := range plans {
			ids[i] = p.ID
		}
		result, told := map[string]any{"plan": ids[0], "plans": ids}, newPlanResult(plans[0])
		if len(told.Services) > 0 {
			result["services"] = told.Services
		}
		if told.Renewed != nil {
			result["renewed"] = told.Renewed
		}
		return held(d.st, t.Ticket, mustJSON(result), con.now())
	}
	_, err = planVariants(ctx, con, st, r)
	return nil, err
}

// requestOf is what a job asks for.
func requestOf(ask api.PlanJob) (planRequest, error) {
	start, err := parseClock(ask.Start)
	r := planRequest{units: ask.Units, depots: ask.Depots, profile: ask.Profile, shift: seconds(ask.ShiftSeconds),
		timeLimit: seconds(ask.TimeLimitSeconds), seed: ask.Seed, district: ask.District, grids: ask.Grids,
		bothSides: ask.BothSides, variants: ask.Variants, within: ask.WithinPercent / 100, offer: ask.Offer,
		closed: ask.Closed, services: services(ask.Services), starts: start.told()}
	for _, k := range ask.Checkpoints {
		until := seconds(k.UntilSeconds)
		if until == 0 {
			until = cmp.Or(r.shift, defaultShift)
		}
		r.checkpoints = append(r.checkpoints, patrol.Checkpoint{Name: k.Name, At: k.At, From: seconds(k.FromSeconds), Until: until, Stay: seconds(k.StaySeconds)})
	}
	return r, err
}

// services are those that a job asks for.
func services(asked []api.Service) (out []patrol.Service) {
	for _, s := range asked {
		out = append(out, patrol.Service{Street: s.Street, Visits: max(1, s.Visits), Apart: seconds(60 * s.ApartMinutes), Unit: s.Unit})
	}
	return out
}

// match brings the coverage up to date with the tracks. Doing it twice does no harm.
func (d *bench) match(ctx context.Context, t *job.Task) (json.RawMessage, error) {
	con, _ := d.console(t)
	st := held(d.st, t.Ticket, nil, con.now())
	plan, err := newestPlan(ctx, st, "")
	if err != nil {
		return nil, err
	}
	found, err := traceTracks(ctx, con, st, plan, autoTracks)
	if err != nil {
		return nil, err
	}
	return mustJSON(found.Updated), nil
}

// importFile brings the job's file into the store by the command that does it from the
// command line. Doing it twice does no harm: an import is an upsert.
func (d *bench) importFile(ctx context.Context, t *job.Task) (json.RawMessage, error) {
	var ask api.ImportJob
	if err := json.Unmarshal(t.Input, &ask); err != nil {
		return nil, fmt.Errorf("read the job's input: %w", err)
	}
	dir, err := os.MkdirTemp("", "gridbeat-import-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, filepath.Base(ask.Name))
	if err := os.WriteFile(file, t.Payload, 0o600); err != nil {
		return nil, err
	}
	con, said := d.console(t)
	flags := importFlags{Files: []string{file}, Datum: ask.Datum}
	flags.given = held(d.st, t.Ticket, nil, con.now())
	if err := importer(ask.Collection, flags).Run(ctx, con); err != nil {
		return nil, withoutFolder(err, dir)
	}
	return json.RawMessage(bytes.TrimSpace(said.Bytes())), nil
}

// importer is the command that imports a collection.
func importer(collection string, f importFlags) interface {
	Run(context.Context, *console) error
} {
	switch collection {
	case "districts":
		return &importDistrictsCmd{importFlags: f}
	case "communities":
		return &importCommunitiesCmd{importFlags: f}
	case "compounds":
		return &importCompoundsCmd{importFlags: f}
	case "buildings":
		return &importBuildingsCmd{importFlags: f}
	case "incidents":
		return &importIncidentsCmd{importFlags: f}
	case "tracks":
		return &importTracksCmd{importFlags: f}
	case "people":
		return &importPeopleCmd{importFlags: f}
	}
	return unknownImport(collection)
}

type unknownImport string

// Run refuses the collection.
func (u unknownImport) Run(context.Context, *console) error {
	return geo.NewInputError("import", geo.Finding{Rule: "collection", Feature: string(u), Detail: "there is no such import",
		Remedy: "ask with one of the collections that the API names"})
}

// withoutFolder is an error without the folder that the file lay in for a moment.
func withoutFolder(err error, dir string) error {
	return &trimmedError{err, dir + string(filepath.Separator)}
}

type trimmedError struct {
	error
	dir string
}

func (e *trimmedError) Error() string { return strings.ReplaceAll(e.error.Error(), e.dir, "") }
func (e *trimmedError) Unwrap() error { return e.error }
