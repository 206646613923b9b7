package main

import (
	"strings"
	"testing"
	"time"

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
		if got, err := parseCheckpoint(text, 4*time.Hour); err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
}
