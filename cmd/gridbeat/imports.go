package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gridbeat/geo"
)

// importCmds are the imports, one for each collection.
type importCmds struct {
	Streets     importStreetsCmd     `cmd:"" help:"Streets, barriers and turn restrictions of an OpenStreetMap .osm.pbf."`
	Districts   importDistrictsCmd   `cmd:"" help:"Police districts of a GeoJSON, or boundaries of a .osm.pbf."`
	Communities importCommunitiesCmd `cmd:"" help:"Communities of a GeoJSON; grids do not cross them."`
	Compounds   importCompoundsCmd   `cmd:"" help:"Residential compounds of a GeoJSON or a .osm.pbf."`
	Buildings   importBuildingsCmd   `cmd:"" help:"Buildings with their households, of a table, a GeoJSON or a .osm.pbf."`
	Incidents   importIncidentsCmd   `cmd:"" help:"Incidents of a table or a GeoJSON."`
	Tracks      importTracksCmd      `cmd:"" help:"Positions of patrol units, of a table, a GeoJSON or a GPX."`
	People      importPeopleCmd      `cmd:"" help:"Staff and volunteers: name, role, duty phone, grid. Never residents."`
}

// importFlags are the flags of every import.
type importFlags struct {
	storeFlag
	Files  []string `arg:"" name:"file" help:"The file to read; several are read as one."`
	Datum  string   `enum:"wgs84,gcj02,bd09" default:"wgs84" help:"Coordinate system of the file: wgs84, gcj02 or bd09."`
	DryRun bool     `help:"Read, check and count, but save nothing; exit code 1 when the file would be refused."`
}

// importResult is what an import tells.
type importResult struct {
	Collection string        `json:"collection"`
	Added      int           `json:"added"`
	Changed    int           `json:"changed"`
	Retired    int           `json:"retired"`
	Unchanged  int           `json:"unchanged"`
	DryRun     bool          `json:"dry_run,omitempty"`
	Refused    bool          `json:"refused,omitempty"`
	Findings   []geo.Finding `json:"findings,omitempty"` // what was left out, or why it is refused
}

func newImportResult(collection string, c geo.Counts) importResult {
	return importResult{Collection: collection, Added: c.Added, Changed: c.Changed, Retired: c.Retired, Unchanged: c.Unchanged}
}

func (r importResult) String() string {
	if r.Refused {
		return fmt.Sprintf("%s: the file would be refused, %d findings", r.Collection, len(r.Findings))
	}
	s := fmt.Sprintf("%s: %d added, %d changed, %d retired, %d unchanged", r.Collection, r.Added, r.Changed, r.Retired, r.Unchanged)
	if n := len(r.Findings); n > 0 {
		s += fmt.Sprintf("; %d findings", n)
	}
	if r.DryRun {
		s += " (dry run, nothing is saved)"
	}
	return s
}

// work is an import after its file was read: what to save, and what to tell.
type work struct {
	findings []geo.Finding // told, not fatal
	save     func(context.Context, store) (geo.Counts, error)
}

// do reads with read and saves what comes of it. Nothing is opened for writing
// before the whole file is read and found good.
func (f importFlags) do(ctx context.Context, con *console, collection string, read func(context.Context) (work, error)) error {
	if f.given == nil {
		if err := f.known(); err != nil {
			return err
		}
	}
	r, err := f.readAndSave(ctx, con, collection, read)
	var bad *geo.InputError
	if f.DryRun && errors.As(err, &bad) {
		con.findings(bad.Findings)
		r = importResult{Collection: collection, DryRun: true, Refused: true, Findings: bad.Findings}
		return errors.Join(con.result(r, r.String()), errCheckFailed)
	}
	if err != nil {
		return err
	}
	return con.result(r, r.String())
}

func (f importFlags) readAndSave(ctx context.Context, con *console, collection string, read func(context.Context) (work, error)) (importResult, error) {
	w, err := read(ctx)
	if err != nil {
		return importResult{}, err
	}
	if len(w.findings) > 0 {
		con.say("%d findings:", len(w.findings))
		con.findings(w.findings)
	}
	target := f.storeFlag
	target.rehearse = f.DryRun
	var counts geo.Counts
	err = target.make(ctx, func(st store) error {
		counts, err = w.save(ctx, st)
		return err
	})
	r := newImportResult(collection, counts)
	r.DryRun, r.Findings = f.DryRun, w.findings
	return r, err
}

// isMap reports whether the file is an OpenStreetMap extract, by its name.
func isMap(file string) bool { return strings.HasSuffix(file, ".pbf") }

// oneFile is the single file of an import that reads no more than one.
func (f importFlags) oneFile() (string, error) {
	if len(f.Files) != 1 {
		return "", fmt.Errorf("%d files are given; this import replaces its collection and reads one", len(f.Files))
	}
	return f.Files[0], nil
}
