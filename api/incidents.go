package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"gridbeat/geo"
	"gridbeat/routing/dispatch"
)

const (
	defaultZone  = "Asia/Shanghai"
	pageDefault  = 100
	pageMost     = 1000
	cursorLength = 300 // characters at most
)

// incidentAnswer is an incident as the API tells it; times are in the station's zone.
type incidentAnswer struct {
	ID          string    `json:"id"`
	Number      string    `json:"number"`
	Category    string    `json:"category"`
	Priority    string    `json:"priority"`
	State       string    `json:"state"`
	Lon         float64   `json:"lon"`
	Lat         float64   `json:"lat"`
	Grid        *string   `json:"grid"`
	District    *string   `json:"district"`
	How         string    `json:"how"`
	Metres      float64   `json:"metres"`
	Level       string    `json:"level"`
	Responsible *string   `json:"responsible"`
	Text        string    `json:"text"`
	ReportedAt  time.Time `json:"reported_at"`
	AnswerDueAt time.Time `json:"answer_due_at"`
	CloseDueAt  time.Time `json:"close_due_at"`
	Version     int       `json:"version"`
	Allowed     []string  `json:"allowed"` // states that may follow
	Simulated   bool      `json:"simulated"`
}

func tellIncident(i dispatch.Incident, zone *time.Location) incidentAnswer {
	allowed := dispatch.Allowed(i.State)
	if allowed == nil {
		allowed = []string{}
	}
	return incidentAnswer{ID: i.ID, Number: i.Number, Category: string(i.Category), Priority: string(i.Priority), State: i.State,
		Lon: i.Point[0], Lat: i.Point[1], Grid: code(i.Grid), District: code(i.District), How: i.How,
		Metres: math.Round(i.Metres*100) / 100, Level: i.Level, Responsible: code(i.Responsible), Text: i.Text,
		ReportedAt: i.ReportedAt.In(zone), AnswerDueAt: i.AnswerDueAt.In(zone), CloseDueAt: i.CloseDueAt.In(zone),
		Version: i.Version, Allowed: allowed, Simulated: i.Simulated}
}

// entryAnswer is one line of an incident's history.
type entryAnswer struct {
	Version     int       `json:"version"`
	At          time.Time `json:"at"`
	Actor       string    `json:"actor"`
	From        *string   `json:"from"` // null for the report itself
	To          string    `json:"to"`
	Reason      *string   `json:"reason"`
	Outcome     *string   `json:"outcome"`
	Level       string    `json:"level"`
	Responsible *string   `json:"responsible"`
}

// writeIncident answers with an incident and its version as the tag.
func writeIncident(c echo.Context, status int, i dispatch.Incident, zone *time.Location) error {
	h := c.Response().Header()
	h.Set("ETag", versionTag(i.Version))
	h.Set("Cache-Control", "no-cache")
	return c.JSON(status, tellIncident(i, zone))
}

func versionTag(version int) string { return `"` + strconv.Itoa(version) + `"` }

// getIncident answers one incident.
func (s *Server) getIncident(c echo.Context) error {
	ctx := c.Request().Context()
	f, err := s.frameNow(ctx)
	if err != nil {
		return err
	}
	i, err := s.store.Incident(copyWillDo(c), c.Param("id"))
	if err != nil {
		return err
	}
	if tagMatches(c.Request().Header.Get("If-None-Match"), versionTag(i.Version)) {
		c.Response().Header().Set("ETag", versionTag(i.Version))
		return c.NoContent(http.StatusNotModified)
	}
	return writeIncident(c, http.StatusOK, i, f.zone)
}

// getHistory answers what happened to an incident, in order.
func (s *Server) getHistory(c echo.Context) error {
	ctx := c.Request().Context()
	f, err := s.frameNow(ctx)
	if err != nil {
		return err
	}
	if _, err := s.store.Incident(copyWillDo(c), c.Param("id")); err != nil {
		return err
	}
	history, err := s.store.History(copyWillDo(c), c.Param("id"))
	if err != nil {
		return err
	}
	items := make([]entryAnswer, len(history))
	for n, e := range history {
		items[n] = entryAnswer{Version: e.Version, At: e.At.In(f.zone), Actor: e.Actor, From: code(e.From), To: e.To,
			Reason: code(e.Reason), Outcome: code(e.Outcome), Level: e.Level, Responsible: code(e.Responsible)}
	}
	c.Response().Header().Set("Cache-Control", "no-cache")
	return c.JSON(http.StatusOK, map[string]any{"items": items, "next": nil})
}

// listIncidents answers incidents, the newest first: category=, state=, grid=,
// district= and open=true choose, limit= and cursor= page.
func (s *Server) listIncidents(c echo.Context) error {
	ctx := c.Request().Context()
	q, err := incidentQuery(c)
	if err != nil {
		return err
	}
	f, err := s.frameNow(ctx)
	if err != nil {
		return err
	}
	page := q.Limit
	q.Limit++ // one more tells whether there is a next page
	found, err := s.store.FindIncidents(copyWillDo(c), q)
	if err != nil {
		return err
	}
	var next *string
	if len(found) > page {
		found = found[:page]
		last := found[page-1]
		text := encodeCursor(dispatch.Cursor{ReportedAt: last.ReportedAt, ID: last.ID})
		next = &text
	}
	items := make([]incidentAnswer, len(found))
	for n, i := range found {
		items[n] = tellIncident(i, f.zone)
	}
	c.Response().Header().Set("Cache-Control", "no-cache")
	return c.JSON(http.StatusOK, map[string]any{"items": items, "next": next})
}

