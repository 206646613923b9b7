package api

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/routing/dispatch"
)

const (
	textLimit = 2000 // characters of a report
	keyLimit  = 255  // bytes of an Idempotency-Key
)

// reportRequest is a new incident as a client sends it.
type reportRequest struct {
	Category string   `json:"category"`
	Priority string   `json:"priority"` // normal when absent
	Lon      *float64 `json:"lon"`
	Lat      *float64 `json:"lat"`
	Text     string   `json:"text"`
	Datum    string   `json:"datum"` // wgs84 when absent
}

const reportRemedy = `send {"category", "priority", "lon", "lat"}, with "text" and "datum" where there are any`

// createIncident files a report: it gets its grid, its number, its clocks and the
// person who holds it first. An Idempotency-Key makes a repeated request safe.
func (s *Server) createIncident(c echo.Context) error {
	ctx := c.Request().Context()
	body, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return badBody(err, reportRemedy)
	}
	var ask reportRequest
	if err := json.Unmarshal(body, &ask); err != nil {
		return badBody(err, reportRemedy)
	}
	key := c.Request().Header.Get("Idempotency-Key")
	if len(key) > keyLimit {
		return badField("/Idempotency-Key", "the key is too long", fmt.Sprintf("send at most %d bytes", keyLimit))
	}
	f, err := s.frameNow(ctx)
	if err != nil {
		return err
	}
	i, err := s.report(ask, f)
	if err != nil {
		return err
	}
	if err := s.place(ctx, &i, f); err != nil {
		return err
	}
	print := sha256.Sum256(body)
	stored, created, err := s.store.CreateIncident(ctx, i, dispatch.Intake{Day: dispatch.Day(i.ReportedAt, f.zone), Actor: s.actor(),
		Key: key, Fingerprint: hex.EncodeToString(print[:]), At: i.ReportedAt})
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Location", "/api/v1/incidents/"+stored.ID)
	if !created {
		h.Set("Idempotent-Replayed", "true")
	}
	return writeIncident(c, http.StatusCreated, stored, f.zone)
}

// report checks a request, all of it, and makes an incident of it that has no place yet.
func (s *Server) report(ask reportRequest, f *frame) (dispatch.Incident, error) {
	if ask.Priority == "" {
		ask.Priority = string(dispatch.Normal)
	}
	if ask.Datum == "" {
		ask.Datum = "wgs84"
	}
	var wrong []geo.Finding
	bad := func(pointer, detail, remedy string) {
		wrong = append(wrong, geo.Finding{Rule: "report", Feature: pointer, Detail: detail, Remedy: remedy})
	}
	if !dispatch.KnownCategory(dispatch.Category(ask.Category)) {
		bad("/category", fmt.Sprintf("%q is no category", ask.Category), fmt.Sprintf("give one of %v", dispatch.Categories))
	}
	if p := dispatch.Priority(ask.Priority); p != dispatch.Normal && p != dispatch.Urgent {
		bad("/priority", fmt.Sprintf("%q is no priority", ask.Priority), "give normal or urgent")
	}
	if utf8.RuneCountInString(ask.Text) > textLimit || !utf8.ValidString(ask.Text) || strings.ContainsRune(ask.Text, 0) {
		bad("/text", "the text is too long or no plain text", fmt.Sprintf("give at most %d characters of UTF-8", textLimit))
	}
	datum, err := geo.ParseDatum(ask.Datum)
	if err != nil {
		bad("/datum", fmt.Sprintf("datum %q is not known here", ask.Datum), "give wgs84, gcj02 or bd09")
	}
	var at orb.Point
	switch {
	case ask.Lon == nil:
		bad("/lon", "lon is missing", "give degrees")
	case ask.Lat == nil:
		bad("/lat", "lat is missing", "give degrees")
	default:
		at = orb.Point{*ask.Lon, *ask.Lat}
		if found := checkPosition(at, f.extent); found != nil {
			wrong = append(wrong, *found)
		}
	}
	if len(wrong) > 0 {
		return dispatch.Incident{}, &geo.InputError{Source: "incident", Findings: wrong}
	}
	id, err := s.newID()
	if err != nil {
		return dispatch.Incident{}, err
	}
	i := dispatch.Incident{ID: id, Category: dispatch.Category(ask.Category), Priority: dispatch.Priority(ask.Priority),
		State: dispatch.Reported, Point: geo.RoundE7(datum.ToWGS84(at)), Text: ask.Text, ReportedAt: s.now(), Version: 1}
	i.AnswerDueAt, i.CloseDueAt = dispatch.Due(i.Priority, i.ReportedAt)
	return i, nil
}

// place gives the incident its grid in the edition in force and who holds it first.
func (s *Server) place(ctx context.Context, i *dispatch.Incident, f *frame) error {
	l := district.Location{How: district.Outside}
	ed, err := s.editionOf(ctx, i.ReportedAt)
	switch {
	case err == nil:
		l = ed.locator.Locate(i.Point, nearestLimit)
	case !errors.Is(err, geo.ErrNotFound):
		return err
	}
	i.Grid, i.District, i.How, i.Metres = l.Grid, l.District, string(l.How), float64(l.Metres)
	h := f.ladder.First(i.Priority, i.Grid, i.District)
	i.Level, i.Responsible = h.Level, h.Name
	return nil
}

var idLetters = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// newID draws an id that nobody guesses.
func (s *Server) newID() (string, error) {
	var random [15]byte
	if _, err := io.ReadFull(s.random, random[:]); err != nil {
		return "", fmt.Errorf("draw an id: %w", err)
	}
	return idLetters.EncodeToString(random[:]), nil
}
