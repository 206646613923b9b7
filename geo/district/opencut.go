package district

import (
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/uber/h3-go/v4"

	"gridbeat/geo/arrange"
)

const (
	// openSquareMetres is the area above which a block without homes, such as fields,
	// hills or water, is cut into cells: neighbouring grids may then share it.
	openSquareMetres = 600_000
	// openResolution is that of the cells: about 0.74 square kilometres each.
	openResolution = 8
	// openCells bounds the cells of one block.
	openCells = 20_000
)

// cutOpen cuts each large block without homes along the borders of H3 cells
// (Uber's hexagonal index, h3geo.org) and returns how many pieces of line it took.
func (t *terrain) cutOpen(ctx context.Context) (int, error) {
	var cuts [][2]arrange.Pt
	for f := range t.arr.Faces {
		if t.district[f] < 0 || t.lock[f] >= 0 || len(t.inFace[f]) > 0 || t.area(int32(f)) < openSquareMetres {
			continue
		}
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		pieces, err := t.cellBorders(int32(f))
		if err != nil {
			return 0, err
		}
		cuts = append(cuts, pieces...)
	}
	if len(cuts) == 0 {
		return 0, nil
	}
	return len(cuts), t.addCuts(cuts)
}

// cellBorders returns the borders of the H3 cells over a face, clipped to it.
func (t *terrain) cellBorders(f int32) ([][2]arrange.Pt, error) {
	var loop h3.GeoLoop
	for _, p := range t.arr.Outline([]int32{f})[0][0] {
		loop = append(loop, h3.LatLng{Lat: p[1], Lng: p[0]})
	}
	cells, err := h3.PolygonToCellsExperimental(h3.GeoPolygon{GeoLoop: loop}, openResolution, h3.ContainmentOverlapping, openCells)
	if err != nil {
		return nil, err
	}
	slices.Sort(cells)
	var out [][2]arrange.Pt
	done := map[[2]arrange.Pt]bool{}
	for _, c := range cells {
		boundary, err := c.Boundary()
		if err != nil {
			return nil, err
		}
		for i, a := range boundary {
			b := boundary[(i+1)%len(boundary)]
			edge := [2]arrange.Pt{arrange.At(orb.Point{a.Lng, a.Lat}), arrange.At(orb.Point{b.Lng, b.Lat})}
			if edge[1].Less(edge[0]) {
				edge[0], edge[1] = edge[1], edge[0]
			}
			if !done[edge] {
				done[edge] = true
				out = append(out, t.clip(f, edge)...)
			}
		}
	}
	return out, nil
}

// clip returns the parts of a segment inside a face.
func (t *terrain) clip(f int32, s [2]arrange.Pt) [][2]arrange.Pt {
	ax, ay := float64(s[0].X), float64(s[0].Y)
	dx, dy := float64(s[1].X)-ax, float64(s[1].Y)-ay
	hits := []float64{0, 1}
	for _, h := range t.arr.Halves(f) {
		p, q := t.arr.Vertices[t.arr.Origin(h)], t.arr.Vertices[t.arr.Head(h)]
		sp, sq := arrange.Cross(s[0], s[1], p), arrange.Cross(s[0], s[1], q)
		if (sp > 0) == (sq > 0) {
			continue
		}
		k := float64(sp) / (float64(sp) - float64(sq))
		x, y := float64(p.X)+k*float64(q.X-p.X), float64(p.Y)+k*float64(q.Y-p.Y)
		if at := ((x-ax)*dx + (y-ay)*dy) / (dx*dx + dy*dy); at > 0 && at < 1 {
			hits = append(hits, at)
		}
	}
	slices.Sort(hits)
	point := func(k float64) arrange.Pt {
		return arrange.Pt{X: int32(math.Round(ax + k*dx)), Y: int32(math.Round(ay + k*dy))}
	}
	var out [][2]arrange.Pt
	for i := 0; i+1 < len(hits); i++ {
		p, q := point(hits[i]), point(hits[i+1])
		if p != q && t.arr.Locate(point((hits[i]+hits[i+1])/2)).Face == f {
			out = append(out, [2]arrange.Pt{p, q})
		}
	}
	return out
}
