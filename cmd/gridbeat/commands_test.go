package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// golden compares text with a file of testdata; -update renews the file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got; renew with -update):\n%s", name, d)
	}
}

func TestHelpShowsTheCommands(t *testing.T) {
	golden(t, "help.golden", must(t, "--help"))
}

func TestADraftThatIsNotThereIsNamed(t *testing.T) {
	store := filepath.Join(t.TempDir(), "new.gpkg")
	must(t, "migrate", "--store", store)
	got := gridbeat(t, "grids", "draw", "--from-draft", "d", "--store", store)
	if got.code != exitBad || !strings.Contains(got.stderr, "draft d: not found") {
		t.Errorf("exit code %d: %s", got.code, got.stderr)
	}
}

func TestUsageThatIsWrong(t *testing.T) {
	t.Setenv("GRIDBEAT_STORE", "")
	store := filepath.Join(t.TempDir(), "none.gpkg")
	tests := []struct {
		name string
		args []string
		says string
	}{
		{"no command", nil, "expected one of"},
		{"an unknown command", []string{"fly"}, "unexpected argument fly"},
		{"an unknown flag", []string{"doctor", "--storr", "x"}, "unknown flag --storr"},
		{"no store", []string{"doctor"}, "--store"},
		{"a store that is not there", []string{"doctor", "--store", store}, "import streets"},
		{"a store of another kind", []string{"migrate", "--store", "town.db"}, ".gpkg"},
		{"a server that does not answer", []string{"migrate", "--store", "postgres://127.0.0.1:1/x"}, "no PostgreSQL server answers at 127.0.0.1:1"},
		{"an unknown datum", []string{"assign", "x.csv", "--datum", "mars", "--store", store}, "wgs84"},
		{"bounds in another order", []string{"districts", "cut", "--count", "4", "--bounds", "114,22,113,23", "--store", store}, "there is no such store"},
		{"no household at least", []string{"grids", "draw", "--min", "0", "--store", store}, "--min 0"},
		{"two plans to start from", []string{"grids", "draw", "--from-edition", "--from-draft", "d", "--store", store}, "--from-edition --from-draft"},
		{"no time", []string{"grids", "draw", "--time-limit", "0s", "--store", store}, "--time-limit 0s"},
		{"a depot that is no place", []string{"patrols", "plan", "--units", "2", "--depot", "22.27", "--store", store}, "--depot 22.27"},
		{"no units", []string{"patrols", "plan", "--units", "0", "--depot", "113,22", "--store", store}, "--units 0"},
		{"GPX of grids", []string{"export", "grids", "--format", "gpx", "--store", store}, "for patrols"},
		{"two sets of grids at once", []string{"export", "grids", "--edition", "1", "--draft", "x", "--store", store}, "can't be used together"},
		{"an unknown collection", []string{"export", "ghosts", "--store", store}, "must be one of"},
		{"an address that others reach", []string{"serve", "--listen", "0.0.0.0:8080", "--store", store}, "this machine only"},
		{"an address without a host", []string{"demo", "--listen", ":8080", "--store", store}, "this machine only"},
		{"an address without a port", []string{"serve", "--listen", "127.0.0.1", "--store", store}, "a port"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := gridbeat(t, tt.args...)
			if got.code != exitBad || !strings.Contains(got.stderr, tt.says) || got.stdout != "" {
				t.Errorf("exit code %d, want %d and %q in: %s%s", got.code, exitBad, tt.says, got.stderr, got.stdout)
			}
			if n := strings.Count(strings.TrimSpace(got.stderr), "\n"); n > 0 {
				t.Errorf("the message has %d lines: %s", n+1, got.stderr)
			}
		})
	}
	if fingerprint(t, store) != "absent" {
		t.Error("a wrong command has made a store")
	}
}

