package edit

import (
	"slices"

	"gridbeat/geo/arrange"
	"gridbeat/geo/district"
)

// bend returns the edges of the ground as segments, each under the lines that run
// along it. Where a border of the grids joins the ends of an edge over vertices that
// the ground does not have, the edge follows it: cuts set these vertices when the
// draft was drawn, each within half a step of the edge as it ran then.
func bend(ground *arrange.Arrangement, grids []district.Grid) []arrange.Segment {
	known := make(map[arrange.Pt]bool, len(ground.Vertices))
	for _, v := range ground.Vertices {
		known[v] = true
	}
	over := map[[2]arrange.Pt][]arrange.Pt{}
	for _, g := range grids {
		for _, ring := range g.Outline {
			ps := make([]arrange.Pt, len(ring))
			for i, p := range ring {
				ps[i] = arrange.At(p)
			}
			noteBends(over, known, ps)
		}
	}
	var out []arrange.Segment
	for _, e := range ground.Edges {
		a, b := ground.Vertices[e.A], ground.Vertices[e.B]
		chain := over[[2]arrange.Pt{a, b}]
		if chain == nil {
			chain = []arrange.Pt{a, b}
		}
		for _, tag := range e.Tags {
			out = appendChain(out, chain, tag)
		}
	}
	return out
}

// noteBends notes, both ways round, each stretch of a closed ring between known
// vertices that passes others.
func noteBends(over map[[2]arrange.Pt][]arrange.Pt, known map[arrange.Pt]bool, ring []arrange.Pt) {
	first := slices.IndexFunc(ring, func(p arrange.Pt) bool { return known[p] })
	if first < 0 {
		return
	}
	open := ring[:len(ring)-1]
	var stretch []arrange.Pt
	for i := range len(open) + 1 {
		p := open[(first+i)%len(open)]
		stretch = append(stretch, p)
		if !known[p] {
			continue
		}
		if len(stretch) > 2 {
			back := slices.Clone(stretch)
			slices.Reverse(back)
			over[[2]arrange.Pt{stretch[0], p}], over[[2]arrange.Pt{p, stretch[0]}] = stretch, back
		}
		stretch = []arrange.Pt{p}
	}
}

// appendChain adds a chain under a line as often and in the direction that it runs;
// both ways for one that runs there and back.
func appendChain(to []arrange.Segment, chain []arrange.Pt, tag arrange.Tag) []arrange.Segment {
	there, back := max(0, tag.Net), max(0, -tag.Net)
	if tag.Net == 0 {
		there, back = 1, 1
	}
	for i := 1; i < len(chain); i++ {
		for range there {
			to = append(to, arrange.Segment{A: chain[i-1], B: chain[i], Line: tag.Line})
		}
		for range back {
			to = append(to, arrange.Segment{A: chain[i], B: chain[i-1], Line: tag.Line})
		}
	}
	return to
}