func incidentQuery(c echo.Context) (q dispatch.Query, err error) {
	q = dispatch.Query{Category: c.QueryParam("category"), State: c.QueryParam("state"),
		Grid: c.QueryParam("grid"), District: c.QueryParam("district"), Limit: pageDefault}
	switch {
	case q.Category != "" && !dispatch.KnownCategory(dispatch.Category(q.Category)):
		return q, badField("/category", fmt.Sprintf("%q is no category", q.Category), fmt.Sprintf("give one of %v", dispatch.Categories))
	case q.State != "" && !dispatch.KnownState(q.State):
		return q, badField("/state", fmt.Sprintf("%q is no state", q.State), fmt.Sprintf("give one of %v", dispatch.States))
	}
	if text := c.QueryParam("open"); text != "" {
		if q.Open, err = strconv.ParseBool(text); err != nil {
			return q, badField("/open", fmt.Sprintf("open %q is neither true nor false", text), "give true or false")
		}
	}
	if text := c.QueryParam("limit"); text != "" {
		if q.Limit, err = strconv.Atoi(text); err != nil || q.Limit < 1 || q.Limit > pageMost {
			return q, badField("/limit", fmt.Sprintf("limit %q is no number from 1 to %d", text, pageMost), "give such a number")
		}
	}
	if text := c.QueryParam("cursor"); text != "" {
		if q.After, err = decodeCursor(text); err != nil {
			return q, badField("/cursor", "the cursor is not one of this server", "take it from next of the page before, or begin without one")
		}
	}
	return q, nil
}

func encodeCursor(at dispatch.Cursor) string {
	return base64.RawURLEncoding.EncodeToString([]byte(at.ReportedAt.UTC().Format(time.RFC3339Nano) + " " + at.ID))
}

func decodeCursor(text string) (at dispatch.Cursor, err error) {
	if len(text) > cursorLength {
		return at, errors.New("too long")
	}
	plain, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return at, err
	}
	reported, id, found := strings.Cut(string(plain), " ")
	if !found || id == "" {
		return at, errors.New("no place")
	}
	at.ID = id
	at.ReportedAt, err = time.Parse(time.RFC3339Nano, reported)
	return at, err
}

// staleError says who changed an incident since it was read.
type staleError struct {
	version int
	by      string
	at      time.Time
}

func (e *staleError) Error() string {
	return fmt.Sprintf("it is version %d since %s, by %s; read it again", e.version, e.at.Format(time.RFC3339), e.by)
}

// stale tells who made the stored version of an incident.
func (s *Server) stale(ctx context.Context, i dispatch.Incident, zone *time.Location) error {
	e := &staleError{version: i.Version, by: "an import", at: i.ReportedAt.In(zone)}
	history, err := s.store.History(ctx, i.ID)
	if err != nil {
		return err
	}
	if n := len(history); n > 0 {
		e.by, e.at = history[n-1].Actor, history[n-1].At.In(zone)
	}
	return e
}

// stepRequest is what a client asks to be done to an incident.
type stepRequest struct {
	To      string `json:"to"`
	Reason  string `json:"reason"`
	Outcome string `json:"outcome"`
}

const stepRemedy = `send {"to": STATE}, with "reason" and "outcome" where there are any`

// advanceIncident takes one step. With If-Match the step is taken only from that
// version; without, from whatever state the incident is in.
func (s *Server) advanceIncident(c echo.Context) error {
	ctx := c.Request().Context()
	var ask stepRequest
	if err := json.NewDecoder(c.Request().Body).Decode(&ask); err != nil {
		return badBody(err, stepRemedy)
	}
	wanted, err := wantedVersion(c.Request().Header.Get("If-Match"))
	if err != nil {
		return err
	}
	f, err := s.frameNow(ctx)
	if err != nil {
		return err
	}
	for {
		stored, err := s.store.Incident(ctx, c.Param("id"))
		if err != nil {
			return err
		}
		if wanted != 0 && wanted != stored.Version {
			return s.stale(ctx, stored, f.zone)
		}
		after, entry, err := stored.Advance(dispatch.Step{To: ask.To, Reason: ask.Reason, Outcome: ask.Outcome, Actor: s.actor(), At: s.now()}, f.ladder)
		if err != nil {
			return err
		}
		err = s.store.AdvanceIncident(ctx, after, entry)
		if errors.Is(err, geo.ErrStale) {
			continue // somebody was faster: judge the step anew
		}
		if err != nil {
			return err
		}
		return writeIncident(c, http.StatusOK, after, f.zone)
	}
}

// wantedVersion reads If-Match; 0 means any.
func wantedVersion(header string) (int, error) {
	header = strings.TrimSpace(header)
	if header == "" || header == "*" {
		return 0, nil
	}
	version, err := strconv.Atoi(strings.Trim(strings.TrimPrefix(header, "W/"), `"`))
	if err != nil || version < 1 {
		return 0, badField("/If-Match", fmt.Sprintf("If-Match %s is no version", header), `send the incident's version in quotes, such as "3"`)
	}
	return version, nil
}

// actor is who acts: without accounts everybody is the same.
func (s *Server) actor() string { return "everyone" }
