package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

type location struct {
	ID             json.RawMessage
	Grid, District *string
	How            string
	Metres         float64
	Edition        int
}

func (l location) String() string {
	text := func(s *string) string {
		if s == nil {
			return "none"
		}
		return *s
	}
	return fmt.Sprintf("%s %s %s %.0f %d", text(l.Grid), text(l.District), l.How, l.Metres, l.Edition)
}

func TestLocateTellsTheOneGridOfAPoint(t *testing.T) {
	tn := newTown(t)
	for name, row := range map[string]struct{ query, want string }{
		"inside":                         {"lon=113.505&lat=22.275", westGrid + " 01 inside 0 1"},
		"on the border, the lowest code": {"lon=113.51&lat=22.275", westGrid + " 01 border 0 1"},
		"just outside, the nearest":      {"lon=113.521&lat=22.275", eastGrid + " 01 nearest 103 1"},
		"beyond the limit, none":         {"lon=113.525&lat=22.275", "none none outside 0 1"},
		"in GCJ-02":                      {"lon=113.5104&lat=22.2722&datum=gcj02", westGrid + " 01 inside 0 1"},
		"at a time":                      {"lon=113.505&lat=22.275&at=2026-03-01T09:00:00%2B08:00", westGrid + " 01 inside 0 1"},
	} {
		t.Run(name, func(t *testing.T) {
			got := answer[location](t, tn.ask("GET", "/api/v1/locate?"+row.query, ""), 200)
			if row.want == "none none outside 0 1" {
				got.Metres = 0
			}
			if got.String() != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
}

func TestLocateRefusesWhatIsNoPositionAndNamesTheField(t *testing.T) {
	tn := newTown(t)
	for name, row := range map[string]struct{ query, pointer, says string }{
		"no lon":            {"lat=22.27", "/lon", "missing"},
		"no number":         {"lon=113.5&lat=north", "/lat", "no number"},
		"NaN":               {"lon=NaN&lat=22.27", "/lon", "no number"},
		"infinite":          {"lon=113.5&lat=-Inf", "/lat", "no number"},
		"beyond floats":     {"lon=1e309&lat=22.27", "/lon", "no number"},
		"huge":              {"lon=1e308&lat=22.27", "/lon", "not within"},
		"lat out of range":  {"lon=113.5&lat=91", "/lat", "not within"},
		"swapped axes":      {"lon=22.275&lat=113.505", "/lat", "swapped"},
		"unknown datum":     {"lon=113.5&lat=22.27&datum=mars", "/datum", "gcj02"},
		"a time without it": {"lon=113.5&lat=22.27&at=2026-03-01", "/at", "RFC 3339"},
	} {
		t.Run(name, func(t *testing.T) {
			p := refused(t, tn.ask("GET", "/api/v1/locate?"+row.query, ""), 400)
			if len(p.Errors) != 1 || p.Errors[0].Pointer != row.pointer || !strings.Contains(p.Errors[0].Detail, row.says) {
				t.Errorf("got %+v, want %s at %s", p.Errors, row.says, row.pointer)
			}
		})
	}
}

func TestLocateBeforeTheFirstEditionIsNotFound(t *testing.T) {
	p := refused(t, newTown(t).ask("GET", "/api/v1/locate?lon=113.505&lat=22.275&at=2020-01-01T00:00:00Z", ""), 404)
	if !strings.Contains(p.Detail, "2020-01-01") {
		t.Errorf("got %q", p.Detail)
	}
	refused(t, emptyTown(t).ask("GET", "/api/v1/locate?lon=113.505&lat=22.275", ""), 404)
}

func TestLocateManyKeepsOrderAndIDs(t *testing.T) {
	tn := newTown(t)
	body := `[{"id":"a","lon":113.515,"lat":22.275},{"id":7,"lon":113.505,"lat":22.275},{"lon":113.515,"lat":22.275}]`
	got := answer[[]location](t, tn.ask("POST", "/api/v1/locate", body), 200)
	var lines []string
	for _, l := range got {
		lines = append(lines, string(l.ID)+" "+l.String())
	}
	want := `"a" ` + eastGrid + " 01 inside 0 1\n7 " + westGrid + " 01 inside 0 1\n " + eastGrid + " 01 inside 0 1"
	if strings.Join(lines, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), want)
	}
	if got := tn.ask("POST", "/api/v1/locate", "[]").Body.String(); strings.TrimSpace(got) != "[]" {
		t.Errorf("nothing gives %s", got)
	}
}

func TestLocateManyTellsEveryWrongPoint(t *testing.T) {
	tn := newTown(t)
	p := refused(t, tn.ask("POST", "/api/v1/locate", `[{"lon":113.5,"lat":22.27},{"lon":1e308,"lat":22.27},{"lat":22.27},{"lon":22.27,"lat":113.5}]`), 400)
	var at []string
	for _, e := range p.Errors {
		at = append(at, e.Pointer)
	}
	if got := strings.Join(at, " "); got != "/1/lon /2/lon /3/lat" {
		t.Errorf("got %s", got)
	}
	for name, row := range map[string]struct {
		body   string
		status int
	}{
		"no JSON":       {`lon,lat`, 400},
		"cut off":       {`[{"lon":113.5,`, 400},
		"no list":       {`{"lon":113.5,"lat":22.27}`, 400},
		"text":          {`[{"lon":"113.5","lat":22.27}]`, 400},
		"NaN":           {`[{"lon":NaN,"lat":22.27}]`, 400},
		"beyond floats": {`[{"lon":1e309,"lat":22.27}]`, 400},
		"two lists":     {`[] []`, 400},
		"nothing":       {``, 400},
		"too many":      {"[" + strings.Repeat(`{"lon":1,"lat":1},`, 10_000) + `{"lon":1,"lat":1}]`, 400},
		"too large":     {"[" + strings.Repeat(" ", 5<<20) + "]", 413},
	} {
		t.Run(name, func(t *testing.T) { refused(t, tn.ask("POST", "/api/v1/locate", row.body), row.status) })
	}
}

func TestANewEditionIsLocatedInAtOnce(t *testing.T) {
	tn := newTown(t)
	before := answer[location](t, tn.ask("GET", "/api/v1/locate?lon=113.505&lat=22.275", ""), 200)
	d, err := tn.store.Draft(t.Context(), "draft-01")
	if err != nil {
		t.Fatal(err)
	}
	d.ID, d.Version = "draft-02", 1
	d.Grids[0].Code = "440402001901009"
	if err := tn.store.SaveDraft(t.Context(), d, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := tn.store.Publish(t.Context(), "draft-02", noon, noon); err != nil {
		t.Fatal(err)
	}
	after := answer[location](t, tn.ask("GET", "/api/v1/locate?lon=113.505&lat=22.275", ""), 200)
	then := answer[location](t, tn.ask("GET", "/api/v1/locate?lon=113.505&lat=22.275&at=2026-03-01T09:00:00%2B08:00", ""), 200)
	if before.Edition != 1 || after.String() != "440402001901009 01 inside 0 2" || then.String() != before.String() {
		t.Errorf("before %s, after %s, then %s", before, after, then)
	}
}
