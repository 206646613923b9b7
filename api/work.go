package api

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"gridbeat/geo"
)

// DrawJob asks for a new draft. With FromEdition or FromDraft it is a re-plan that
// keeps as much of that plan as the rules allow.
type DrawJob struct {
	District         string  `json:"district,omitempty"` // code; empty for all
	Min              int     `json:"min"`                // households of a grid
	Max              int     `json:"max"`
	Seed             uint64  `json:"seed"`
	TimeLimitSeconds float64 `json:"time_limit_seconds"`
	FromEdition      bool    `json:"from_edition,omitempty"`
	FromDraft        string  `json:"from_draft,omitempty"`

	Draft string `json:"draft"` // id of the draft that it makes; not for clients to choose
}

// ImportJob asks for a file to be brought into the store, whole or not at all.
type ImportJob struct {
	Collection string `json:"collection"`
	Name       string `json:"name"` // of the file: its ending tells the format
	Datum      string `json:"datum"`
}

const (
	mostSeconds  = 1800 // of a search: half an hour
	mostShift    = 24 * time.Hour
	mostUnits    = 500
	mostVariants = 20
	mostClosed   = 10_000

	drawRemedy = `send {"district", "min", "max", "seed", "time_limit_seconds", "from_edition", "from_draft"}, all of them optional`
)

// Collections are those that a file can be imported into over HTTP.
var importable = []string{"districts", "communities", "compounds", "buildings", "incidents", "tracks", "people"}

// wrongs gathers what is wrong with a request.
type wrongs []geo.Finding

func (w *wrongs) unless(good bool, pointer, detail, remedy string) {
	if !good {
		*w = append(*w, geo.Finding{Rule: "request", Feature: pointer, Detail: detail, Remedy: remedy})
	}
}

func (w wrongs) err(source string) error {
	if len(w) == 0 {
		return nil
	}
	return &geo.InputError{Source: source, Findings: w}
}

// readJSON reads a body, which may be empty, into v, and returns it.
func readJSON(c echo.Context, v any, remedy string) ([]byte, error) {
	body, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return nil, badBody(err, remedy)
	}
	if len(body) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(body, v); err != nil {
		return nil, badBody(err, remedy)
	}
	return body, nil
}

// createDraft queues the drawing of a draft.
func (s *Server) createDraft(c echo.Context) error {
	ask := DrawJob{Min: 150, Max: 500, Seed: 1, TimeLimitSeconds: 5}
	body, err := readJSON(c, &ask, drawRemedy)
	if err != nil {
		return err
	}
	var w wrongs
	w.unless(0 < ask.Min && ask.Min <= ask.Max, "/min", fmt.Sprintf("min %d and max %d are no bounds", ask.Min, ask.Max), "give 0 < min <= max")
	w.unless(0 < ask.TimeLimitSeconds && ask.TimeLimitSeconds <= mostSeconds, "/time_limit_seconds", "the time limit is out of range",
		fmt.Sprintf("give more than 0 and at most %d seconds", mostSeconds))
	w.unless(!ask.FromEdition || ask.FromDraft == "", "/from_draft", "from_edition and from_draft are both given", "give one of the two")
	if err := w.err("draft"); err != nil {
		return err
	}
	ctx := c.Request().Context()
	if ask.FromDraft != "" {
		if _, err := s.store.Draft(ctx, ask.FromDraft); err != nil {
			return err
		}
	}
	id, err := s.newID()
	if err != nil {
		return err
	}
	ask.Draft = "draft-" + id
	subject := "draft " + ask.Draft
	if ask.FromDraft != "" {
		subject = "draft " + ask.FromDraft
	}
	return s.addJob(c, JobDraw, subject, ask, body, nil)
}

// createImport queues the import of a file, which is the body: ?collection= says of
// what, ?name= what it is called, ?datum= which coordinates it has.
func (s *Server) createImport(c echo.Context) error {
	file, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return badBody(err, "send the file as the body")
	}
	ask := ImportJob{Collection: c.QueryParam("collection"), Name: c.QueryParam("name"), Datum: c.QueryParam("datum")}
	if ask.Datum == "" {
		ask.Datum = string(geo.WGS84)
	}
	_, datumErr := geo.ParseDatum(ask.Datum)
	var w wrongs
	w.unless(slices.Contains(importable, ask.Collection), "/collection", fmt.Sprintf("%q is no collection to import", ask.Collection),
		"give one of "+strings.Join(importable, ", "))
	w.unless(ask.Name != "" && len(ask.Name) <= 200 && !strings.ContainsAny(ask.Name, "/\\\x00"), "/name", "the file has no name, or a path",
		"give a plain name with its ending, such as homes.csv")
	w.unless(datumErr == nil, "/datum", fmt.Sprintf("datum %q is not known here", ask.Datum), "give wgs84, gcj02 or bd09")
	w.unless(len(file) > 0, "", "the file is empty", "send the file as the body")
	if err := w.err("import"); err != nil {
		return err
	}
	return s.addJob(c, JobImport, "import "+ask.Collection, ask, append([]byte(ask.Collection+"\n"+ask.Name+"\n"+ask.Datum+"\n"), file...), file)
}

// createMatch queues the matching of new tracks to streets, from which coverage follows.
func (s *Server) createMatch(c echo.Context) error {
	return s.addJob(c, JobMatch, "coverage", struct{}{}, nil, nil)
}
