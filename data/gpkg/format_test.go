package gpkg_test

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"
	"github.com/paulmach/orb"

	"gridbeat/data/gpkg"
	"gridbeat/data/storetest"
	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/geo/district/edit"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

const validator = "/usr/lib/python3/dist-packages/osgeo_utils/samples/validate_gpkg.py"

// need skips the test where a tool of Debian's GDAL is absent, unless the run
// promises that all tools are there.
func need(t *testing.T, file string) {
	t.Helper()
	if _, err := exec.LookPath(file); err == nil {
		return
	}
	if _, err := os.Stat(file); err == nil {
		return
	}
	if os.Getenv("GRIDBEAT_REQUIRE_TOOLS") != "" {
		t.Fatalf("%s is absent; install gdal-bin and python3-gdal", file)
	}
	t.Skipf("%s is absent; install gdal-bin and python3-gdal to run this", file)
}

var day = time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)

func box(west, south, side float64) orb.Polygon {
	return orb.Polygon{{{west, south}, {west + side, south}, {west + side, south + side}, {west, south + side}, {west, south}}}
}

// fill writes something into every layer, changes some of it and deletes some.
func fill(t *testing.T, s *gpkg.Store) {
	t.Helper()
	ctx := t.Context()
	streets := &geo.StreetMap{
		Streets: []geo.Street{
			{ID: "w1", Name: "路", Class: "primary", Nodes: []int64{1, 2}, Line: orb.LineString{{113.5, 22.2}, {113.52, 22.2}}, Tags: map[string]string{"surface": "asphalt"}},
			{ID: "w2", Class: "service", Nodes: []int64{2, 3}, Line: orb.LineString{{113.52, 22.2}, {113.9, 22.9}}},
		},
		Posts:        []geo.Post{{Node: 2, At: orb.Point{113.52, 22.2}}},
		Restrictions: []geo.Restriction{{ID: "r1", Kind: "no_u_turn", From: "w1", ViaNode: 2, To: "w1"}},
		Barriers:     []geo.Barrier{{ID: "w9", Kind: "rail", Line: orb.LineString{{113.5, 22.2}, {113.6, 22.3}}}},
	}
	grids := func(n int) (gs []district.Grid) {
		for i := range n {
			gs = append(gs, district.Grid{Code: fmt.Sprintf("%015d", i+1), District: "01", Households: 200,
				Exceptions: []string{}, Outline: box(113.5+float64(i)*0.01, 22.2, 0.01)})
		}
		return gs
	}
	districts := []geo.District{{Code: "01", Name: "东", Households: 600, Outline: orb.MultiPolygon{box(113.5, 22.2, 0.03)}}}
	try := func(errs ...error) {
		t.Helper()
		for _, err := range errs {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	try(s.SaveStation(ctx, district.Station{Name: "所", Demo: true, DemoSeed: 1}))
	for pass, side := range []float64{0.5, 0.01} { // the second pass pulls the edges in
		streets.Streets[0].Line[1][0] = 113.5 + side
		_, e1 := s.SaveStreets(ctx, streets, day)
		_, e2 := s.SaveDistricts(ctx, districts, day)
		_, e3 := s.SaveCommunities(ctx, []geo.Community{{Code: "c", District: "01", Outline: orb.MultiPolygon{box(113.5, 22.2, side)}}}, day)
		_, e4 := s.SaveCompounds(ctx, []geo.Compound{{ID: "k", Outline: box(113.5, 22.2, side)}}, day)
		_, e5 := s.SaveBuildings(ctx, crowd(300, side), day)
		_, e6 := s.SaveIncidents(ctx, []dispatch.Incident{{ID: "incident-1", Version: pass + 1, Point: orb.Point{113.5 + side, 22.2}, ReportedAt: day},
			{ID: "incident-2", Point: orb.Point{113.5, 22.2}, ReportedAt: day, AnswerDueAt: day, CloseDueAt: day}}, day)
		_, e7 := s.SavePositions(ctx, []patrol.Position{{Unit: "u", At: day, Point: orb.Point{113.5, 22.2 + side}, Accuracy: 3}}, day)
		_, e8 := s.SaveCoverage(ctx, []patrol.CoveredStreet{{Street: "w1", Line: orb.LineString{{113.5, 22.2}, {113.5 + side, 22.2 + side}}, Length: 9, Last: day}}, day)
		e9 := s.SaveTrips(ctx, []patrol.Trip{{Unit: "u", Since: day, Until: day, Fixes: 1, Digest: fmt.Sprint(side)}}, nil, day)
		_, e10 := s.SaveBlocks(ctx, []geo.Block{{ID: "f", District: "01", Outline: box(113.5, 22.2, side)}, {ID: fmt.Sprint(side), Outline: box(113.5+side, 22.2, side)}}, day)
		try(e1, e2, e3, e4, e5, e6, e7, e8, e9, e10)
		streets.Streets = streets.Streets[:1]
	}
	_, e1 := s.SavePeople(ctx, []dispatch.Person{{ID: "p", Name: "人", Role: dispatch.Leader, Simulated: true}}, day)
	d := district.Draft{ID: "d", Seed: 1, Version: 1, CreatedAt: day, Grids: grids(3), Districts: districts}
	e2 := s.SaveDraft(ctx, d, day)
	_, e3 := s.Publish(ctx, "d", day, day)
	d.Version, d.Grids = 2, grids(2)
	e4 := s.SaveDraft(ctx, d, day)
	_, e5 := s.Publish(ctx, "d", day.Add(time.Hour), day)
	d.Version, d.Grids = 3, grids(1)
	e6 := s.EditDraft(ctx, d, []edit.Step{{Edit: edit.Lock{Grid: "1"}, Inverse: edit.Unlock{Grid: "1"}}}, day)
	e7 := s.SavePlan(ctx, patrol.Plan{ID: "p", CreatedAt: day, Units: []string{"u"}, Shift: 4 * time.Hour, Bound: time.Hour,
		Routes: []patrol.Route{{Unit: "u", Shift: 1, Line: streets.Streets[0].Line}, {Unit: "idle"}},
		Missed: []patrol.Missed{{Street: "w2", Reason: "unreachable", Line: orb.LineString{{113.5, 22.2}, {113.51, 22.21}}}}}, day)
	try(e1, e2, e3, e4, e5, e6, e7)
	storetest.Enrol(t, s, "000000000000001", day)
}

// crowd makes buildings with outlines on a square of that side.
func crowd(n int, side float64) []geo.Building {
	bs := make([]geo.Building, n)
	for i := range bs {
		x, y := 113.5+side*float64(i%100)/100, 22.2+side*float64(i/100)/100
		bs[i] = geo.Building{ID: "b" + strconv.Itoa(i), Kind: "apartments", At: orb.Point{x, y}, Levels: 6,
			Outline: append(box(x, y, 1e-4), box(x+2e-5, y+2e-5, 1e-5)...), Households: 20, Source: geo.Derived}
	}
	return bs
}

func TestFileIsAValidGeoPackage(t *testing.T) {
	need(t, validator)
	need(t, "/usr/bin/python3")
	judge := func(t *testing.T, path string) {
		t.Helper()
		out, err := exec.Command("/usr/bin/python3", validator, "--extra", path).CombinedOutput()
		if err != nil || strings.Contains(strings.ToLower(string(out)), "warning") {
			t.Errorf("validate_gpkg --extra: %v\n%s", err, out)
		}
	}
	t.Run("when it is new", func(t *testing.T) {
		s, path := openFile(t)
		judge(t, closed(t, s, path))
	})
	t.Run("while it is open, after writes, changes and deletes", func(t *testing.T) {
		s, path := openFile(t)
		fill(t, s)
		judge(t, path)
		t.Run("and when it is closed", func(t *testing.T) { judge(t, closed(t, s, path)) })
	})
}

// closed closes the store and checks that the file stands alone.
func closed(t *testing.T, s *gpkg.Store, path string) string {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	beside, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(beside) != 1 {
		t.Errorf("beside the closed store: %v %v", beside, err)
	}
	return path
}

func TestGDALOpensEveryLayer(t *testing.T) {
	need(t, "ogrinfo")
	s, path := openFile(t)
	fill(t, s)
	out, err := exec.Command("ogrinfo", "-al", "-so", closed(t, s, path)).CombinedOutput()
	if err != nil || strings.Contains(string(out), "ERROR") || strings.Contains(string(out), "Warning") {
		t.Fatalf("ogrinfo: %v\n%s", err, out)
	}
	layer := regexp.MustCompile(`(?s)Layer name: (\S+)\n.*?Feature Count: (\d+)`)
	got := map[string]string{}
	for _, m := range layer.FindAllStringSubmatch(string(out), -1) {
		got[m[1]] = m[2]
	}
	for name, count := range map[string]int{
		"districts": 1, "communities": 1, "compounds": 1, "buildings": 300, "streets": 1, "posts": 1, "barriers": 1,
		"grids": 5, "edition_districts": 2, "draft_grids": 1, "draft_districts": 1, "incidents": 2, "incident_history": 0, "tracks": 1, "trips": 1, "coverage": 1,
		"patrols": 2, "missed": 1, "restrictions": 1, "people": 1, "plans": 1, "drafts": 1, "editions": 2, "station": 1,
		"blocks": 2, "draft_edits": 1, "units": 1, "shifts": 1, "notices": 1,
	} {
		if got[name] != strconv.Itoa(count) {
			t.Errorf("layer %s has %q features, want %d", name, got[name], count)
		}
		delete(got, name)
	}
	delete(got, "changes")
	if len(got) != 0 {
		t.Errorf("layers that nobody expects: %v", got)
	}
}

// TestIndexesAndExtents compares each layer's R*Tree and extent with what the
// layer really holds, after writes, changes and deletes.
func TestIndexesAndExtents(t *testing.T) {
	s, path := openFile(t)
	fill(t, s)
	db, err := sql.Open("sqlite3", "file:"+strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(closed(t, s, path)))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	layers := strings.Fields("barriers blocks buildings communities compounds coverage districts draft_districts draft_grids edition_districts grids incidents missed patrols posts streets tracks")
	views := strings.Fields("blocks draft_districts draft_grids edition_districts grids") // of tables that have the index
	var registered int
	if err := db.QueryRow(`SELECT count(*) FROM gpkg_geometry_columns`).Scan(&registered); err != nil || registered != len(layers) {
		t.Errorf("%d layers are registered, want %d: %v", registered, len(layers), err)
	}
	reread := reopen(t, path)
	for _, layer := range layers {
		boxes, err := reread.Boxes(t.Context(), layer)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(views, layer) {
			checkIndex(t, db, layer, boxes)
		}
		checkExtent(t, db, layer, boxes)
	}
	for _, table := range []string{"tiling_grids", "tiling_districts", "tiling_blocks"} {
		boxes, err := reread.Boxes(t.Context(), table)
		if err != nil {
			t.Fatal(err)
		}
		checkIndex(t, db, table, boxes)
	}
}

func checkIndex(t *testing.T, db *sql.DB, layer string, boxes map[int64][4]float64) {
	t.Helper()
	rows, err := db.Query(`SELECT id, minx, maxx, miny, maxy FROM rtree_` + layer + `_geom`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	left := len(boxes)
	for rows.Next() {
		var fid int64
		var in [4]float64
		if err := rows.Scan(&fid, &in[0], &in[1], &in[2], &in[3]); err != nil {
			t.Fatal(err)
		}
		b, ok := boxes[fid]
		// The index keeps float32, rounded outwards.
		if !ok || in[0] > b[0] || in[1] < b[1] || in[2] > b[2] || in[3] < b[3] || in[0] < b[0]-1e-4 || in[1] > b[1]+1e-4 {
			t.Errorf("%s %d: index %v, feature %v (there: %v)", layer, fid, in, b, ok)
		}
		left--
	}
	if err := rows.Err(); err != nil || left != 0 {
		t.Errorf("%s: %d features without an index entry, %v", layer, left, err)
	}
	var check string
	if err := db.QueryRow(`SELECT rtreecheck('rtree_` + layer + `_geom')`).Scan(&check); err != nil || check != "ok" {
		t.Errorf("%s: rtreecheck says %q %v", layer, check, err)
	}
}

func checkExtent(t *testing.T, db *sql.DB, layer string, boxes map[int64][4]float64) {
	t.Helper()
	var in [4]float64
	err := db.QueryRow(`SELECT min_x, max_x, min_y, max_y FROM gpkg_contents WHERE table_name = ?`, layer).Scan(&in[0], &in[1], &in[2], &in[3])
	if err != nil {
		t.Fatalf("%s: %v", layer, err)
	}
	first := true
	var want [4]float64
	for _, b := range boxes {
		if first {
			want, first = b, false
		}
		want = [4]float64{min(want[0], b[0]), max(want[1], b[1]), min(want[2], b[2]), max(want[3], b[3])}
	}
	if in != want {
		t.Errorf("%s: extent %v, want %v", layer, in, want)
	}
}
