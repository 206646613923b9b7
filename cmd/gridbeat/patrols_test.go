package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"gridbeat/routing/patrol"
)

func TestPlanFlagsThatAreWrongAreRefused(t *testing.T) {
	for name, flags := range map[string][]string{
		"no variants":                   {"--variants", "0"},
		"too many variants":             {"--variants", "21"},
		"less than nothing":             {"--within=-1"},
		"a grid and a district":         {"--grid", "1", "--district", "2"},
		"a depot that is a word":        {"--depot", "here"},
		"a checkpoint without a name":   {"--checkpoint", "113.5,22.2"},
		"a checkpoint at no time":       {"--checkpoint", "A@113.5,22.2,1h"},
		"a checkpoint in the wrong way": {"--checkpoint", "A@113.5,22.2,1h-2h,soon"},
		"a file that is not there":      {"--closed", "closed.csv"},
		"a time of day without a start": {"--checkpoint", "A@113.5,22.2,09:00-10:00"},
		"a start that is no time":       {"--start", "soon"},
		"an offer of one plan":          {"--offer", "1"},
		"an offer of variants":          {"--offer", "3", "--variants", "2"},
		"no time":                       {"--time-limit", "0s"},
	} {
		args := append([]string{"patrols", "plan", "--store", "none.gpkg", "--units", "1", "--depot", "113.5,22.2"}, flags...)
		if got := gridbeat(t, args...); got.code != exitBad {
			t.Errorf("%s: exit code %d", name, got.code)
		}
	}
}

func TestAPlanNeedsUnitsAndDepotOrAnotherPlan(t *testing.T) {
	for _, flags := range [][]string{{}, {"--units", "2"}, {"--depot", "113.5,22.2"}} {
		got := gridbeat(t, append([]string{"patrols", "plan", "--store", "none.gpkg"}, flags...)...)
		if got.code != exitBad || !strings.Contains(got.stderr, "--from-plan") {
			t.Errorf("%v: exit code %d: %s", flags, got.code, got.stderr)
		}
	}
}

