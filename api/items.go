package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"gridbeat/api/geojson"
	"gridbeat/geo"
	"gridbeat/routing/patrol"
)

// choice is which state of a collection is asked for.
type choice struct {
	edition      int    // 0 when none is in force and none was asked for
	plan         string // "" for the newest
	since, until time.Time
}

// collections tells how each collection is read.
var collections = map[string]func(context.Context, *Server, choice) (geojson.Collection, error){
	"districts":   districtItems,
	"communities": whole(geojson.Communities, Store.Communities),
	"compounds":   whole(geojson.Compounds, Store.Compounds),
	"grids":       gridItems,
	"buildings":   buildingItems,
	"streets":     whole(geojson.Streets, Store.Streets),
	"incidents":   whole(geojson.Incidents, Store.Incidents),
	"patrols":     planItems("patrols", geojson.Patrols),
	"missed":      planItems("missed", geojson.Missed),
	"tracks":      trackItems,
	"coverage":    whole(geojson.Coverage, Store.Coverage),
}

// listItems answers a collection as GeoJSON. Its tag changes with every change of
// the store and with the edition in force; who sends it back gets 304.
func (s *Server) listItems(c echo.Context) error {
	name := c.Param("name")
	read, ok := collections[name]
	if !ok {
		return fmt.Errorf("collection %q: %w", name, geo.ErrNotFound)
	}
	ctx := c.Request().Context()
	newest, err := s.feed.newest(ctx)
	if err != nil {
		return err
	}
	want, err := s.choose(c, newest.Sequence)
	if err != nil {
		return err
	}
	tag := fmt.Sprintf(`W/"%s-%d-%d"`, name, newest.Sequence, want.edition)
	h := c.Response().Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "no-cache")
	h.Add("Vary", "Accept-Encoding")
	if tagMatches(c.Request().Header.Get("If-None-Match"), tag) {
		return c.NoContent(http.StatusNotModified)
	}
	items, err := read(ctx, s, want)
	if err != nil {
		return fmt.Errorf("list %s: %w", name, err)
	}
	h.Set("Content-Type", geojson.ContentType)
	c.Response().WriteHeader(http.StatusOK)
	return items.WriteGeoJSON(c.Response())
}

// choose reads the query: edition=N, plan=ID, since= and until=.
func (s *Server) choose(c echo.Context, newest int64) (choice, error) {
	w := choice{plan: c.QueryParam("plan")}
	var err error
	if w.since, err = timeParam(c, "since", time.Time{}); err != nil {
		return w, err
	}
	if w.until, err = timeParam(c, "until", time.Time{}); err != nil {
		return w, err
	}
	if text := c.QueryParam("edition"); text != "" {
		if w.edition, err = strconv.Atoi(text); err != nil || w.edition < 1 {
			return w, badField("/edition", fmt.Sprintf("edition %q is no number of an edition", text), "give 1, 2, ...")
		}
		return w, nil
	}
	in, err := s.editions.inForce(c.Request().Context(), newest, s.now())
	if err != nil && !errors.Is(err, geo.ErrNotFound) {
		return w, err
	}
	w.edition = in.Number
	return w, nil
}

// tagMatches reports whether an If-None-Match header holds the tag, compared weakly.
func tagMatches(header, tag string) bool {
	for t := range strings.SplitSeq(header, ",") {
		if t = strings.TrimSpace(t); t == "*" || strings.TrimPrefix(t, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// whole reads a collection that has one state only.
func whole[T any](write func([]T) geojson.Collection, read func(Store, context.Context) ([]T, error),
) func(context.Context, *Server, choice) (geojson.Collection, error) {
	return func(ctx context.Context, s *Server, _ choice) (geojson.Collection, error) {
		rows, err := read(s.store, ctx)
		return write(rows), err
	}
}

// districtItems are the districts of the edition, whose outlines carry every vertex
// of its grids, else the districts as they were imported.
func districtItems(ctx context.Context, s *Server, w choice) (geojson.Collection, error) {
	if w.edition > 0 {
		if e, err := s.editions.get(ctx, w.edition); err != nil || len(e.Districts) > 0 {
			if err != nil {
				return geojson.Collection{}, err
			}
			return geojson.Districts(e.Districts), nil
		}
	}
	ds, err := s.store.Districts(ctx)
	return geojson.Districts(ds), err
}

func gridItems(ctx context.Context, s *Server, w choice) (geojson.Collection, error) {
	if w.edition == 0 {
		return geojson.Empty("grids"), nil
	}
	e, err := s.editions.get(ctx, w.edition)
	if err != nil {
		return geojson.Collection{}, err
	}
	return geojson.Grids(e.Edition), nil
}

// buildingItems are the buildings, each with its grid in the edition.
func buildingItems(ctx context.Context, s *Server, w choice) (geojson.Collection, error) {
	bs, err := s.store.Buildings(ctx)
	if err != nil || w.edition == 0 {
		return geojson.Buildings(bs, nil), err
	}
	e, err := s.editions.get(ctx, w.edition)
	if err != nil {
		return geojson.Collection{}, err
	}
	return geojson.Buildings(bs, func(p orb.Point) string { return e.locator.Locate(p, 0).Grid }), nil
}

func planItems(name string, write func(patrol.Plan) geojson.Collection) func(context.Context, *Server, choice) (geojson.Collection, error) {
	return func(ctx context.Context, s *Server, w choice) (geojson.Collection, error) {
		if w.plan != "" {
			p, err := s.store.Plan(ctx, w.plan)
			return write(p), err
		}
		p, err := s.store.NewestPlan(ctx)
		if errors.Is(err, geo.ErrNotFound) {
			return geojson.Empty(name), nil
		}
		return write(p), err
	}
}

func trackItems(ctx context.Context, s *Server, w choice) (geojson.Collection, error) {
	ps, err := s.store.Positions(ctx, w.since, w.until)
	return geojson.Tracks(ps), err
}
