package gpkg_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing/patrol"
)

func fixes(n int) []patrol.Position {
	all := make([]patrol.Position, n)
	for i := range all {
		all[i] = patrol.Position{Unit: fmt.Sprintf("u%d", i%50), At: day.Add(time.Duration(i/50) * time.Second), Point: orb.Point{113.5, 22.2}}
	}
	return all
}

// scripted is a clock that is asked when the lock is taken and when it is given back: the
// n-th step takes held[n], and the last of them as often as it is asked for.
func scripted(held ...time.Duration) func() time.Time {
	now, asked := day, 0
	return func() time.Time {
		if asked%2 == 1 {
			now = now.Add(held[min(asked/2, len(held)-1)])
		}
		asked++
		return now
	}
}

func TestALoadTakesStepsByHowLongTheLastOneHeldTheLock(t *testing.T) {
	const ms = time.Millisecond
	for _, row := range []struct {
		name string
		held []time.Duration
		want []int // values of each step
	}{
		{"short steps grow twofold", []time.Duration{ms}, []int{2000, 4000, 8000, 6000}},
		{"a step of half a second is right", []time.Duration{500 * ms}, []int{2000, 2000, 2000, 2000, 2000, 2000, 2000, 2000, 2000, 2000}},
		{"so is one of half of that", []time.Duration{ms, 251 * ms}, []int{2000, 4000, 4000, 4000, 4000, 2000}},
		{"long steps are halved", []time.Duration{250 * ms, 250 * ms, 5000 * ms, 2500 * ms, 400 * ms}, []int{2000, 4000, 8000, 4000, 2000}},
		{"but not below the fewest", []time.Duration{5000 * ms, 5000 * ms, 5000 * ms, 5000 * ms, 5000 * ms, 100 * ms},
			[]int{2000, 1000, 500, 250, 250, 250, 500, 1000, 2000, 4000, 8000, 250}},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, _ := openFile(t)
			s.SetClock(scripted(row.held...))
			var got []int
			done := 0
			c, err := s.LoadPositions(t.Context(), fixes(20_000), day, func(n, total int) {
				got, done = append(got, n-done), n
				if total != 20_000 {
					t.Errorf("told %d of %d", n, total)
				}
			})
			if err != nil || c != (geo.Counts{Added: 20_000}) {
				t.Fatalf("%+v, %v", c, err)
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("steps of %v, want %v", got, row.want)
			}
			if log, err := s.Changes(t.Context(), 0, 0); err != nil || len(log) != len(row.want) {
				t.Errorf("%d entries in the log, %v; want one for each step", len(log), err)
			}
		})
	}
}

// TestOthersWriteBetweenTheSteps: at the end of each step somebody else's write gets in.
func TestOthersWriteBetweenTheSteps(t *testing.T) {
	s, path := openFile(t)
	other := reopen(t, path)
	s.SetClock(scripted(time.Second))
	n := 0
	if _, err := s.LoadPositions(t.Context(), fixes(4_000), day, func(int, int) {
		n++
		if _, err := other.SaveBuildings(t.Context(), sameHomes(1, n), day); err != nil {
			t.Error(err)
		}
	}); err != nil {
		t.Fatal(err)
	}
	if n < 3 {
		t.Errorf("%d steps", n)
	}
}

// TestALoadThatIsCutShort leaves whole steps, and does the rest the next time.
func TestALoadThatIsCutShort(t *testing.T) {
	s, _ := openFile(t)
	s.SetClock(scripted(time.Millisecond))
	ctx, cancel := context.WithCancel(t.Context())
	c, err := s.LoadPositions(ctx, fixes(20_000), day, func(done, _ int) {
		if done == 6_000 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || c != (geo.Counts{Added: 6_000}) {
		t.Fatalf("%+v, %v; want 6,000 and context.Canceled", c, err)
	}
	if got, err := s.Positions(t.Context(), time.Time{}, time.Time{}); err != nil || len(got) != 6_000 {
		t.Errorf("%d fixes are there, %v", len(got), err)
	}
	if c, err := s.LoadPositions(t.Context(), fixes(20_000), day, nil); err != nil || c != (geo.Counts{Added: 14_000, Unchanged: 6_000}) {
		t.Errorf("the rest: %+v, %v", c, err)
	}
}