func TestCheckpointsAreRead(t *testing.T) {
	for text, want := range map[string]patrol.Checkpoint{
		"A@113.5,22.2":               {Name: "A", At: orb.Point{113.5, 22.2}, Until: 4 * time.Hour},
		"学校@113.5,22.2,1h-1h30m":     {Name: "学校", At: orb.Point{113.5, 22.2}, From: time.Hour, Until: 90 * time.Minute},
		"A gate@113.5,22.2,0s-2h,5m": {Name: "A gate", At: orb.Point{113.5, 22.2}, Until: 2 * time.Hour, Stay: 5 * time.Minute},
	} {
		if got, err := parseCheckpoint(text, 4*time.Hour, noClock); err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
}

func TestClosedStreetsAreTakenFromAFile(t *testing.T) {
	t.Parallel()
	store := newTown(t)
	type collection struct {
		Features []struct {
			Geometry   struct{ Coordinates []orb.Point }
			Properties struct{ ID, Name, Street, Reason string }
		}
	}
	read := func(what string) (c collection) {
		if err := json.Unmarshal([]byte(must(t, "export", what, "--store", store)), &c); err != nil {
			t.Fatal(err)
		}
		return c
	}
	list, closed := "id\n", map[[2]orb.Point]string{}
	for _, f := range read("streets").Features {
		if f.Properties.Name != "红山路" {
			continue
		}
		list += f.Properties.ID + "\n"
		for i := 1; i < len(f.Geometry.Coordinates); i++ {
			a, b := f.Geometry.Coordinates[i-1], f.Geometry.Coordinates[i]
			closed[[2]orb.Point{a, b}], closed[[2]orb.Point{b, a}] = f.Properties.ID, f.Properties.ID
		}
	}
	if len(closed) == 0 {
		t.Fatal("the town has no such street")
	}
	file := writeFile(t, "closed.csv", list)
	plan := func(closed string) answer {
		return gridbeat(t, "patrols", "plan", "--store", store, "--units", "2", "--profile", "ebike", "--depot", "113.5337,22.2739", "--time-limit", "2s", "--closed", closed)
	}
	if got := plan(file); got.code != exitDone {
		t.Fatal(got.stderr)
	}
	for _, r := range read("patrols").Features {
		for i := 1; i < len(r.Geometry.Coordinates); i++ {
			if id := closed[[2]orb.Point{r.Geometry.Coordinates[i-1], r.Geometry.Coordinates[i]}]; id != "" {
				t.Fatalf("a route uses %s, which is closed", id)
			}
		}
	}
	told := 0
	for _, m := range read("missed").Features {
		if strings.Contains(m.Properties.Reason, "closed") {
			told++
		}
	}
	if told == 0 {
		t.Error("no closed street is listed as missed")
	}
	if got := plan("no-such-street"); got.code != exitBad || !strings.Contains(got.stderr, "no-such-street") {
		t.Errorf("an unknown street: exit code %d: %s", got.code, got.stderr)
	}
}

func TestServiceLevelsAreToldOf(t *testing.T) {
	t.Parallel()
	store := newTown(t)
	var streets struct {
		Features []struct {
			Properties struct{ ID, Name string }
		}
	}
	if err := json.Unmarshal([]byte(must(t, "export", "streets", "--store", store)), &streets); err != nil {
		t.Fatal(err)
	}
	list, n := "id,visits,apart_minutes,unit\n", 0
	for _, f := range streets.Features {
		if f.Properties.Name == "红山路" && n < 3 {
			list += f.Properties.ID + []string{",2,30,\n", ",1,,two\n", ",2,,one\n"}[n]
			n++
		}
	}
	args := []string{"patrols", "plan", "--store", store, "--units", "one,two", "--profile", "ebike", "--depot", "113.5337,22.2739", "--time-limit", "3s", "--json"}
	var plan planResult
	if err := json.Unmarshal([]byte(must(t, append(args, "--service-level", writeFile(t, "levels.csv", list))...)), &plan); err != nil {
		t.Fatal(err)
	}
	if n != 3 || len(plan.Services) != 3 {
		t.Fatalf("%d services are told of, %d were asked for", len(plan.Services), n)
	}
	for i, s := range plan.Services {
		if (s.Reason == "") != (s.Held >= s.Asked) {
			t.Errorf("%d of %d visits are held, %q", s.Held, s.Asked, s.Reason)
		}
		for _, c := range s.Calls {
			if unit := []string{"", "two", "one"}[i]; unit != "" && c.Unit != unit {
				t.Errorf("service %d: a visit by %s", i, c.Unit)
			}
		}
	}
	got := gridbeat(t, append(args, "--service-level", writeFile(t, "levels.csv", "id,visits\nnowhere,2\n"))...)
	if got.code != exitBad || !strings.Contains(got.stderr, "nowhere") {
		t.Errorf("an unknown street: exit code %d: %s", got.code, got.stderr)
	}
}

func TestAPlanMadeAnewKeepsWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	var streets struct {
		Features []struct {
			Properties struct{ ID, Name string }
		}
	}
	if err := json.Unmarshal([]byte(must(t, "export", "streets", "--store", town)), &streets); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, f := range streets.Features {
		if f.Properties.Name == "红山路" {
			ids = append(ids, f.Properties.ID)
		}
	}
	levels := writeFile(t, "levels.csv", "id,visits,apart_minutes,unit\n"+ids[0]+",2,30,two\n")
	plan := func(args ...string) patrol.Plan {
		t.Helper()
		must(t, append([]string{"patrols", "plan", "--store", town, "--time-limit", "1s"}, args...)...)
		var p patrol.Plan
		err := storeFlag{Store: town}.use(t.Context(), func(st store) (err error) {
			p, err = st.NewestPlan(t.Context())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	first := plan("--units", "one,two", "--profile", "ebike", "--depot", "113.5337,22.2739", "--service-level", levels, "--closed", ids[1], "--start", "08:30",
		"--checkpoint", "School@113.5337,22.2739,08:45-10:00")
	starts := 8*time.Hour + 30*time.Minute
	want := patrol.Asked{Closed: []string{ids[1]}, Starts: &starts, Services: []patrol.Service{{Street: ids[0], Visits: 2, Apart: 30 * time.Minute, Unit: "two"}},
		Checkpoints: []patrol.Checkpoint{{Name: "School", At: orb.Point{113.5337, 22.2739}, From: 15 * time.Minute, Until: 90 * time.Minute}}}
	if d := cmp.Diff(want, first.Asked); d != "" {
		t.Errorf("what was asked for (-want +got):\n%s", d)
	}
	if d := cmp.Diff(want, plan("--from-plan", "newest").Asked); d != "" {
		t.Errorf("made anew (-want +got):\n%s", d)
	}
	// A unit that is not out any more, and what is said anew.
	want.Closed, want.Checkpoints, want.Services[0].Unit = nil, nil, ""
	if d := cmp.Diff(want, plan("--from-plan", "newest", "--units", "one,three", "--closed", "none", "--checkpoint", "none").Asked); d != "" {
		t.Errorf("with other units and no closed street (-want +got):\n%s", d)
	}
}
