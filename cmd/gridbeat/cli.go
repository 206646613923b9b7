package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"gridbeat/geo"
)

// The exit codes of every command.
const (
	exitDone   = 0 // also where points lie outside or streets are missed: that is said
	exitFailed = 1 // a check was asked for and it fails
	exitBad    = 2 // bad usage, bad input, or it could not be done; the store is unchanged
)

// cli is the whole command surface.
type cli struct {
	Quiet bool `env:"GRIDBEAT_QUIET" help:"No progress and no messages; errors are still told."`
	JSON  bool `name:"json" env:"GRIDBEAT_JSON" help:"Results and errors as JSON."`

	Demo      demoCmd     `cmd:"" help:"Make the sample town and serve its map on this machine."`
	Serve     serveCmd    `cmd:"" help:"Serve the map and the API of a store."`
	ServeAll  serveAllCmd `cmd:"" help:"Serve many stations, each from its own database."`
	Work      workCmd     `cmd:"" help:"Work the jobs that servers queue: drawing, planning, imports."`
	Migrate   migrateCmd  `cmd:"" help:"Make a store, or bring one up to date."`
	Import    importCmds  `cmd:"" help:"Bring a file into the store, whole or not at all."`
	Districts struct {
		Cut districtsCutCmd `cmd:"" help:"Cut demonstration districts along main roads where no boundary is known."`
	} `cmd:"" help:"Police districts."`
	Grids struct {
		Draw    gridsDrawCmd    `cmd:"" help:"Draw grids into a new draft."`
		Check   gridsCheckCmd   `cmd:"" help:"Tell every broken rule with its place; exit code 1 when there is one."`
		Publish gridsPublishCmd `cmd:"" help:"Make a draft the edition in force."`
	} `cmd:"" help:"Grids: drafts and editions."`
	Assign  assignCmd `cmd:"" help:"Tell for each point of a file which grid it belongs to."`
	Patrols struct {
		Plan     patrolsPlanCmd     `cmd:"" help:"Plan routes that cover every street."`
		Coverage patrolsCoverageCmd `cmd:"" help:"Tell which streets were truly passed, by the tracks."`
	} `cmd:"" help:"Patrol plans."`
	Solve struct {
		Arcs  solveArcsCmd  `cmd:"" help:"Plan routes that serve every required street of a benchmark file."`
		Grids solveGridsCmd `cmd:"" help:"Group the units of a graph into grids."`
	} `cmd:"" help:"Problems given as files, without a store or a map."`
	Export exportCmd `cmd:"" help:"Write a collection to a file."`
	Store  struct {
		Copy storeCopyCmd `cmd:"" help:"Copy a station from one store to another, and compare both ends."`
	} `cmd:"" help:"Whole stores."`
	Users struct {
		Add     usersAddCmd     `cmd:"" help:"Make an account; its password is read from the terminal or standard input."`
		List    usersListCmd    `cmd:"" help:"Tell the accounts with their roles and tokens."`
		Disable usersDisableCmd `cmd:"" help:"Shut an account and revoke its tokens."`
	} `cmd:"" help:"Accounts of a station."`
	Tokens struct {
		Add    tokensAddCmd    `cmd:"" help:"Make a token by which a program acts for a user, and tell it this once."`
		Revoke tokensRevokeCmd `cmd:"" help:"End a token before its time."`
	} `cmd:"" help:"Tokens of programs."`
	Backup  backupCmd  `cmd:"" help:"Write a copy of a store to a file that is a store itself."`
	Restore restoreCmd `cmd:"" help:"Bring a backup into a new or empty store."`
	Handout handoutCmd `cmd:"" help:"Write the layers to an ordinary GeoPackage for others to work with."`
	Doctor  doctorCmd  `cmd:"" help:"Check a store; exit code 1 when something is wrong."`
	Health  healthCmd  `cmd:"" help:"Ask a running server whether it answers; exit code 1 when it does not."`
	Fence   fenceCmd   `cmd:"" help:"Before a PostgreSQL starts: keep one that was replaced from taking writes."`
}

// errCheckFailed says that a check which was asked for fails. Its findings are
// already told as the command's result.
var errCheckFailed = errors.New("the check fails")

// run is the program without its process: it reads args, does the command and
// returns the exit code. It never ends the process and changes nothing global.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var c cli
	helped := false
	parser, err := kong.New(&c,
		kong.Name("gridbeat"),
		kong.Description("Grid policing on real streets: grids, incidents, patrols, on one map."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(int) { helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		panic(err) // the command structure itself is wrong
	}
	parsed, err := parser.Parse(args)
	if helped {
		return exitDone
	}
	con := newConsole(stdin, stdout, stderr, c.Quiet, c.JSON)
	if err != nil {
		con.fail(fmt.Errorf("%w; see gridbeat --help", err))
		return exitBad
	}
	parsed.BindTo(geo.ActingAs(ctx, "command "+strings.Fields(parsed.Command())[0]), (*context.Context)(nil))
	err = parsed.Run(con)
	con.endProgress()
	return con.exitCode(ctx, err)
}

// exitCode tells what went wrong, once, and returns the code for it.
func (c *console) exitCode(ctx context.Context, err error) int {
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errCheckFailed):
		return exitFailed
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		c.fail(errors.New("stopped; what was not finished is not saved"))
		return exitBad
	}
	c.fail(err)
	return exitBad
}

// fail writes an error to stderr, with the first findings where it has some.
func (c *console) fail(err error) {
	c.endProgress()
	var bad *geo.InputError
	isInput := errors.As(err, &bad)
	if c.json {
		out := struct {
			Error    string        `json:"error"`
			Findings []geo.Finding `json:"findings,omitempty"`
		}{Error: err.Error()}
		if isInput {
			out.Findings = bad.Findings
		}
		_ = json.NewEncoder(c.stderr).Encode(out)
		return
	}
	fmt.Fprintf(c.stderr, "gridbeat: %v\n", err)
	if isInput && len(bad.Findings) > 1 {
		c.findings(bad.Findings[1:])
	}
}
