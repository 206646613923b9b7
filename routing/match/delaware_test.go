package match_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/data/ingest"
	"gridbeat/geo"
	"gridbeat/routing"
	"gridbeat/routing/match"
	"gridbeat/routing/patrol"
)

const sharedTracks = "../../../shared/data/tracks/"

// synthetic is one trace of synthetic-delaware.json, whose way is known.
type synthetic struct {
	ID     int            `json:"id"`
	Points [][3]float64   `json:"points"` // lon, lat, seconds
	Shape  orb.LineString `json:"truth_shape"`
	Ways   [][2]float64   `json:"truth_way_metres"` // OSM way, metres
}

var began = time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)

// delaware reads the traces and the map that they were made on: the extract that
// the module paulmach/osm carries for its own tests.
func delaware(t testing.TB, profile routing.Profile) ([]synthetic, *routing.Network) {
	t.Helper()
	text, err := os.ReadFile(sharedTracks + "synthetic-delaware.json")
	if err != nil {
		t.Skip("../shared is absent")
	}
	var traces []synthetic
	if err := json.Unmarshal(text, &traces); err != nil {
		t.Fatal(err)
	}
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/paulmach/osm").Output()
	if err != nil {
		t.Skipf("the module paulmach/osm is not at hand: %v", err)
	}
	return traces, networkOf(t, filepath.Join(strings.TrimSpace(string(dir)), "testdata", "delaware-latest.osm.pbf"), profile)
}

