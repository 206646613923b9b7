package main

import (
	"testing"
)

func TestPlanFlagsThatAreWrongAreRefused(t *testing.T) {
	for name, flags := range map[string][]string{
		"no variants":            {"--variants", "0"},
		"too many variants":      {"--variants", "21"},
		"less than nothing":      {"--within=-1"},
		"a grid and a district":  {"--grid", "1", "--district", "2"},
		"a depot that is a word": {"--depot", "here"},
		"no time":                {"--time-limit", "0s"},
	} {
		args := append([]string{"patrols", "plan", "--store", "none.gpkg", "--units", "1", "--depot", "113.5,22.2"}, flags...)
		if got := gridbeat(t, args...); got.code != exitBad {
			t.Errorf("%s: exit code %d", name, got.code)
		}
	}
}
