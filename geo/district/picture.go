package district

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// picture draws on a flat sheet, north up.
type picture struct {
	w     *bufio.Writer
	plane geo.Plane
	west  float64 // metres
	north float64
	scale float64 // pixels for a metre
	pen   float64 // width of lines and size of labels, 1 where grids are wide enough
}

// WriteSVG draws a plan as an SVG picture of the given width in pixels: streets, water,
// rail, compounds, grids shaded by households with their sequence and count where they
// are widest, those out of bounds outlined in red. Where grids are many, lines are thin
// and labels small: the picture is meant to be looked at in parts too.
func WriteSVG(w io.Writer, d *Draft, g Ground, width int) error {
	bound := orb.Bound{Min: orb.Point{180, 90}, Max: orb.Point{-180, -90}}
	for _, x := range d.Districts {
		bound = bound.Union(x.Outline.Bound())
	}
	plane := geo.NewPlane(bound.Center())
	west, south := plane.XY(bound.Min)
	east, north := plane.XY(bound.Max)
	p := &picture{w: bufio.NewWriter(w), plane: plane, west: west, north: north, scale: float64(width) / (east - west)}
	p.pen = p.penFor(d.Grids)
	height := int(math.Ceil((north - south) * p.scale))
	fmt.Fprintf(p.w, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" text-anchor="middle"><rect width="100%%" height="100%%" fill="#fff"/>`+"\n", width, height)
	for _, x := range d.Grids {
		p.polygon(orb.MultiPolygon{x.Outline}, fmt.Sprintf(`fill="%s" stroke="none"`, shade(x.Households, d.Bounds)))
	}
	for _, c := range g.Compounds {
		p.polygon(orb.MultiPolygon{c.Outline}, `fill="#7a5" fill-opacity=".25" `+p.stroke("#583", 0.6))
	}
	for _, b := range g.Barriers {
		if b.Line.Bound().Intersects(bound) {
			p.line(b.Line, p.barrierStyle(b))
		}
	}
	for _, s := range g.Streets {
		if s.Line.Bound().Intersects(bound) {
			p.street(s)
		}
	}
	for _, b := range g.Buildings {
		if b.Households > 0 && bound.Contains(b.At) {
			x, y := p.at(b.At)
			fmt.Fprintf(p.w, `<circle cx="%.1f" cy="%.1f" r="%.2f" fill="#446" fill-opacity=".5"/>`+"\n", x, y, p.pen*(0.6+0.12*math.Sqrt(float64(b.Households))))
		}
	}
	for _, x := range d.Grids {
		stroke := p.stroke("#124", 2)
		if x.Households < d.Bounds.Min || x.Households > d.Bounds.Max {
			stroke = p.stroke("#d00", 4)
		}
		p.polygon(orb.MultiPolygon{x.Outline}, `fill="none" stroke-linejoin="round" `+stroke)
	}
	for _, x := range d.Districts {
		p.polygon(x.Outline, `fill="none" `+p.stroke("#000", 4))
	}
	for _, x := range d.Grids {
		p.label(x, float64(width))
	}
	fmt.Fprintln(p.w, "</svg>")
	return p.w.Flush()
}

// shade runs from pale to deep blue over the bounds.
func shade(households int, b Bounds) string {
	k := math.Max(0, math.Min(1, float64(households-b.Min)/float64(max(1, b.Max-b.Min))))
	return fmt.Sprintf("rgb(%d,%d,%d)", int(240-120*k), int(246-90*k), int(252-40*k))
}

func (p *picture) at(q orb.Point) (x, y float64) {
	mx, my := p.plane.XY(q)
	return (mx - p.west) * p.scale, (p.north - my) * p.scale
}

func (p *picture) path(line []orb.Point) {
	for i, q := range line {
		x, y := p.at(q)
		c := 'L'
		if i == 0 {
			c = 'M'
		}
		fmt.Fprintf(p.w, "%c%.1f %.1f", c, x, y)
	}
}

func (p *picture) polygon(area orb.MultiPolygon, style string) {
	fmt.Fprint(p.w, `<path fill-rule="evenodd" d="`)
	for _, polygon := range area {
		for _, ring := range polygon {
			p.path(ring)
			fmt.Fprint(p.w, "Z")
		}
	}
	fmt.Fprintf(p.w, `" %s/>`+"\n", style)
}

func (p *picture) street(s geo.Street) {
	class, ok := classOf(s)
	if !ok {
		return
	}
	style := map[Class]string{
		Arterial: p.stroke("#d94", 3.5), Collector: p.stroke("#eb6", 2.5), Local: p.stroke("#999", 1.2),
		Path: p.stroke("#bbb", 0.6) + fmt.Sprintf(` stroke-dasharray="%.2f %.2f"`, 3*p.pen, 2*p.pen),
	}[class]
	p.line(s.Line, style)
}

func (p *picture) line(ls orb.LineString, style string) {
	fmt.Fprint(p.w, `<path fill="none" d="`)
	p.path(ls)
	fmt.Fprintf(p.w, `" %s/>`+"\n", style)
}

func (p *picture) barrierStyle(b geo.Barrier) string {
	if b.Kind == "rail" {
		return p.stroke("#555", 2) + fmt.Sprintf(` stroke-dasharray="%.2f %.2f"`, 6*p.pen, 3*p.pen)
	}
	return p.stroke("#27c", 1.6)
}

func (p *picture) stroke(colour string, width float64) string {
	return fmt.Sprintf(`stroke="%s" stroke-width="%.2f"`, colour, width*p.pen)
}

// penFor makes lines and labels as wide as half of the grids can bear.
func (p *picture) penFor(grids []Grid) float64 {
	var side []float64
	for _, g := range grids {
		side = append(side, math.Sqrt(float64(p.plane.Area(g.Outline)))*p.scale)
	}
	if len(side) == 0 {
		return 1
	}
	slices.Sort(side)
	return math.Max(0.05, math.Min(1, side[len(side)/2]/70))
}

// label writes a grid's sequence and its households at its widest place.
func (p *picture) label(g Grid, width float64) {
	x, y, wide := p.labelAt(g.Outline)
	size := math.Max(0.4, math.Min(1, wide/55)) * p.pen
	if wide >= 55*p.pen {
		x = min(max(x, 28*size), width-28*size) // a label is about 50 pixels wide
	}
	style := fmt.Sprintf(`stroke="#fff" stroke-width="%.2f" paint-order="stroke"`, 3*size)
	fmt.Fprintf(p.w, `<text x="%.1f" y="%.1f" font-size="%.2f" font-weight="bold" %s>%s</text><text x="%.1f" y="%.1f" font-size="%.2f" %s>%d</text>`+"\n",
		x, y, 13*size, style, g.Code[max(0, len(g.Code)-6):], x, y+13*size, 11*size, style, g.Households)
}

// labelRows is how many lines across a grid are tried for the place of its label.
const labelRows = 15

// labelAt is a place well inside an outline, in pixels: the middle of a wide stretch,
// near the middle of its height (as ST_PointOnSurface finds one, on more lines), and how
// wide it is there.
func (p *picture) labelAt(outline orb.Polygon) (x, y, wide float64) {
	bound := outline.Bound()
	best := math.Inf(-1)
	for row := range labelRows {
		k := (float64(row) + 0.5) / labelRows
		lat := bound.Min[1] + k*(bound.Max[1]-bound.Min[1])
		hits := crossingsAt(outline, lat)
		for i := 0; i+1 < len(hits); i += 2 {
			worth := (hits[i+1] - hits[i]) * (1 - math.Abs(k-0.5))
			if worth > best {
				best = worth
				x, y = p.at(orb.Point{(hits[i] + hits[i+1]) / 2, lat})
				from, _ := p.at(orb.Point{hits[i], lat})
				wide = 2 * (x - from)
			}
		}
	}
	return x, y, wide
}

// crossingsAt are the longitudes at which an outline crosses a latitude, ascending.
func crossingsAt(outline orb.Polygon, lat float64) []float64 {
	var out []float64
	for _, r := range outline {
		for i := 1; i < len(r); i++ {
			a, b := r[i-1], r[i]
			if (a[1] > lat) != (b[1] > lat) {
				out = append(out, a[0]+(lat-a[1])/(b[1]-a[1])*(b[0]-a[0]))
			}
		}
	}
	slices.Sort(out)
	return out
}
