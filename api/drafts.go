package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"gridbeat/api/geojson"
	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/geo/district/edit"
)

// draftAnswer is a draft as the API tells it.
type draftAnswer struct {
	ID         string         `json:"id"`
	Version    int            `json:"version"`
	Seed       uint64         `json:"seed,string"`
	Min        int            `json:"min"`
	Max        int            `json:"max"`
	CreatedAt  time.Time      `json:"created_at"`
	Households int            `json:"households"`
	Grids      geojsonText    `json:"grids"` // a FeatureCollection
	Warnings   []problemField `json:"warnings"`
}

// geojsonText is a collection that stands in another JSON value.
type geojsonText struct{ geojson.Collection }

// MarshalJSON writes the collection.
func (g geojsonText) MarshalJSON() ([]byte, error) {
	var b strings.Builder
	err := g.WriteGeoJSON(&b)
	return []byte(b.String()), err
}

func (s *Server) writeDraft(c echo.Context, d district.Draft, warnings []geo.Finding) error {
	f, err := s.frameNow(c.Request().Context())
	if err != nil {
		return err
	}
	a := draftAnswer{ID: d.ID, Version: d.Version, Seed: d.Seed, Min: d.Bounds.Min, Max: d.Bounds.Max, CreatedAt: d.CreatedAt.In(f.zone),
		Grids: geojsonText{geojson.DraftGrids(d)}, Warnings: []problemField{}}
	for _, g := range d.Grids {
		a.Households += g.Households
	}
	a.Warnings = append(a.Warnings, fieldsOf(warnings)...)
	h := c.Response().Header()
	h.Set("ETag", versionTag(d.Version))
	h.Set("Cache-Control", "no-cache")
	return c.JSON(http.StatusOK, a)
}

// getDraft answers one draft with its grids.
func (s *Server) getDraft(c echo.Context) error {
	d, err := s.store.Draft(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return s.writeDraft(c, d, nil)
}

// editDraft applies a list of edits to a draft, all of them or none. With If-Match only
// that version is edited.
func (s *Server) editDraft(c echo.Context) error {
	ctx := c.Request().Context()
	body, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return badBody(err, `send [{"op": ...}, ...]`)
	}
	edits, err := edit.Unmarshal(body)
	if err != nil {
		return err
	}
	d, err := s.draftToChange(c)
	if err != nil {
		return err
	}
	sheet, err := s.sheet(ctx, d)
	if err != nil {
		return err
	}
	var warnings []geo.Finding
	steps := make([]edit.Step, len(edits))
	for n, e := range edits {
		out := edit.Apply(sheet, e)
		if len(out.Refused) > 0 {
			return &refusedEdit{n, out.Refused}
		}
		sheet, warnings = out.Next, out.Warnings
		steps[n] = edit.Step{Edit: e, Inverse: out.Inverse}
	}
	next := *sheet.Draft()
	next.Version = d.Version + 1
	if err := s.store.EditDraft(ctx, next, steps, s.now()); err != nil {
		return err
	}
	return s.writeDraft(c, next, warnings)
}

// draftToChange reads the draft and holds it to the version that If-Match names.
func (s *Server) draftToChange(c echo.Context) (district.Draft, error) {
	wanted, err := wantedVersion(c.Request().Header.Get("If-Match"))
	if err != nil {
		return district.Draft{}, err
	}
	d, err := s.store.Draft(c.Request().Context(), c.Param("id"))
	if err == nil && wanted != 0 && wanted != d.Version {
		err = fmt.Errorf("version %d is stored, If-Match names %d: %w", d.Version, wanted, geo.ErrStale)
	}
	return d, err
}

// sheet lays a draft out for editing.
func (s *Server) sheet(ctx context.Context, d district.Draft) (*edit.Sheet, error) {
	g, err := s.ground(ctx)
	if err != nil {
		return nil, err
	}
	var o edit.Options
	all, err := s.store.Editions(ctx)
	if err != nil {
		return nil, err
	}
	for _, info := range all {
		e, err := s.editions.get(ctx, info.Number)
		if err != nil {
			return nil, err
		}
		for _, g := range e.Grids {
			o.UsedCodes = append(o.UsedCodes, g.Code)
		}
	}
	return edit.New(&d, g, o)
}

func (s *Server) ground(ctx context.Context) (g district.Ground, err error) {
	errs := make([]error, 6)
	g.Districts, errs[0] = s.store.Districts(ctx)
	g.Communities, errs[1] = s.store.Communities(ctx)
	g.Streets, errs[2] = s.store.Streets(ctx)
	g.Barriers, errs[3] = s.store.Barriers(ctx)
	g.Compounds, errs[4] = s.store.Compounds(ctx)
	g.Buildings, errs[5] = s.store.Buildings(ctx)
	return g, errors.Join(errs...)
}

// refusedEdit says why one of a list of edits cannot be.
type refusedEdit struct {
	place    int
	findings []geo.Finding
}

func (e *refusedEdit) Error() string {
	return fmt.Sprintf("edit %d is refused: %s", e.place+1, e.findings[0])
}

// publishRequest says from when a draft is to be in force.
type publishRequest struct {
	From time.Time `json:"from"` // now when absent
}

// publishDraft makes a draft the next edition. With If-Match only that version is
// published.
func (s *Server) publishDraft(c echo.Context) error {
	var ask publishRequest
	if _, err := readJSON(c, &ask, `send {"from": RFC3339}, or nothing for now`); err != nil {
		return err
	}
	d, err := s.draftToChange(c)
	if err != nil {
		return err
	}
	now := s.now()
	if ask.From.IsZero() {
		ask.From = now
	}
	e, err := s.store.Publish(c.Request().Context(), d.ID, ask.From, now)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, map[string]any{"edition": e.Number, "grids": len(e.Grids), "valid_from": e.ValidFrom})
}
