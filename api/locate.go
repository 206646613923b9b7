package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

const (
	nearestLimit = geo.Metres(200) // beyond it a point outside gets no grid
	locateLimit  = 10_000          // points in one request
)

// place is one point that somebody wants located.
type place struct {
	ID  json.RawMessage `json:"id"`
	Lon *float64        `json:"lon"`
	Lat *float64        `json:"lat"`
}

// location is the answer for one point.
type location struct {
	ID       json.RawMessage `json:"id,omitempty"`
	Grid     *string         `json:"grid"`
	District *string         `json:"district"`
	How      district.How    `json:"how"`
	Metres   float64         `json:"metres"`
	Edition  int             `json:"edition"`
}

// locateOne answers which grid a point belongs to.
func (s *Server) locateOne(c echo.Context) error {
	lon, err := degrees(c, "lon")
	if err != nil {
		return err
	}
	lat, err := degrees(c, "lat")
	if err != nil {
		return err
	}
	out, err := s.locate(c, []place{{Lon: &lon, Lat: &lat}}, "")
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, out[0])
}

// locateMany answers for a list of points, in its order.
func (s *Server) locateMany(c echo.Context) error {
	var places []place
	d := json.NewDecoder(c.Request().Body)
	if err := d.Decode(&places); err != nil {
		return badBody(err, "send a JSON list of {id, lon, lat}")
	}
	if _, err := d.Token(); err != io.EOF {
		return badField("", "more follows the list", "send one JSON list of {id, lon, lat}")
	}
	if len(places) > locateLimit {
		return badField("", fmt.Sprintf("%d points are given", len(places)), fmt.Sprintf("send at most %d in one request", locateLimit))
	}
	out, err := s.locate(c, places, "/%d")
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, out)
}

// locate answers for places; prefix is the pointer to one, with %d for its index.
func (s *Server) locate(c echo.Context, places []place, prefix string) ([]location, error) {
	datum, err := datumOf(c)
	if err != nil {
		return nil, err
	}
	ed, err := s.editionAt(c)
	if err != nil {
		return nil, err
	}
	points, err := s.points(c.Request().Context(), places, prefix)
	if err != nil {
		return nil, err
	}
	out := make([]location, len(points))
	for i, p := range points {
		l := ed.locator.Locate(datum.ToWGS84(p), nearestLimit)
		out[i] = location{ID: places[i].ID, Grid: code(l.Grid), District: code(l.District), How: l.How,
			Metres: math.Round(float64(l.Metres)*100) / 100, Edition: ed.Number}
	}
	return out, nil
}

// editionAt is the edition that was in force at the time asked for, else now.
func (s *Server) editionAt(c echo.Context) (*edition, error) {
	at, err := timeParam(c, "at", s.now())
	if err != nil {
		return nil, err
	}
	return s.editionOf(c.Request().Context(), at)
}

// editionOf is the edition that was in force at a time.
func (s *Server) editionOf(ctx context.Context, at time.Time) (*edition, error) {
	newest, err := s.feed.newest(ctx)
	if err != nil {
		return nil, err
	}
	in, err := s.editions.inForce(ctx, newest.Sequence, at)
	if err != nil {
		return nil, err
	}
	return s.editions.get(ctx, in.Number)
}

// points are the positions of places. All that is wrong with any of them is told
// together, and then nothing is located.
func (s *Server) points(ctx context.Context, places []place, prefix string) ([]orb.Point, error) {
	frame, err := s.frameNow(ctx)
	if err != nil {
		return nil, err
	}
	extent := frame.extent
	out := make([]orb.Point, len(places))
	var wrong []geo.Finding
	for i, p := range places {
		at := ""
		if prefix != "" {
			at = fmt.Sprintf(prefix, i)
		}
		switch {
		case p.Lon == nil:
			wrong = append(wrong, geo.Finding{Rule: "position", Feature: at + "/lon", Detail: "lon is missing", Remedy: "give degrees"})
		case p.Lat == nil:
			wrong = append(wrong, geo.Finding{Rule: "position", Feature: at + "/lat", Detail: "lat is missing", Remedy: "give degrees"})
		default:
			out[i] = orb.Point{*p.Lon, *p.Lat}
			if f := checkPosition(out[i], extent); f != nil {
				f.Feature = at + f.Feature
				wrong = append(wrong, *f)
			}
		}
	}
	if wrong != nil {
		return nil, &geo.InputError{Source: "locate", Findings: wrong}
	}
	return out, nil
}

// checkPosition says what is wrong with a position in a territory, nil when nothing is.
func checkPosition(p orb.Point, territory orb.Bound) *geo.Finding {
	swapped := orb.Point{p[1], p[0]}
	wide := territory.Pad(1)
	switch {
	case geo.ValidPosition(p) && wide.Contains(p):
		return nil
	case geo.ValidPosition(swapped) && !territory.IsEmpty() && wide.Contains(swapped):
		return &geo.Finding{Rule: "swapped-axes", Feature: "/lat", At: &swapped,
			Detail: fmt.Sprintf("lon %v, lat %v lies far off, and the other way round it lies in the territory", p[0], p[1]),
			Remedy: "longitude and latitude look swapped: send lon=" + number(p[1]) + " and lat=" + number(p[0])}
	case !(p[0] >= -180 && p[0] <= 180):
		return &geo.Finding{Rule: "range", Feature: "/lon", Detail: "lon " + number(p[0]) + " is not within -180 to 180 degrees"}
	case !(p[1] >= -90 && p[1] <= 90):
		return &geo.Finding{Rule: "range", Feature: "/lat", Detail: "lat " + number(p[1]) + " is not within -90 to 90 degrees"}
	}
	return nil
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// degrees reads a coordinate from the query.
func degrees(c echo.Context, name string) (float64, error) {
	text := c.QueryParam(name)
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		detail := fmt.Sprintf("%s %q is no number", name, text)
		if text == "" {
			detail = name + " is missing"
		}
		return 0, badField("/"+name, detail, "give degrees, such as "+name+"=22.27")
	}
	return v, nil
}

func timeParam(c echo.Context, name string, missing time.Time) (time.Time, error) {
	text := c.QueryParam(name)
	if text == "" {
		return missing, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, badField("/"+name, fmt.Sprintf("%s %q is no time", name, text),
			"give RFC 3339 with offset, such as 2026-03-01T08:00:00+08:00 (in a query + is written %2B)")
	}
	return t, nil
}

func datumOf(c echo.Context) (geo.Datum, error) {
	text := c.QueryParam("datum")
	if text == "" {
		text = "wgs84"
	}
	d, err := geo.ParseDatum(text)
	if err != nil {
		return d, badField("/datum", fmt.Sprintf("datum %q is not known here", text), "give wgs84, gcj02 or bd09")
	}
	return d, nil
}

// code is s, or nil when s is empty.
func code(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
