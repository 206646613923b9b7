package main

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

const incidentTable = `id,category,priority,lon,lat,reported_at,text
incident-1,hazard,,113.537,22.277,2026-01-05T08:00:00+08:00,路面破损
incident-2,emergency,urgent,113.53,22.272,2026-01-05T08:05:00+08:00,
incident-3,inquiry,normal,113.9,22.277,2026-01-05T09:00:00+08:00,
`

// properties returns the properties of an exported collection.
func properties(t *testing.T, store, collection string) []map[string]any {
	t.Helper()
	var fc struct {
		Features []struct{ Properties map[string]any }
	}
	if err := json.Unmarshal([]byte(must(t, "export", collection, "--store", store)), &fc); err != nil {
		t.Fatal(err)
	}
	var all []map[string]any
	for _, f := range fc.Features {
		all = append(all, f.Properties)
	}
	return all
}

func TestIncidentsGetGridNumberAndHolder(t *testing.T) {
	store := newTown(t)
	grid, _ := properties(t, store, "grids")[0]["code"].(string)
	all := properties(t, store, "grids")
	var people strings.Builder
	people.WriteString("id,name,role,duty_phone,grid,district\n")
	for _, g := range all {
		code := g["code"].(string)
		people.WriteString("leader-" + code + ",网格长 " + code + ",网格长,," + code + "," + g["district"].(string) + "\n")
	}
	if grid == "" {
		t.Fatal("no grid")
	}
	said := must(t, "import", "people", writeFile(t, "people.csv", people.String()), "--store", store)
	if !strings.Contains(said, " added, 0 changed") {
		t.Errorf("people: %q", said)
	}
	file := writeFile(t, "incidents.csv", incidentTable)
	must(t, "import", "incidents", file, "--store", store)
	want := map[string][]any{
		"incident-1": {"20260105-0001", "inside", "leader", "reported"},
		"incident-2": {"20260105-0002", "inside", "command", "reported"},
		"incident-3": {"20260105-0003", "outside", "station", "reported"},
	}
	for _, i := range properties(t, store, "incidents") {
		w := want[i["id"].(string)]
		if i["number"] != w[0] || i["how"] != w[1] || i["level"] != w[2] || i["state"] != w[3] {
			t.Errorf("%v: %v", i["id"], i)
		}
	}
	if again := must(t, "import", "incidents", file, "--store", store); !strings.HasPrefix(again, "incidents: 0 added, 0 changed, 0 retired, 3 unchanged") {
		t.Errorf("the second import says %q", again)
	}
}

func TestTracksAreImported(t *testing.T) {
	store := newTown(t)
	file := writeFile(t, "t.csv", "unit,lon,lat,at\nu1,113.537,22.277,2026-01-05T08:00:00+08:00\nu1,113.5371,22.277,2026-01-05T08:00:15+08:00\n")
	if said := must(t, "import", "tracks", file, "--store", store); !strings.HasPrefix(said, "tracks: 2 added") {
		t.Errorf("tracks: %q", said)
	}
}

func TestPatrolsArePlannedAndExported(t *testing.T) {
	store := newTown(t)
	said := must(t, "patrols", "plan", "--units", "8", "--depot", "113.5337,22.2739", "--shift", "4h", "--time-limit", "2s", "--store", store)
	if !regexp.MustCompile(`^plan-[\d.-]+: \d+ routes \(foot\) of 8 units in \d shift`).MatchString(said) {
		t.Errorf("plan says %q", said)
	}
	routes := properties(t, store, "patrols")
	if len(routes) < 8 {
		t.Errorf("%d routes", len(routes))
	}
	for _, r := range routes {
		if r["seconds"].(float64) > 4*3600 || r["metres"].(float64) <= 0 || r["unit"] == "" {
			t.Errorf("route: %v", r)
		}
	}
	for _, m := range properties(t, store, "missed") {
		if reasonKind(m["reason"].(string)) == "other" {
			t.Errorf("reason: %v", m["reason"])
		}
	}
	gpx := must(t, "export", "patrols", "--format", "gpx", "--store", store)
	if strings.Count(gpx, "<trk>") != len(routes) || !strings.Contains(gpx, "<name>unit 01, shift 1</name>") {
		t.Errorf("GPX of %d routes begins with %.300q", len(routes), gpx)
	}
	again := must(t, "patrols", "plan", "--from-plan", "newest", "--time-limit", "1s", "--store", store)
	if !regexp.MustCompile(`^plan-[\d.-]+: \d+ routes \(foot\) of 8 units`).MatchString(again) {
		t.Errorf("the plan renewed says %q", again)
	}
	got := gridbeat(t, "patrols", "plan", "--units", "2", "--depot", "22.2739,113.5337", "--store", store)
	if got.code != exitBad {
		t.Errorf("a depot with exchanged axes: exit code %d", got.code)
	}
	got = gridbeat(t, "patrols", "plan", "--units", "2", "--depot", "113.6,22.2739", "--store", store)
	if got.code != exitBad || !strings.Contains(got.stderr, "depot-far") {
		t.Errorf("a depot far from any street: exit code %d: %s", got.code, got.stderr)
	}
}
