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

// BenchmarkBuild lays streets over each other. The naive twins of its parts stand below;
// compare them with benchstat -col /how.
func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{1_000, 30_000} {
		b.Run(fmt.Sprintf("segments=%d", n), func(b *testing.B) {
			in := crossings(n)
			for b.Loop() {
				if _, err := Build(in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkCrossings finds the crossings of segments by the raster of cells and by
// trying every pair.
func BenchmarkCrossings(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		var pieces []piece
		for _, s := range crossings(n) {
			pieces = append(pieces, piece{s.A, s.B, nil})
		}
		pieces = merge(pieces)
		meet := func(hits *int, i, j int32) {
			if p, q := &pieces[i], &pieces[j]; crosses(p.a, p.b, q.a, q.b) {
				*hits++
			}
		}
		b.Run(fmt.Sprintf("segments=%d/how=ours", n), func(b *testing.B) {
			for b.Loop() {
				hits := 0
				newCells(pieces).pairs(func(i, j int32) { meet(&hits, i, j) })
			}
		})
		b.Run(fmt.Sprintf("segments=%d/how=naive", n), func(b *testing.B) {
			for b.Loop() {
				hits := 0
				for i := range pieces {
					for j := range i {
						meet(&hits, int32(j), int32(i))
					}
				}
			}
		})
	}
}

// BenchmarkLocate finds the face of a point by the strips, and by asking every face.
func BenchmarkLocate(b *testing.B) {
	a, err := Build(crossings(3_000))
	if err != nil {
		b.Fatal(err)
	}
	outlines := make([][]Pt, len(a.Faces))
	for f := range a.Faces {
		for _, h := range a.Cycle(a.Faces[f].Outer) {
			outlines[f] = append(outlines[f], a.Vertices[a.Origin(h)])
		}
	}
	rng := rand.New(rand.NewPCG(2, 2))
	places := make([]Pt, 1024)
	for i := range places {
		places[i] = Pt{rng.Int32N(1_000_000), rng.Int32N(1_000_000)}
	}
	b.Run("how=ours", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			a.Locate(places[i%len(places)])
		}
	})
	b.Run("how=naive", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			for _, ring := range outlines {
				if InRing(places[i%len(places)], ring) > 0 {
					break
				}
			}
		}
	})
}

// BenchmarkOutline walks the border of half of the faces, and joins them one by one.
func BenchmarkOutline(b *testing.B) {
	a, err := Build(crossings(3_000))
	if err != nil {
		b.Fatal(err)
	}
	var faces []int32
	for f := range a.Faces {
		if f%2 == 0 {
			faces = append(faces, int32(f))
		}
	}
	b.Run("how=ours", func(b *testing.B) {
		for b.Loop() {
			a.Outline(faces)
		}
	})
	b.Run("how=naive", func(b *testing.B) { // the borders laid out afresh
		for b.Loop() {
			var in []Segment
			for _, f := range faces {
				in = AppendArea(in, 0, a.Outline([]int32{f}))
			}
			if _, err := Build(in); err != nil {
				b.Fatal(err)
			}
		}
	})
}
