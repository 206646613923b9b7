package job_test

import (
	"slices"
	"testing"
	"time"

	"gridbeat/geo/job"
)

func TestPace(t *testing.T) {
	for _, row := range []struct {
		name string
		held []time.Duration
		want []int
	}{
		{"the first step is the same for all", nil, []int{2000}},
		{"short steps grow twofold", []time.Duration{1, 250 * time.Millisecond}, []int{2000, 4000, 8000}},
		{"half a second is right", []time.Duration{251 * time.Millisecond, 500 * time.Millisecond}, []int{2000, 2000, 2000}},
		{"long steps are halved", []time.Duration{501 * time.Millisecond, time.Minute}, []int{2000, 1000, 500}},
		{"but not below the fewest", []time.Duration{time.Hour, time.Hour, time.Hour, time.Hour}, []int{2000, 1000, 500, 250, 250}},
		{"nor do they grow without end", slices.Repeat([]time.Duration{1}, 7), []int{2000, 4000, 8000, 16000, 32000, 64000, 100000, 100000}},
	} {
		var p job.Pace
		got := []int{p.Next()}
		for _, held := range row.held {
			p.Took(held)
			got = append(got, p.Next())
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: steps of %v, want %v", row.name, got, row.want)
		}
	}
}
