package api_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"gridbeat/routing/dispatch"
)

type features struct {
	Type     string
	Features []struct {
		Geometry   struct{ Type string }
		Properties map[string]any
	}
}

func TestCollectionsCarryWhatTheContractNames(t *testing.T) {
	tn := newTown(t)
	for name, row := range map[string]struct {
		geometry string
		n        int
		keys     string
	}{
		"districts":   {"Polygon", 1, "code name households"},
		"communities": {"", 0, ""},
		"compounds":   {"Polygon", 1, "id name households"},
		"grids":       {"Polygon", 2, "code name district community households exceptions edition valid_from valid_to"},
		"buildings":   {"Point", 2, "id households households_source grid compound"},
		"streets":     {"LineString", 1, "id name class main oneway length_metres"},
		"incidents":   {"Point", 1, "id category priority state grid reported_at answer_due_at close_due_at level"},
		"patrols":     {"LineString", 1, "plan unit shift metres seconds depot"},
		"missed":      {"LineString", 1, "reason"},
		"tracks":      {"LineString", 1, "unit simulated"},
		"coverage":    {"LineString", 1, "street covered_metres length_metres last_visit_at simulated"},
	} {
		t.Run(name, func(t *testing.T) {
			rec := tn.ask("GET", "/api/v1/collections/"+name+"/items", "")
			got := answer[features](t, rec, 200)
			if ct := rec.Header().Get("Content-Type"); ct != "application/geo+json" {
				t.Errorf("content type %q", ct)
			}
			if got.Type != "FeatureCollection" || len(got.Features) != row.n {
				t.Fatalf("%s with %d features, want %d", got.Type, len(got.Features), row.n)
			}
			for _, f := range got.Features {
				if f.Geometry.Type != row.geometry {
					t.Errorf("geometry %s", f.Geometry.Type)
				}
				for key := range strings.FieldsSeq(row.keys) {
					if _, ok := f.Properties[key]; !ok {
						t.Errorf("no %s in %v", key, slices.Sorted(maps.Keys(f.Properties)))
					}
				}
			}
		})
	}
}

func TestBuildingsAreLocatedByTheEditionInForce(t *testing.T) {
	got := answer[features](t, newTown(t).ask("GET", "/api/v1/collections/buildings/items", ""), 200)
	grids := map[any]any{}
	for _, f := range got.Features {
		grids[f.Properties["id"]] = f.Properties["grid"]
	}
	if diff := cmp.Diff(map[any]any{"b1": westGrid, "b2": westGrid}, grids); diff != "" { // b2 stands on the border
		t.Error(diff)
	}
}

func TestAnEmptyStoreGivesEmptyCollections(t *testing.T) {
	tn := emptyTown(t)
	for _, name := range []string{"districts", "grids", "buildings", "streets", "incidents", "patrols", "missed", "tracks", "coverage"} {
		got := answer[features](t, tn.ask("GET", "/api/v1/collections/"+name+"/items", ""), 200)
		if got.Type != "FeatureCollection" || len(got.Features) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	tn := newTown(t)
	for _, path := range []string{"/api/v1/collections/persons/items", "/api/v1/collections/grids/items?edition=9",
		"/api/v1/collections/patrols/items?plan=none", "/api/v1/nothing", "/nothing.js", "/../go.mod"} {
		refused(t, tn.ask("GET", path, ""), 404)
	}
	p := refused(t, tn.ask("GET", "/api/v1/collections/grids/items?edition=first", ""), 400)
	if p.Errors[0].Pointer != "/edition" {
		t.Errorf("got %+v", p.Errors)
	}
	refused(t, tn.ask("DELETE", "/api/v1/station", ""), 405)
}

func TestTagsChangeWithTheStoreOnly(t *testing.T) {
	tn := newTown(t)
	const path = "/api/v1/collections/incidents/items"
	tag := tn.ask("GET", path, "").Header().Get("ETag")
	if rec := tn.ask("GET", path, "", "If-None-Match", `"x", `+tag); rec.Code != 304 || rec.Body.Len() != 0 {
		t.Errorf("status %d with %d bytes", rec.Code, rec.Body.Len())
	}
	if _, err := tn.store.SaveIncidents(t.Context(), []dispatch.Incident{incident("inc-0002", orb.Point{113.505, 22.275})}, noon); err != nil {
		t.Fatal(err)
	}
	rec := tn.ask("GET", path, "", "If-None-Match", tag)
	if got := answer[features](t, rec, 200); len(got.Features) != 2 || rec.Header().Get("ETag") == tag {
		t.Errorf("%d features under %s", len(got.Features), rec.Header().Get("ETag"))
	}
}

func TestLongAnswersAreCompressed(t *testing.T) {
	tn := newTown(t)
	many := make([]dispatch.Incident, 50)
	for i := range many {
		many[i] = incident(fmt.Sprintf("long-%04d", i), orb.Point{113.505, 22.275})
	}
	if _, err := tn.store.SaveIncidents(t.Context(), many, noon); err != nil {
		t.Fatal(err)
	}
	rec := tn.ask("GET", "/api/v1/collections/incidents/items", "", "Accept-Encoding", "gzip")
	if rec.Header().Get("Content-Encoding") != "gzip" || rec.Body.Len() > 5000 {
		t.Fatalf("%d bytes, %v", rec.Body.Len(), rec.Header())
	}
	z, err := gzip.NewReader(rec.Body)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil || !json.Valid(b) {
		t.Errorf("no JSON within: %v", err)
	}
}
