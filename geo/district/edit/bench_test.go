package edit

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"gridbeat/geo/district"
)

// benchPlace is a town of about 400 grids of about 90 vertices.
func benchPlace(b *testing.B) place {
	p := town(b, 1, 31, 4, 8)
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

// BenchmarkEdit times one edit, checked, at 400 grids, refused ones left out.
func BenchmarkEdit(b *testing.B) {
	p := benchPlace(b)
	s := p.sheet(b)
	for _, op := range []string{"", "move_node", "insert_node", "remove_node", "move_block", "move_compound", "reroute", "split", "merge"} {
		b.Run(fmt.Sprintf("op=%s", op), func(b *testing.B) {
			edits := benchEdits(b, s, op)
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				start := time.Now()
				Apply(s, edits[i%len(edits)])
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
	b.Run("undo of a merge", func(b *testing.B) {
		merged := Apply(s, benchEdits(b, s, "merge")[0])
		for b.Loop() {
			Apply(merged.Next, merged.Inverse)
		}
	})
	b.Run("naive: check everything again", func(b *testing.B) {
		g := p.ground
		g.Districts = p.draft.Districts
		for b.Loop() {
			district.Check(p.draft.Grids, g, p.draft.Bounds)
		}
	})
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
