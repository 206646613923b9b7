package patrol

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing"
)

// Input is what a plan is made for.
type Input struct {
	Network *routing.Network // of the whole map; it decides the profile
	Area    orb.MultiPolygon // streets inside it are covered
	Units   []string         // names, at least one
	Depots  []orb.Point      // where routes start and end, at least one
	Shift   time.Duration    // time of a route at most, more than 0
	// BothSides asks for every street in both directions, where both are allowed.
	BothSides bool
	// Closed are the ids of streets that are neither covered nor passed. What can be
	// reached over them only is missed too.
	Closed []string
	// Checkpoints are visited by one unit each in every shift.
	Checkpoints []Checkpoint
	// Services are streets that are visited more often than once, or by one unit. What of
	// them cannot be kept is told in the plan.
	Services []Service
	// Previous is a plan of other days whose routes the search begins with, nil for none:
	// when grids or streets change a little, most of a route may stay.
	Previous *Plan
}

// Options steer the search for a plan.
type Options struct {
	Seed       uint64
	TimeLimit  time.Duration // wall time of the whole, 0 for 10 seconds unless Iterations is set
	Iterations int           // steps of the search; with it and no TimeLimit the plan depends on input and seed alone
	Threads    int           // goroutines at most, 0 for one a core; they do not change the plan
	Now        time.Time     // the plan's CreatedAt
	ID         string        // the plan's ID
	// OnProgress is told the stage ("streets", "distances", "routes") and how far it is.
	OnProgress func(stage string, done, total int)
	// OnBest is told of the first plan and of those that follow: the time of the
	// longest route, and of all.
	OnBest func(longest, sum time.Duration)
}

// depotReach is how far a depot may lie from the streets: 300 m, less what one may
// measure differently.
const depotReach = geo.Metres(299)

// ErrNothing says that the area holds no street that a patrol could cover.
var ErrNothing = errors.New("no street to cover in the area")

// Build plans routes that cover every street of the area that the profile can reach,
// within the shift and as even as can be; where one shift is not enough, over as many
// as it takes. Bad input is a *geo.InputError. A search that the context stops
// returns its best plan so far, once it has one.
func Build(ctx context.Context, in Input, o Options) (*Plan, error) {
	b, err := newBuilder(in, o)
	if err != nil {
		return nil, err
	}
	b.progress("streets", 1, 1)
	return b.attempt(ctx)
}

// attempt searches and makes the plan. Where checkpoints do not fit in, it keeps more of
// the shift free for them and begins again, twice.
func (b *builder) attempt(ctx context.Context) (*Plan, error) {
	whole := b.o.TimeLimit
	var err error
	for try, share := range []float64{0.6, 0.8, 1} {
		if len(b.checks) > 0 {
			b.o.TimeLimit = time.Duration(share * float64(whole))
			b.limit = int(b.in.Shift.Milliseconds()) - (1+try)*(2+try)/2*b.reserve()
		}
		var f *found
		if f, err = b.search(ctx); err != nil {
			return nil, err
		}
		var p *Plan
		if p, err = b.plan(f); !errors.Is(err, errLate) {
			return p, err
		}
	}
	return nil, bad("checkpoints", "", err.Error(), "give wider times, more units or a longer shift")
}

// builder holds what the stages of a plan hand on.
type builder struct {
	in     Input
	o      Options
	begun  time.Time
	open   *routing.Network // with the closed streets, nil where none is closed
	net    *routing.Network // cut at the border of the area and at the depots
	ground *ground
	depots []routing.Node
	checks []check
	limit  int       // of a route before checkpoints are put in, in milliseconds
	need   []float64 // by edge: metres to cover

	writing time.Duration // what it takes to write the plan out in the end

	stretches []stretch
	service   []int           // by street: its number in Services, -1 for none
	begins    map[int][]begun // by stretch, of the plan that is being made
	peeled    []bool          // by edge: it lies in a dead end
	missed    []Missed        // what the network does not have
	left      []leftOut       // of the network
}

func (b *builder) progress(stage string, done, total int) {
	if b.o.OnProgress != nil {
		b.o.OnProgress(stage, done, total)
	}
}

func bad(rule, feature, detail, remedy string) error {
	return geo.NewInputError("patrol plan", geo.Finding{Rule: rule, Feature: feature, Detail: detail, Remedy: remedy})
}

func newBuilder(in Input, o Options) (*builder, error) {
	b := &builder{in: in, o: o, begun: time.Now()}
	if o.TimeLimit == 0 && o.Iterations == 0 {
		b.o.TimeLimit = 10 * time.Second
	}
	if o.Threads <= 0 {
		b.o.Threads = runtime.GOMAXPROCS(0)
	}
	seen := map[string]bool{}
	for _, u := range in.Units {
		if u == "" || seen[u] {
			return nil, bad("unit-name", u, "unit names must be given and differ", "name every unit once")
		}
		seen[u] = true
	}
	switch {
	case len(in.Units) == 0:
		return nil, bad("units", "", "no unit is given", "give at least one unit")
	case len(in.Depots) == 0:
		return nil, bad("depots", "", "no depot is given", "give the place where routes start and end as LON,LAT")
	case in.Shift <= 0:
		return nil, bad("shift", "", fmt.Sprintf("a shift of %v is no time to patrol", in.Shift), "give a shift such as 4h")
	}
	if len(in.Closed) > 0 {
		b.open = in.Network
		in.Network = in.Network.Without(in.Closed)
		b.in.Network = in.Network
	}
	b.ground = newGround(in.Network, in.Area)
	if b.ground.sum == 0 {
		return nil, fmt.Errorf("patrol plan: %w", ErrNothing)
	}
	if err := b.checkServices(); err != nil {
		return nil, err
	}
	if err := b.place(); err != nil {
		return nil, err
	}
	b.tasks()
	return b, nil
}

// place snaps the depots and cuts the network there and at the border of the area.
func (b *builder) place() error {
	cuts := b.ground.borders()
	var homes []orb.Point
	for _, d := range b.in.Depots {
		if !geo.ValidPosition(d) {
			return bad("depot-position", fmt.Sprintf("depot %g,%g", d[0], d[1]), "this is no position", "give LON,LAT in degrees")
		}
		p, ok := b.in.Network.NearestVertex(d, depotReach)
		if !ok {
			return bad("depot-far", fmt.Sprintf("depot %.6f,%.6f", d[0], d[1]),
				fmt.Sprintf("no street that a %s patrol can reach and return from lies within 300 m", b.in.Network.Profile()),
				"move the depot to a street of the map; longitude comes first")
		}
		homes = append(homes, p)
	}
	checks, err := b.checkpoints()
	if err != nil {
		return err
	}
	b.net = b.in.Network.Split(slices.Concat(cuts, homes, checks))
	for _, p := range homes {
		v, ok := b.net.NodeAt(p)
		if !ok {
			return fmt.Errorf("patrol plan: no node at the depot's place %v", p)
		}
		b.depots = append(b.depots, v)
	}
	for i, k := range b.in.Checkpoints {
		v, ok := b.net.NodeAt(checks[i])
		if !ok {
			return fmt.Errorf("patrol plan: no node at the checkpoint's place %v", checks[i])
		}
		b.checks = append(b.checks, check{name: k.Name, node: v, from: int(k.From.Milliseconds()), until: int(k.Until.Milliseconds()), stay: int(k.Stay.Milliseconds())})
	}
	b.limit = int(b.in.Shift.Milliseconds())
	b.need = b.ground.required(b.net)
	return nil
}