func TestErrorsAsJSON(t *testing.T) {
	file := writeFile(t, "b.csv", "id,lon,lat,households\nb1,113.53,22.27,-1\n")
	got := gridbeat(t, "import", "buildings", file, "--json", "--store", filepath.Join(t.TempDir(), "x.gpkg"))
	var said struct {
		Error    string
		Findings []struct{ Rule, Feature, Remedy string }
	}
	if err := json.Unmarshal([]byte(got.stderr), &said); err != nil {
		t.Fatalf("%v: %s", err, got.stderr)
	}
	if len(said.Findings) != 1 || said.Findings[0].Rule != "households-negative" || said.Findings[0].Feature != "line 2" {
		t.Errorf("findings: %+v", said)
	}
}

func TestMigrateMakesAStoreOnce(t *testing.T) {
	store := filepath.Join(t.TempDir(), "new.gpkg")
	if got := must(t, "migrate", "--store", store); !strings.HasPrefix(got, "made ") {
		t.Errorf("said %q", got)
	}
	if got := must(t, "migrate", "--store", store); !strings.Contains(got, "is up to date") {
		t.Errorf("said %q", got)
	}
	for _, c := range []string{"districts", "communities", "compounds", "grids", "buildings", "streets", "incidents", "patrols", "missed"} {
		got := must(t, "export", c, "--store", store)
		if !strings.HasPrefix(got, `{"type":"FeatureCollection"`) || strings.Contains(got, `"Feature"`) {
			t.Errorf("an empty store exports %s as %q", c, got)
		}
	}
	if got := must(t, "doctor", "--store", store); !strings.Contains(got, "there are no streets") {
		t.Errorf("doctor says %q", got)
	}
}

func TestImportsTellWhatChanged(t *testing.T) {
	store := newTown(t)
	if got := built.said["streets"]; !strings.HasPrefix(got, "streets: 750 added, 0 changed, 0 retired, 0 unchanged; 12 findings") {
		t.Errorf("the first import says %q", got)
	}
	again := must(t, "import", "streets", built.mapFile, "--store", store)
	if !strings.HasPrefix(again, "streets: 0 added, 0 changed, 0 retired, 750 unchanged") {
		t.Errorf("the second import says %q", again)
	}
	table := writeFile(t, "b.csv", "\ufeffid,lon,lat,households\r\nb1,113.53,22.27,10\r\nb2,113.531,22.271,12\r\n")
	got := must(t, "import", "buildings", table, "--store", store)
	if !strings.HasPrefix(got, "buildings: 2 added, 0 changed, ") {
		t.Errorf("another table says %q", got)
	}
	if said := built.messages["buildings"]; !strings.Contains(said, "apartments") || !strings.Contains(said, "assumed") {
		t.Errorf("the homes are not told by kind and source: %s", said)
	}
	if said := built.messages["streets"]; !strings.Contains(said, "r12302930: the boundary") {
		t.Errorf("the broken boundary is not told: %s", said)
	}
}

