package ingest

import (
	"fmt"
	"strings"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"gridbeat/geo"
)

const (
	nearStreetMetres = 30
	maxDatumPoints   = 5_000
)

// DatumShares returns, for each datum, the share of the points (0 to 1) that lie
// within 30 metres of a street when they are taken to be in it. Of many points
// 5,000 are looked at, spread evenly over the list. Without points or streets the
// shares are 0.
func DatumShares(points []orb.Point, streets []geo.Street) map[geo.Datum]float64 {
	var tree rtree.RTreeG[[2]orb.Point]
	for _, s := range streets {
		for i := 1; i < len(s.Line); i++ {
			b := orb.Bound{Min: s.Line[i-1], Max: s.Line[i-1]}.Extend(s.Line[i])
			tree.Insert(b.Min, b.Max, [2]orb.Point{s.Line[i-1], s.Line[i]})
		}
	}
	step := max(1, len(points)/maxDatumPoints)
	shares := map[geo.Datum]float64{}
	for _, d := range geo.Datums {
		near, all := 0, 0
		for i := 0; i < len(points); i += step {
			all++
			if nearStreet(d.ToWGS84(points[i]), &tree) {
				near++
			}
		}
		shares[d] = 0
		if all > 0 {
			shares[d] = float64(near) / float64(all)
		}
	}
	return shares
}

func nearStreet(p orb.Point, tree *rtree.RTreeG[[2]orb.Point]) bool {
	if !geo.ValidPosition(p) {
		return false
	}
	pl := geo.NewPlane(p)
	kx, ky := pl.Scale()
	dx, dy := nearStreetMetres/kx, nearStreetMetres/ky
	found := false
	tree.Search([2]float64{p[0] - dx, p[1] - dy}, [2]float64{p[0] + dx, p[1] + dy}, func(_, _ [2]float64, s [2]orb.Point) bool {
		ax, ay := pl.XY(s[0])
		bx, by := pl.XY(s[1])
		found = squaredDistance(ax, ay, bx, by) <= nearStreetMetres*nearStreetMetres
		return !found
	})
	return found
}

// squaredDistance of the origin from the stretch between a and b.
func squaredDistance(ax, ay, bx, by float64) float64 {
	dx, dy := bx-ax, by-ay
	k := 0.0
	if n := dx*dx + dy*dy; n > 0 {
		k = min(1, max(0, -(ax*dx+ay*dy)/n))
	}
	x, y := ax+k*dx, ay+k*dy
	return x*x + y*y
}

// DescribeShares writes shares for people: "wgs84 12 %, gcj02 98 %, bd09 3 %".
func DescribeShares(shares map[geo.Datum]float64) string {
	var shown []string
	for _, d := range geo.Datums {
		shown = append(shown, fmt.Sprintf("%s %.0f %%", d, 100*shares[d]))
	}
	return strings.Join(shown, ", ")
}

// SuspectDatum returns a finding when the points fit the streets clearly better in
// another datum than in the one stated, by at least 15 in 100 and half as often
// again; nil otherwise. The finding shows the share under each.
func SuspectDatum(stated geo.Datum, shares map[geo.Datum]float64) *geo.Finding {
	best := stated
	for _, d := range geo.Datums {
		if shares[d] > shares[best] {
			best = d
		}
	}
	if shares[best] < shares[stated]+0.15 || shares[best] < 1.5*shares[stated] {
		return nil
	}
	return &geo.Finding{
		Rule: "datum-suspect",
		Detail: fmt.Sprintf("stated is %s, but the positions lie near streets more often as %s (share within %d metres: %s)",
			stated, best, nearStreetMetres, DescribeShares(shares)),
		Remedy: fmt.Sprintf("import again with --datum %s if that is right", best),
	}
}
