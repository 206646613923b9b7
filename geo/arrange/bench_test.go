package arrange

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// crossings makes n short segments thrown over a square so that each crosses a few
// others, as streets do.
func crossings(n int) []Segment {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	side := int32(1_000_000)
	reach := int32(3_000_000 / max(1, int(sqrt(n))))
	out := make([]Segment, n)
	for i := range out {
		a := Pt{rng.Int32N(side), rng.Int32N(side)}
		out[i] = Segment{a, Pt{a.X + rng.Int32N(2*reach) - reach, a.Y + rng.Int32N(2*reach) - reach}, int32(i)}
	}
	return out
}

func sqrt(n int) int {
	r := 0
	for (r+1)*(r+1) <= n {
		r++
	}
	return r
}

func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{1_000, 30_000} {
		b.Run(fmt.Sprintf("%d segments", n), func(b *testing.B) {
			in := crossings(n)
			for b.Loop() {
				if _, err := Build(in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("1000 segments, every pair tried", func(b *testing.B) {
		in := crossings(1_000)
		for b.Loop() {
			hits := 0
			for i, s := range in {
				for _, t := range in[:i] {
					if crosses(s.A, s.B, t.A, t.B) {
						hits++
					}
				}
			}
		}
	})
}