func TestGridsAreDrawnCheckedAndPublished(t *testing.T) {
	store := newTown(t)
	if got := gridbeat(t, "grids", "check", "--store", store); got.code != exitDone || !strings.Contains(got.stdout, "keep every rule") {
		t.Errorf("check: exit code %d\n%s%s", got.code, got.stdout, got.stderr)
	}
	if got := must(t, "doctor", "--store", store); !strings.Contains(got, "edition 1 in force") || !strings.Contains(got, "nothing is wrong") {
		t.Errorf("doctor says %q", got)
	}
	picture := filepath.Join(t.TempDir(), "plan.svg")
	report := filepath.Join(t.TempDir(), "plan.txt")
	draft := must(t, "grids", "draw", "--from-edition", "--time-limit", "2m", "--picture", picture, "--report", report, "--json", "--store", store)
	if text, err := os.ReadFile(report); err != nil || !strings.Contains(string(text), "Polsby-Popper") {
		t.Errorf("the report is %q, error %v", text, err)
	}
	if svg, err := os.ReadFile(picture); err != nil || !strings.HasPrefix(string(svg), "<svg ") || !strings.HasSuffix(string(svg), "</svg>\n") {
		t.Errorf("the picture has %d bytes, error %v", len(svg), err)
	}
	id := regexp.MustCompile(`draft-[\d.-]+`).FindString(draft)
	said := must(t, "grids", "publish", "--draft", id, "--store", store)
	if !strings.HasPrefix(said, "edition 2: ") {
		t.Errorf("publish says %q", said)
	}
	one, two := must(t, "export", "grids", "--edition", "1", "--store", store), must(t, "export", "grids", "--store", store)
	if strings.Count(one, `"edition":1,`) == 0 || strings.Count(two, `"edition":2,`) == 0 {
		t.Error("the editions cannot be told apart")
	}
	if got := gridbeat(t, "export", "grids", "--edition", "9", "--store", store); got.code != exitBad || !strings.Contains(got.stderr, "edition 9: not found") {
		t.Errorf("an edition that is not there: exit code %d, %s", got.code, got.stderr)
	}
	if got := gridbeat(t, "grids", "publish", "--draft", "nothing", "--store", store); got.code != exitBad || !strings.Contains(got.stderr, "draft nothing: not found") {
		t.Errorf("a draft that is not there: exit code %d, %s", got.code, got.stderr)
	}
}

func TestCodesAreNeverUsedAgain(t *testing.T) {
	store := newTown(t)
	taken := map[any]bool{}
	for _, g := range properties(t, store, "grids") {
		taken[g["code"]] = true
	}
	said := must(t, "grids", "draw", "--seed", "2", "--time-limit", "2m", "--json", "--store", store)
	must(t, "grids", "publish", "--draft", regexp.MustCompile(`draft-[\d.-]+`).FindString(said), "--store", store)
	for _, g := range properties(t, store, "grids") {
		if taken[g["code"]] {
			t.Errorf("code %v is used again", g["code"])
		}
	}
}

func TestADraftOfOneDistrictIsNotPublished(t *testing.T) {
	store := newTown(t)
	one := properties(t, store, "districts")[0]["code"].(string)
	said := must(t, "grids", "draw", "--district", one, "--time-limit", "2m", "--json", "--store", store)
	got := gridbeat(t, "grids", "publish", "--draft", regexp.MustCompile(`draft-[\d.-]+`).FindString(said), "--store", store)
	if got.code != exitBad || !strings.Contains(got.stderr, "holds no grid of district") {
		t.Errorf("exit code %d: %s", got.code, got.stderr)
	}
	if got := gridbeat(t, "grids", "draw", "--district", "nowhere", "--store", store); got.code != exitBad {
		t.Errorf("an unknown district: exit code %d", got.code)
	}
}

func TestCheckFailsWhereHomesMoved(t *testing.T) {
	store := newTown(t)
	table := writeFile(t, "b.csv", "id,lon,lat,households\nb1,113.53,22.27,10\n")
	must(t, "import", "buildings", table, "--store", store)
	for _, command := range [][]string{{"grids", "check"}, {"doctor"}} {
		got := gridbeat(t, append(command, "--store", store)...)
		if got.code != exitFailed || !strings.Contains(got.stdout, "households") {
			t.Errorf("%v: exit code %d\n%s%s", command, got.code, got.stdout, got.stderr)
		}
	}
}

func TestGridsWithoutDistrictsAreRefused(t *testing.T) {
	store := filepath.Join(t.TempDir(), "new.gpkg")
	must(t, "migrate", "--store", store)
	got := gridbeat(t, "grids", "draw", "--store", store)
	if got.code != exitBad || !strings.Contains(got.stderr, "no-districts") || !strings.Contains(got.stderr, "districts cut") {
		t.Errorf("exit code %d: %s", got.code, got.stderr)
	}
	got = gridbeat(t, "districts", "cut", "--count", "2", "--store", store)
	if got.code != exitBad || !strings.Contains(got.stderr, "no-streets") {
		t.Errorf("exit code %d: %s", got.code, got.stderr)
	}
}
