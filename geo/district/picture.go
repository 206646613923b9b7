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
}

// WriteSVG draws a plan as an SVG picture of the given width in pixels: streets, water,
// rail, compounds, grids shaded by households with their sequence and count where they
// are widest, those out of bounds outlined in red.
func WriteSVG(w io.Writer, d *Draft, g Ground, width int) error {
	bound := orb.Bound{Min: orb.Point{180, 90}, Max: orb.Point{-180, -90}}
	for _, x := range d.Districts {
		bound = bound.Union(x.Outline.Bound())
	}
	plane := geo.NewPlane(bound.Center())
	west, south := plane.XY(bound.Min)
	east, north := plane.XY(bound.Max)
	p := &picture{bufio.NewWriter(w), plane, west, north, float64(width) / (east - west)}
	height := int(math.Ceil((north - south) * p.scale))
	fmt.Fprintf(p.w, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" text-anchor="middle"><rect width="100%%" height="100%%" fill="#fff"/>`+"\n", width, height)
	for _, x := range d.Grids {
		p.polygon(orb.MultiPolygon{x.Outline}, fmt.Sprintf(`fill="%s" stroke="none"`, shade(x.Households, d.Bounds)))
	}
	for _, c := range g.Compounds {
		p.polygon(orb.MultiPolygon{c.Outline}, `fill="#7a5" fill-opacity=".25" stroke="#583" stroke-width=".6"`)
	}
	for _, b := range g.Barriers {
		if b.Line.Bound().Intersects(bound) {
			p.line(b.Line, barrierStyle(b))
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
			fmt.Fprintf(p.w, `<circle cx="%.1f" cy="%.1f" r="%.1f" fill="#446" fill-opacity=".5"/>`+"\n", x, y, 0.6+0.12*math.Sqrt(float64(b.Households)))
		}
	}
	for _, x := range d.Grids {
		stroke := `stroke="#124" stroke-width="2"`
		if x.Households < d.Bounds.Min || x.Households > d.Bounds.Max {
			stroke = `stroke="#d00" stroke-width="4"`
		}
		p.polygon(orb.MultiPolygon{x.Outline}, `fill="none" stroke-linejoin="round" `+stroke)
	}
	for _, x := range d.Districts {
		p.polygon(x.Outline, `fill="none" stroke="#000" stroke-width="4"`)
	}
	for _, x := range d.Grids {
		px, py := p.labelAt(x.Outline)
		px = min(max(px, 28), float64(width)-28) // a label is about 50 pixels wide
		fmt.Fprintf(p.w, `<text x="%.1f" y="%.1f" font-size="13" font-weight="bold" stroke="#fff" stroke-width="3" paint-order="stroke">%s</text><text x="%.1f" y="%.1f" font-size="11" stroke="#fff" stroke-width="3" paint-order="stroke">%d</text>`+"\n",
			px, py, x.Code[max(0, len(x.Code)-6):], px, py+13, x.Households)
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
	style := map[Class]string{Arterial: `stroke="#d94" stroke-width="3.5"`, Collector: `stroke="#eb6" stroke-width="2.5"`, Local: `stroke="#999" stroke-width="1.2"`, Path: `stroke="#bbb" stroke-width=".6" stroke-dasharray="3 2"`}[class]
	p.line(s.Line, style)
}

func (p *picture) line(ls orb.LineString, style string) {
	fmt.Fprint(p.w, `<path fill="none" d="`)
	p.path(ls)
	fmt.Fprintf(p.w, `" %s/>`+"\n", style)
}

func barrierStyle(b geo.Barrier) string {
	if b.Kind == "rail" {
		return `stroke="#555" stroke-width="2" stroke-dasharray="6 3"`
	}
	return `stroke="#27c" stroke-width="1.6"`
}

// labelRows is how many lines across a grid are tried for the place of its label.
const labelRows = 15

// labelAt is a place well inside an outline, in pixels: the middle of a wide stretch,
// near the middle of its height (as ST_PointOnSurface finds one, on more lines).
func (p *picture) labelAt(outline orb.Polygon) (x, y float64) {
	bound := outline.Bound()
	best := math.Inf(-1)
	for row := range labelRows {
		k := (float64(row) + 0.5) / labelRows
		lat := bound.Min[1] + k*(bound.Max[1]-bound.Min[1])
		hits := crossingsAt(outline, lat)
		for i := 0; i+1 < len(hits); i += 2 {
			wide := (hits[i+1] - hits[i]) * (1 - math.Abs(k-0.5))
			if wide > best {
				best = wide
				x, y = p.at(orb.Point{(hits[i] + hits[i+1]) / 2, lat})
			}
		}
	}
	return x, y
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