func networkOf(t testing.TB, path string, profile routing.Profile) *routing.Network {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is absent", path)
	}
	m, err := ingest.ReadPBF(context.Background(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	n, err := routing.NewNetwork(patrol.Passable(m.Streets), m.Posts, m.Restrictions, profile)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// fixes are the points as they are in the file.
func (s synthetic) fixes() []match.Fix {
	var out []match.Fix
	for _, p := range s.Points {
		out = append(out, match.Fix{At: began.Add(time.Duration(p[2]) * time.Second), Point: orb.Point{p[0], p[1]}, Sigma: 10})
	}
	return out
}

// resample drives the true way again: the pace is that of the points in the file,
// whose places along the way are found one after the other; then a fix every so
// many seconds with independent Gaussian noise each way.
func (s synthetic) resample(seed uint64, sigma float64, every float64) []match.Fix {
	rng := rand.New(rand.NewPCG(seed, uint64(s.ID)))
	plane := geo.NewPlane(s.Shape[0])
	upTo := make([]float64, len(s.Shape))
	for i := 1; i < len(s.Shape); i++ {
		upTo[i] = upTo[i-1] + float64(plane.Distance(s.Shape[i-1], s.Shape[i]))
	}
	length := upTo[len(upTo)-1]
	at := make([]float64, len(s.Points)) // metres along the way, by point
	for i, p := range s.Points {
		if i > 0 {
			at[i] = s.project(plane, upTo, orb.Point{p[0], p[1]}, at[i-1], at[i-1]+180)
		}
	}
	at[len(at)-1] = length
	var out []match.Fix
	total := s.Points[len(s.Points)-1][2]
	for t := 0.0; t <= total; t += every {
		i := min(int(t/5), len(at)-2)
		share := (t - s.Points[i][2]) / (s.Points[i+1][2] - s.Points[i][2])
		p := s.place(upTo, at[i]+(at[i+1]-at[i])*share)
		x, y := plane.XY(p)
		p = geo.RoundE7(plane.Point(x+sigma*rng.NormFloat64(), y+sigma*rng.NormFloat64()))
		out = append(out, match.Fix{At: began.Add(time.Duration(t * float64(time.Second))), Point: p, Sigma: max(sigma, 5)})
	}
	return out
}

// project is the place of the way nearest to p between two distances along it.
func (s synthetic) project(plane geo.Plane, upTo []float64, p orb.Point, from, to float64) float64 {
	best, where := math.Inf(1), from
	for d := from; d <= min(to, upTo[len(upTo)-1]); d++ {
		if m := float64(plane.Distance(p, s.place(upTo, d))); m < best {
			best, where = m, d
		}
	}
	return where
}

func (s synthetic) place(upTo []float64, metres float64) orb.Point {
	for i := 1; i < len(upTo); i++ {
		if metres <= upTo[i] {
			a, b := s.Shape[i-1], s.Shape[i]
			f := 0.0
			if upTo[i] > upTo[i-1] {
				f = (metres - upTo[i-1]) / (upTo[i] - upTo[i-1])
			}
			return orb.Point{a[0] + f*(b[0]-a[0]), a[1] + f*(b[1]-a[1])}
		}
	}
	return s.Shape[len(s.Shape)-1]
}

// score adds up what a match got right and wrong, by OSM way.
type score struct {
	driven, falseMetres, lostMetres float64 // ways reported but not driven at all, and the reverse
	over, under                     float64 // metres beyond those driven, by way, and those missing
	points                          int
}

func (c *score) add(s synthetic, net *routing.Network, tracks []match.Track) {
	truth := map[string]float64{}
	for _, w := range s.Ways {
		truth[fmt.Sprintf("w%d", int(w[0]))] += w[1]
		c.driven += w[1]
	}
	ends := map[string]bool{fmt.Sprintf("w%d", int(s.Ways[0][0])): true, fmt.Sprintf("w%d", int(s.Ways[len(s.Ways)-1][0])): true}
	got := reported(net, tracks)
	for id, m := range got {
		if ends[id] {
			continue
		}
		if truth[id] == 0 {
			c.falseMetres += m
		}
		c.over += max(0, m-truth[id])
	}
	for id, m := range truth {
		if ends[id] {
			continue
		}
		if got[id] == 0 {
			c.lostMetres += m
		}
		c.under += max(0, m-got[id])
	}
}

// reported is the length of each way that the passages cover, each metre once.
func reported(net *routing.Network, tracks []match.Track) map[string]float64 {
	type span struct{ from, to float64 }
	byEdge := map[routing.Edge][]span{}
	for _, t := range tracks {
		for _, p := range t.Passages {
			byEdge[p.Edge] = append(byEdge[p.Edge], span{p.From, p.To})
		}
	}
	out := map[string]float64{}
	for e, spans := range byEdge {
		n := int(math.Ceil(float64(net.Metres(e))*2)) + 1 // half metres
		hit := make([]bool, n)
		for _, s := range spans {
			for i := int(s.from * 2); i < int(math.Ceil(s.to*2)) && i < n; i++ {
				hit[i] = true
			}
		}
		for _, h := range hit {
			if h {
				out[net.Street(e).ID] += 0.5
			}
		}
	}
	return out
}

// rows are the noises and spacings of the measurement, with what must be reached:
// per cent of the metres driven that are falsely reported, and that are lost.
var rows = []struct{ sigma, every, most, lost float64 }{
	{4, 1, 3, 0.5}, {10, 1, 3, 0.5}, {4, 5, 2, 0.5}, {10, 5, 2, 0.5}, {20, 5, 3, 1}, {10, 15, 1.4, 0.9},
	{20, 15, 4.4, 1.7}, {10, 30, 2.8, 2.5}, {20, 30, 3.6, 2.3}, {30, 60, 5.3, 4.6},
}

// seeds are those of the noise.
var seeds = []uint64{1, 2, 3}

func rowName(sigma, every float64) string { return fmt.Sprintf("%.0f m, %.0f s", sigma, every) }

// TestDelaware prints and judges the table of false and lost metres; "over" and
// "under" count every metre beyond those driven on a way, and every one missing.
func TestDelaware(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads the map of a state")
	}
	traces, net := delaware(t, routing.Car)
	m := match.New(net, match.DefaultOptions(routing.Car))
	run := func(name string, most, lost float64, samples func(s synthetic) [][]match.Fix) {
		var c score
		for _, s := range traces {
			for _, fixes := range samples(s) {
				tracks, err := m.Match(context.Background(), fixes)
				if err != nil {
					t.Fatal(err)
				}
				for _, k := range tracks {
					sound(t, net, k)
				}
				c.points += len(fixes)
				c.add(s, net, tracks)
			}
		}
		share := func(v float64) float64 { return 100 * v / c.driven }
		t.Logf("%-20s false %5.2f %%  lost %5.2f %%  over %5.2f %%  under %5.2f %%  (%d points, %.0f km)", name,
			share(c.falseMetres), share(c.lostMetres), share(c.over), share(c.under), c.points, c.driven/1000)
		if share(c.falseMetres) > most || share(c.lostMetres) > lost {
			t.Errorf("%s: false %.2f %%, lost %.2f %%; at most %g and %g", name, share(c.falseMetres), share(c.lostMetres), most, lost)
		}
	}
	run("the file: 10 m, 5 s", 2, 0.5, func(s synthetic) [][]match.Fix { return [][]match.Fix{s.fixes()} })
	for _, row := range rows {
		run(rowName(row.sigma, row.every), row.most, row.lost, func(s synthetic) (out [][]match.Fix) {
			for _, seed := range seeds {
				out = append(out, s.resample(seed, row.sigma, row.every))
			}
			return out
		})
	}
}
