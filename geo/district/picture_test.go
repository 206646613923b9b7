package district

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

func TestThePictureLabelsEachGridInsideIt(t *testing.T) {
	// +-------+
	// | +---- +
	// | |       a grid whose centre of mass lies in its neighbour
	// | +-----+
	// +-------+
	ring := orb.Ring{settleAt(0, 0), settleAt(400, 0), settleAt(400, 60), settleAt(60, 60), settleAt(60, 340), settleAt(400, 340), settleAt(400, 400), settleAt(0, 400), settleAt(0, 0)}
	box := settleBox(0, 0, 400, 400)
	p := &picture{plane: settlePlane, north: 400, scale: 1}
	x, y, _ := p.labelAt(orb.Polygon{ring})
	if at := settlePlane.Point(x, 400-y); !inside(ring, at) {
		t.Errorf("the label stands at %v, outside", at)
	}
	d := &Draft{
		Bounds:    DefaultBounds,
		Districts: []geo.District{{Code: "D", Outline: orb.MultiPolygon{box}}},
		Grids:     []Grid{{Code: "000000000901001", District: "D", Outline: orb.Polygon{ring}, Households: 321}},
	}
	g := Ground{Streets: []geo.Street{{Class: "primary", Line: settleLine(0, 0, 400, 0)}}, Barriers: []geo.Barrier{{Kind: "rail", Line: settleLine(0, 9, 400, 9)}, {Kind: "water", Line: settleLine(0, 5, 400, 5)}}}
	var out strings.Builder
	if err := WriteSVG(&out, d, g, 800); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`width="800"`, ">901001<", ">321<", `stroke-dasharray="6.00 3.00"`, `stroke="#27c"`, "</svg>"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in the picture", want)
		}
	}
}

func inside(r orb.Ring, p orb.Point) bool {
	n := 0
	for _, x := range crossingsAt(orb.Polygon{r}, p[1]) {
		if x < p[0] {
			n++
		}
	}
	return n%2 == 1
}

// star is a corner of n around the middle, at any distance.
func star(rng *rand.Rand, i, n int) (x, y float64) {
	sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
	r := 50 + 400*rng.Float64()
	return 500 + r*cos, 500 + r*sin
}

func TestLabelsOfAnyGridLieInside(t *testing.T) {
	p := &picture{plane: settlePlane, north: 1000, scale: 1}
	rng := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		// A star has a simple outline.
		var ring orb.Ring
		n := 3 + rng.IntN(20)
		for i := range n {
			ring = append(ring, settlePlane.Point(star(rng, i, n)))
		}
		ring = append(ring, ring[0])
		x, y, _ := p.labelAt(orb.Polygon{ring})
		if !inside(ring, settlePlane.Point(x, 1000-y)) {
			t.Fatalf("the label of %v stands outside", ring)
		}
	}
}
