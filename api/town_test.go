package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/api"
	"gridbeat/data/gpkg"
	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

var (
	beijing  = time.FixedZone("", 8*3600)
	founded  = time.Date(2026, 3, 1, 8, 0, 0, 0, beijing)
	noon     = time.Date(2026, 3, 1, 12, 0, 0, 0, beijing)
	westGrid = "440402001901001"
	eastGrid = "440402001901002"
)

// town is a store that holds a little of everything, and a server for it.
//
//	113.50    113.51    113.52
//	  +---------+---------+ 22.28
//	  |  west   |  east   |
//	  |  b1     |    i1   |      b1 a building, i1 an incident
//	  +---------+---------+ 22.27
type town struct {
	*api.Server
	store *gpkg.Store
}

func box(w, s, e, n float64) orb.Polygon {
	return orb.Polygon{{{w, s}, {e, s}, {e, n}, {w, n}, {w, s}}}
}

func emptyTown(t *testing.T) town {
	t.Helper()
	store, err := gpkg.Open(t.Context(), filepath.Join(t.TempDir(), "town.gpkg"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	server, err := api.New(api.Config{Store: store, Now: func() time.Time { return noon }, Version: "test", AllRoles: true})
	if err != nil {
		t.Fatal(err)
	}
	return town{server, store}
}

func newTown(t *testing.T) town {
	t.Helper()
	tn := emptyTown(t)
	ctx, s := t.Context(), tn.store
	try := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	try(nil, s.SaveStation(ctx, district.Station{Name: "香洲派出所", NameEn: "Xiangzhou", TimeZone: "Asia/Shanghai",
		Bounds: district.DefaultBounds, Demo: true, DemoSeed: 7, Homes: district.HomesSource{Rule: "by floor area", AssumedShare: 1}}))
	outline := orb.MultiPolygon{{{{113.50, 22.27}, {113.51, 22.27}, {113.52, 22.27}, {113.52, 22.28}, {113.51, 22.28}, {113.50, 22.28}, {113.50, 22.27}}}}
	districts := []geo.District{{Code: "01", Name: "一区", Outline: outline, Households: 500}}
	try(s.SaveStreets(ctx, &geo.StreetMap{Streets: []geo.Street{
		{ID: "w1", Name: "梅华东路", Class: "secondary", Nodes: []int64{1, 2}, Line: orb.LineString{{113.50, 22.275}, {113.52, 22.275}}},
	}}, founded))
	try(s.SaveDistricts(ctx, districts, founded))
	try(s.SaveCompounds(ctx, []geo.Compound{{ID: "c1", Name: "花园", Outline: box(113.502, 22.272, 113.504, 22.274), Households: 200}}, founded))
	try(s.SaveBuildings(ctx, []geo.Building{
		{ID: "b1", Kind: "apartments", At: orb.Point{113.503, 22.273}, Households: 200, Source: geo.Assumed, Compound: "c1"},
		{ID: "b2", Kind: "apartments", At: orb.Point{113.51, 22.273}, Households: 300, Source: geo.Given},
	}, founded))
	try(nil, s.SaveDraft(ctx, district.Draft{ID: "draft-01", Bounds: district.DefaultBounds, CreatedAt: founded, Version: 1, Districts: districts,
		Grids: []district.Grid{
			{Code: westGrid, Name: "西", District: "01", Households: 200, Outline: box(113.50, 22.27, 113.51, 22.28)},
			{Code: eastGrid, Name: "东", District: "01", Households: 300, Outline: box(113.51, 22.27, 113.52, 22.28)},
		}}, founded))
	try(s.Publish(ctx, "draft-01", founded, founded))
	try(s.SaveIncidents(ctx, []dispatch.Incident{incident("inc-0001", orb.Point{113.515, 22.275})}, founded))
	try(s.SavePeople(ctx, []dispatch.Person{{ID: "p1", Name: "李网格", Role: dispatch.Leader, DutyPhone: "000-1234", Grid: westGrid, District: "01", Simulated: true}}, founded))
	try(s.SavePositions(ctx, []patrol.Position{
		{Unit: "甲", At: founded, Point: orb.Point{113.501, 22.275}, Simulated: true},
		{Unit: "甲", At: founded.Add(time.Minute), Point: orb.Point{113.502, 22.275}, Simulated: true},
	}, founded))
	try(s.SaveCoverage(ctx, []patrol.CoveredStreet{{Street: "w1", Line: orb.LineString{{113.50, 22.275}, {113.52, 22.275}},
		Covered: 103.5, Length: 2060, Last: founded.Add(time.Minute), Simulated: true}}, founded))
	try(nil, s.SavePlan(ctx, patrol.Plan{ID: "plan-001", CreatedAt: founded, Edition: 1, Profile: "foot", Units: []string{"甲"},
		Depots: []orb.Point{{113.50, 22.275}}, Shift: 4 * time.Hour, Shifts: 1, Bound: 20 * time.Minute, StreetMetres: 2000, RouteMetres: 4000,
		Routes: []patrol.Route{{Unit: "甲", Shift: 1, Metres: 4000, Seconds: 3000, Depot: orb.Point{113.50, 22.275},
			Line: orb.LineString{{113.50, 22.275}, {113.52, 22.275}, {113.50, 22.275}}}},
		Missed: []patrol.Missed{{Street: "w9", Line: orb.LineString{{113.50, 22.271}, {113.501, 22.271}}, Reason: "unreachable: an island"}},
	}, founded))
	return tn
}

func incident(id string, at orb.Point) dispatch.Incident {
	return dispatch.Incident{ID: id, Number: "20260301-" + id[len(id)-4:], Category: dispatch.Hazard, Priority: dispatch.Normal, State: "reported",
		Point: at, Grid: eastGrid, District: "01", How: "inside", Level: "leader", ReportedAt: founded,
		AnswerDueAt: founded.Add(dispatch.AnswerWithin), CloseDueAt: founded.Add(dispatch.CloseWithin), Version: 1, Simulated: true}
}

// ask sends one request, as a browser on the same machine would, and reads the answer.
func (tn town) ask(method, target string, body string, headers ...string) *httptest.ResponseRecorder {
	var r io.Reader
	if body != "" {
		r = strings.NewReader(body)
	}
	req := httptest.NewRequest(method, target, r)
	req.Host = "127.0.0.1:8080"
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			req.Host = headers[i+1]
		}
	}
	rec := httptest.NewRecorder()
	tn.ServeHTTP(rec, req)
	return rec
}

// answer reads a JSON answer that must have a status.
func answer[T any](t *testing.T, rec *httptest.ResponseRecorder, status int) T {
	t.Helper()
	var v T
	if rec.Code != status {
		t.Fatalf("status %d, want %d: %s", rec.Code, status, rec.Body)
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &v); err != nil {
		t.Fatalf("%v in %s", err, rec.Body)
	}
	return v
}

type problem struct {
	Type, Title, Detail, Instance string
	Status                        int
	Errors                        []struct{ Pointer, Detail string }
}

// refused reads a problem and checks that it is one.
func refused(t *testing.T, rec *httptest.ResponseRecorder, status int) problem {
	t.Helper()
	p := answer[problem](t, rec, status)
	if got := rec.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("content type %q", got)
	}
	if p.Status != status || p.Title == "" || !strings.HasPrefix(p.Type, "urn:gridbeat:problem:") {
		t.Errorf("no whole problem: %s", bytes.TrimSpace(rec.Body.Bytes()))
	}
	return p
}

var _ http.Handler = (*api.Server)(nil)
