package district

import (
	"context"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

// settlePlane is the plane of the drawings: metres from a place in Zhuhai.
var settlePlane = geo.NewPlane(orb.Point{113.5, 22.27})

func settleAt(x, y float64) orb.Point { return geo.RoundE7(settlePlane.Point(x, y)) }

func settleBox(x0, y0, x1, y1 float64) orb.Polygon {
	return orb.Polygon{{settleAt(x0, y0), settleAt(x1, y0), settleAt(x1, y1), settleAt(x0, y1), settleAt(x0, y0)}}
}

// settleDrawing is a town drawn by hand. Positions that are equal are the same node.
type settleDrawing struct {
	m     geo.StreetMap
	nodes map[orb.Point]int64
}

// newSettleDrawing is an empty square, 2 km wide around the origin.
func newSettleDrawing() *settleDrawing {
	d := &settleDrawing{nodes: map[orb.Point]int64{}}
	d.m.Source = "drawing"
	d.m.Bounds = orb.Bound{Min: settleAt(-1000, -1000), Max: settleAt(1000, 1000)}
	return d
}

func (d *settleDrawing) node(x, y float64) (int64, orb.Point) {
	p := settleAt(x, y)
	if d.nodes[p] == 0 {
		d.nodes[p] = int64(len(d.nodes) + 1)
	}
	return d.nodes[p], p
}

// street draws a street through x, y pairs.
func (d *settleDrawing) street(id, class string, xy ...float64) {
	s := geo.Street{ID: id, Class: class, Tags: map[string]string{}}
	for i := 0; i < len(xy); i += 2 {
		n, p := d.node(xy[i], xy[i+1])
		s.Nodes, s.Line = append(s.Nodes, n), append(s.Line, p)
	}
	d.m.Streets = append(d.m.Streets, s)
}

func (d *settleDrawing) gate(x, y float64) {
	n, p := d.node(x, y)
	d.m.Posts = append(d.m.Posts, geo.Post{Node: n, At: p, Tags: map[string]string{"barrier": "lift_gate"}})
}

func (d *settleDrawing) land(id string, outline orb.Polygon) {
	d.m.Landuse = append(d.m.Landuse, geo.Landuse{ID: id, Outline: outline})
}

func (d *settleDrawing) building(id, kind string, x0, y0, x1, y1 float64) *geo.Building {
	d.m.Buildings = append(d.m.Buildings, geo.Building{
		ID: id, Kind: kind, At: settleAt((x0+x1)/2, (y0+y1)/2), Outline: settleBox(x0, y0, x1, y1), Tags: map[string]string{},
	})
	return &d.m.Buildings[len(d.m.Buildings)-1]
}

func (d *settleDrawing) settle(t testing.TB, rule HouseholdRule) *Settlement {
	t.Helper()
	s, err := Settle(context.Background(), &d.m, rule)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// quietRule assumes nothing where nothing is mapped.
func quietRule() HouseholdRule {
	r := DefaultHouseholdRule()
	r.LandHomesPerHectare, r.StreetHomesPer100m = 0, 0
	return r
}

func settleIDs(cs []geo.Compound) string {
	var ids []string
	for _, c := range cs {
		ids = append(ids, c.ID)
	}
	return strings.Join(ids, " ")
}
