package patrol

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"gridbeat/geo"
	"gridbeat/routing"
)

// passes are when the routes of a plan begin to drive a piece of street, by shift, told
// from the steps: a piece that is driven in a step begins at some time within it.
type passes struct{ shift, from, until float64 }

// passesOf goes along the routes' steps by their metres.
func passesOf(p *Plan, a, b orb.Point) (out []passes) {
	for _, r := range p.Routes {
		var metres, at float64
		k := 0
		for i := 1; i < len(r.Line); i++ {
			for k < len(r.Steps)-1 && metres >= r.Steps[k].Metres-0.001 {
				metres -= r.Steps[k].Metres
				at += r.Steps[k].Seconds
				k++
			}
			if x, y := r.Line[i-1], r.Line[i]; x == a && y == b || x == b && y == a {
				out = append(out, passes{float64(r.Shift), at, at + r.Steps[k].Seconds})
			}
			metres += float64(plane.Distance(r.Line[i-1], r.Line[i]))
		}
	}
	return out
}

func TestServicesAreKeptOrToldOf(t *testing.T) {
	kept, asked, due := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 51))
		streets, rules := randomTown(r, 4)
		in := Input{Area: rectangle(-50, -50, 2000, 2000), Units: []string{"a", "b"}, Shift: time.Duration(30+r.IntN(90)) * time.Minute, BothSides: r.IntN(4) == 0}
		var err error
		if in.Network, err = routing.NewNetwork(streets, nil, rules, routing.Profiles[r.IntN(len(routing.Profiles))]); err != nil {
			t.Fatal(err)
		}
		depot, ok := in.Network.NearestVertex(at(200, 200), 2000)
		if !ok {
			return
		}
		in.Depots = []orb.Point{depot}
		for _, i := range r.Perm(len(streets))[:1+r.IntN(3)] {
			s := Service{Street: streets[i].ID, Visits: 1 + r.IntN(2)}
			if s.Visits > 1 {
				s.Apart = time.Duration(r.IntN(int(in.Shift / 3)))
			}
			s.Unit = []string{"", "", "a", "b"}[r.IntN(4)]
			in.Services = append(in.Services, s)
		}
		o := quick
		o.Iterations = 100
		p, err := Build(context.Background(), in, o)
		var bad *geo.InputError
		if errors.As(err, &bad) && bad.Findings[0].Rule == "service-unit" {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := newJudge(in, rules).check(p); err != nil {
			t.Fatal(err)
		}
		if len(p.Services) != len(in.Services) {
			t.Fatalf("%d services are told of, %d were asked for", len(p.Services), len(in.Services))
		}
		for i, s := range p.Services {
			asked++
			if s.Service != in.Services[i] {
				t.Fatalf("service %d is told as %+v", i, s)
			}
			// A level must be kept where the plan drives the whole street and the unit of the
			// later visit has the time to wait for it.
			j := slices.IndexFunc(streets, func(x geo.Street) bool { return x.ID == s.Street })
			must := streets[j].Class != "footway" && streets[j].Tags["access"] != "private" &&
				!slices.ContainsFunc(p.Missed, func(m Missed) bool { return m.Street == s.Street })
			if must {
				due++
			}
			if must && s.Reason != "" && !full(p, s) || !must && s.Reason == "" {
				t.Fatalf("street %s, missed or not to cover: %v; told: %q, calls %v", s.Street, !must, s.Reason, s.Calls)
			}
			if s.Reason != "" {
				if !strings.Contains(p.Note, s.Reason) {
					t.Fatalf("the note %q does not tell that %s", p.Note, s.Reason)
				}
				continue
			}
			kept++
			for k := 1; k < len(streets[j].Line); k++ {
				checkPasses(t, p, s.Service, streets[j].Line[k-1], streets[j].Line[k])
			}
			for _, c := range s.Calls {
				if s.Unit != "" && c.Unit != s.Unit {
					t.Fatalf("street %s is visited by %s, not by %s", s.Street, c.Unit, s.Unit)
				}
			}
		}
	})
	t.Logf("%d of %d services are kept, %d are of streets that are driven", kept, asked, due)
	if kept*100 < due*99 {
		t.Errorf("%d of %d services of streets that are driven are kept", kept, due)
	}
}

// full reports whether the routes that visit a street have no time to wait until two visits
// are as far apart as asked for, and the minute that a search keeps beyond that.
func full(p *Plan, s Served) bool {
	if len(s.Calls) < 2 {
		return false
	}
	later := s.Calls[1]
	missing := s.Apart - (later.After - s.Calls[0].After) + time.Minute
	for _, r := range p.Routes {
		if r.Unit == later.Unit && r.Shift == later.Shift {
			return r.Seconds+missing.Seconds() > p.Shift.Seconds()
		}
	}
	return false
}

// checkPasses fails unless enough of the passes by a piece can be as far apart as asked
// for.
func checkPasses(t *rapid.T, p *Plan, s Service, a, b orb.Point) {
	t.Helper()
	all := passesOf(p, a, b)
	if len(all) < s.Visits {
		t.Fatalf("street %s has %d passes of %d", s.Street, len(all), s.Visits)
	}
	far := s.Visits == 1
	for i, x := range all {
		for _, y := range all[:i] {
			// Visits of a stretch begin at its start, which may be another street's: the first
			// possible time of one and the last of the other must be apart, and a minute.
			far = far || x.shift != y.shift || max(x.until-y.from, y.until-x.from) >= s.Apart.Seconds()-60
		}
	}
	if !far {
		t.Fatalf("street %s: no two of its passes %v are %v apart", s.Street, all, s.Apart)
	}
}

func TestServicesThatCannotBeAreRefused(t *testing.T) {
	in := input(t, []geo.Street{street("a", "residential", nil, at(0, 0), at(100, 0), at(200, 0))}, nil, routing.Foot)
	for name, c := range map[string]struct {
		services []Service
		rule     string
	}{
		"no street":              {[]Service{{Visits: 1}}, "service-street"},
		"a street twice":         {[]Service{{Street: "a", Visits: 1}, {Street: "a", Visits: 2}}, "service-street"},
		"no visits":              {[]Service{{Street: "a"}}, "service-level"},
		"visits beyond a shift":  {[]Service{{Street: "a", Visits: 3, Apart: 30 * time.Minute}}, "service-level"},
		"a unit that is not out": {[]Service{{Street: "a", Visits: 1, Unit: "three"}}, "service-unit"},
	} {
		in.Services = c.services
		_, err := Build(context.Background(), in, quick)
		var bad *geo.InputError
		if !errors.As(err, &bad) || bad.Findings[0].Rule != c.rule {
			t.Errorf("%s: %v, want %s", name, err, c.rule)
		}
	}
}
