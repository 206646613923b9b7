package patrol

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing"
)

// attended checks that every shift of a plan attends to every checkpoint once, in time,
// by the clock of the steps.
func attended(t *testing.T, in Input, p *Plan) {
	t.Helper()
	type key struct {
		shift int
		name  string
	}
	seen := map[key]int{}
	for _, r := range p.Routes {
		var at, whole float64
		for i, s := range r.Steps {
			if whole += s.Seconds; s.Turn != "checkpoint" {
				at += s.Seconds
				continue
			}
			for _, k := range in.Checkpoints {
				if k.Name != s.Street {
					continue
				}
				seen[key{r.Shift, k.Name}]++
				if arrive, leave := at, at+s.Seconds; arrive > k.Until.Seconds()+0.001 || leave < (k.From+k.Stay).Seconds()-0.001 || s.Seconds < k.Stay.Seconds()-0.001 {
					t.Errorf("%s, shift %d, step %d: at %s from %.0f s to %.0f s, wanted within %v to %v for %v", r.Unit, r.Shift, i, k.Name, arrive, leave, k.From, k.Until, k.Stay)
				}
			}
			at += s.Seconds
		}
		if d := whole - r.Seconds; d > 0.01 || d < -0.01 {
			t.Errorf("%s, shift %d: the steps take %.1f s, the route %.1f s", r.Unit, r.Shift, whole, r.Seconds)
		}
		if r.Seconds > p.Shift.Seconds() {
			t.Errorf("%s, shift %d takes %.0f s", r.Unit, r.Shift, r.Seconds)
		}
	}
	for s := 1; s <= p.Shifts; s++ {
		for _, k := range in.Checkpoints {
			if n := seen[key{s, k.Name}]; n != 1 {
				t.Errorf("shift %d visits %s %d times", s, k.Name, n)
			}
		}
	}
}

func TestEveryShiftAttendsToItsCheckpoints(t *testing.T) {
	for _, profile := range routing.Profiles {
		for seed := range uint64(2) {
			streets, rules := randomTown(rand.New(rand.NewPCG(seed, 7)), 5)
			in := Input{Area: rectangle(-50, -50, 2000, 2000), Units: []string{"a", "b"}, Shift: 75 * time.Minute}
			var err error
			if in.Network, err = routing.NewNetwork(streets, nil, rules, profile); err != nil {
				t.Fatal(err)
			}
			depot, ok := in.Network.NearestVertex(at(0, 0), 2000)
			school, ok2 := in.Network.NearestVertex(at(500, 100), 2000)
			bank, ok3 := in.Network.NearestVertex(at(100, 400), 2000)
			if !ok || !ok2 || !ok3 {
				continue
			}
			in.Depots = append(in.Depots, depot)
			in.Checkpoints = []Checkpoint{
				{Name: "bank", At: bank, From: 40 * time.Minute, Until: 50 * time.Minute},
				{Name: "school", At: school, From: 15 * time.Minute, Until: 25 * time.Minute, Stay: 5 * time.Minute},
			}
			o := quick
			o.Iterations = 400
			p, err := Build(context.Background(), in, o)
			if err != nil {
				t.Errorf("%s, seed %d: %v", profile, seed, err)
				continue
			}
			if err := newJudge(in, rules).check(p); err != nil {
				t.Errorf("%s, seed %d: %v", profile, seed, err)
			}
			attended(t, in, p)
		}
	}
}

func TestCheckpointsThatCannotBeAreRefused(t *testing.T) {
	streets, rules := randomTown(rand.New(rand.NewPCG(1, 7)), 5)
	n, err := routing.NewNetwork(streets, nil, rules, routing.Foot)
	if err != nil {
		t.Fatal(err)
	}
	good := Checkpoint{Name: "gate", At: at(0, 0), Until: time.Hour}
	tests := map[string]struct {
		change func(*Checkpoint)
		want   string
	}{
		"without a name":           {func(k *Checkpoint) { k.Name = "" }, "NAME@LON,LAT"},
		"later than the shift":     {func(k *Checkpoint) { k.From, k.Until = 5*time.Hour, 6*time.Hour }, "within the shift"},
		"that end before begin":    {func(k *Checkpoint) { k.From, k.Until = 2*time.Hour, time.Hour }, "the earlier one first"},
		"off the map":              {func(k *Checkpoint) { k.At = at(90_000, 0) }, "longitude"},
		"too far to be there soon": {func(k *Checkpoint) { k.At, k.Until = at(600, 600), time.Second }, "wider times"},
	}
	for name, test := range tests {
		k := good
		test.change(&k)
		in := Input{Network: n, Area: rectangle(-50, -50, 2000, 2000), Units: []string{"a"}, Depots: []orb.Point{at(0, 0)}, Shift: 4 * time.Hour, Checkpoints: []Checkpoint{k}}
		_, err := Build(context.Background(), in, quick)
		var bad *geo.InputError
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("checkpoints %s: error %v, want one with %q", name, err, test.want)
		}
	}
}
