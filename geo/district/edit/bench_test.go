package edit

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo/district"
)

// benchPlace is a town of about 400 grids of about 90 vertices.
func benchPlace(b *testing.B) place {
	p := town(b, 1, 30, 4, 8)
	if n := len(p.draft.Grids); n < 380 || n > 460 {
		b.Fatalf("the town has %d grids", n)
	}
	return p
}

// benchEdits are edits of one kind that a fresh sheet takes.
func benchEdits(b *testing.B, s *Sheet, op string) []Edit {
	j := &journey{rng: newRand(3), sheet: s}
	var out []Edit
	for i := 0; len(out) < 100 && i < 100_000; i++ {
		if e := j.edit(); (op == "" || e.Op() == op) && len(Apply(s, e).Refused) == 0 {
			out = append(out, e)
		}
	}
	if len(out) == 0 {
		b.Fatalf("no %s", op)
	}
	return out
}

// threadTime is the processor time of the thread, which other work does not lengthen.
func threadTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(1, &u); err != nil { // RUSAGE_THREAD
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// timeEdits times edits one by one and reports percentiles of their time and of their
// processor time.
func timeEdits(b *testing.B, s *Sheet, edits []Edit) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var took, cpu []time.Duration
	for i := 0; b.Loop(); i++ {
		start, thread := time.Now(), threadTime()
		Apply(s, edits[i%len(edits)])
		cpu, took = append(cpu, threadTime()-thread), append(took, time.Since(start))
	}
	report := func(name string, ds []time.Duration) {
		slices.Sort(ds)
		b.ReportMetric(float64(ds[len(ds)*99/100].Microseconds())/1000, name)
	}
	sum := time.Duration(0)
	for _, d := range cpu {
		sum += d
	}
	b.ReportMetric(float64(sum.Microseconds())/1000/float64(len(cpu)), "cpu-ms/op")
	report("p99-ms", took)
	report("p99-cpu-ms", cpu)
}

// BenchmarkEdit times one edit, checked, at 400 grids, refused ones left out.
func BenchmarkEdit(b *testing.B) {
	p := benchPlace(b)
	s := p.sheet(b)
	for _, op := range []string{"", "move_node", "insert_node", "remove_node", "move_block", "move_compound", "reroute", "split", "merge"} {
		b.Run(fmt.Sprintf("op=%s", op), func(b *testing.B) { timeEdits(b, s, benchEdits(b, s, op)) })
	}
	b.Run("undo of a merge", func(b *testing.B) {
		merged := Apply(s, benchEdits(b, s, "merge")[0])
		for b.Loop() {
			Apply(merged.Next, merged.Inverse)
		}
	})
}

// BenchmarkCheck judges one edit: the grids that it changed, and the naive twin, which
// is every grid of the plan again.
func BenchmarkCheck(b *testing.B) {
	p := benchPlace(b)
	s := p.sheet(b)
	edits := benchEdits(b, s, "move_block")
	b.Run("how=ours", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			Apply(s, edits[i%len(edits)])
		}
	})
	b.Run("how=naive", func(b *testing.B) {
		g := p.ground
		g.Districts = p.draft.Districts
		for b.Loop() {
			district.Check(p.draft.Grids, g, p.draft.Bounds)
		}
	})
}

// BenchmarkEditOfRealMaps times edits of the sample town, and of the coast from Nice to
// Menton cut into some hundred grids.
func BenchmarkEditOfRealMaps(b *testing.B) {
	maps := []struct {
		name, path string
		bound      orb.Bound
		districts  int
	}{
		{"sample", sampleMapFile, sampleBound, 4},
		{"riviera", "../../../../shared/data/maps/dev/monaco-riviera.osm.pbf", orb.Bound{Min: orb.Point{7.349, 43.71}, Max: orb.Point{7.491, 43.77}}, 12},
	}
	for _, m := range maps {
		b.Run(m.name, func(b *testing.B) {
			if _, err := os.Stat(m.path); err != nil {
				b.Skipf("no map: %v", err)
			}
			p, err := drawMap(m.path, m.bound, m.districts)
			if err != nil {
				b.Fatal(err)
			}
			s := p.sheet(b)
			for _, op := range []string{"", "move_block", "reroute", "split", "merge"} {
				b.Run("op="+op, func(b *testing.B) {
					timeEdits(b, s, benchEdits(b, s, op))
					b.ReportMetric(float64(len(p.draft.Grids)), "grids")
				})
			}
		})
	}
}

func BenchmarkProposeSplit(b *testing.B) {
	p := benchPlace(b)
	s := p.sheet(b)
	i := 0
	for b.Loop() {
		s.ProposeSplit(p.draft.Grids[i%len(p.draft.Grids)].Code)
		i++
	}
}

func BenchmarkNew(b *testing.B) {
	p := benchPlace(b)
	for b.Loop() {
		p.sheet(b)
	}
}
