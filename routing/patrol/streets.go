package patrol

import (
	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing"
)

// mustClass are the classes of street that a patrol covers.
var mustClass = map[string]bool{
	"trunk": true, "primary": true, "secondary": true, "tertiary": true, "unclassified": true,
	"residential": true, "living_street": true, "service": true,
	"trunk_link": true, "primary_link": true, "secondary_link": true, "tertiary_link": true,
}

// Wanted reports whether patrols cover the street: public streets from trunk roads
// down to service roads, but no driveways and parking aisles.
func Wanted(s geo.Street) bool {
	switch s.Tags["service"] {
	case "driveway", "parking_aisle", "drive-through", "emergency_access":
		return false
	}
	a := s.Tags["access"]
	return mustClass[s.Class] && a != "no" && a != "private" && s.Tags["area"] != "yes"
}

// ground tells which segments of which streets have to be covered.
type ground struct {
	net  *routing.Network
	area *area
	// need holds for each wanted street the metres inside the area by segment; a
	// segment that another street has as well counts for the first only.
	need [][]float64
	own  []bool // streets that are wanted
	sum  float64
}

func newGround(net *routing.Network, outline orb.MultiPolygon) *ground {
	g := &ground{net: net, area: newArea(outline, net.Plane())}
	streets := net.Streets()
	g.need, g.own = make([][]float64, len(streets)), make([]bool, len(streets))
	seen := map[[2]orb.Point]bool{}
	// Streets that the profile may use come first, so that they hold shared segments.
	for _, usable := range []bool{true, false} {
		for i, s := range streets {
			if !Wanted(s) || (net.Profile().Usable(s) && !net.IsClosed(i)) != usable {
				continue
			}
			for j := 1; j < len(s.Line); j++ {
				a, b := s.Line[j-1], s.Line[j]
				m := g.area.metres(a, b, g.area.inside(a, b))
				if m <= 0 {
					continue
				}
				k := [2]orb.Point{geo.RoundE7(a), geo.RoundE7(b)}
				if k[1][0] < k[0][0] || k[1][0] == k[0][0] && k[1][1] < k[0][1] {
					k[0], k[1] = k[1], k[0]
				}
				if seen[k] {
					continue
				}
				seen[k] = true
				if g.need[i] == nil {
					g.need[i] = make([]float64, len(s.Line)-1)
				}
				g.own[i] = true
				g.need[i][j-1] = m
				g.sum += m
			}
		}
	}
	return g
}

// borders are the vertices where streets enter or leave the area: the network is
// cut there, so that what lies outside need not be driven.
func (g *ground) borders() []orb.Point {
	var out []orb.Point
	for i, need := range g.need {
		line := g.net.Streets()[i].Line
		for j := 1; j < len(need); j++ {
			if (need[j-1] > 0) != (need[j] > 0) {
				out = append(out, line[j])
			}
		}
	}
	return out
}

// sliver is the length in metres up to which the end of a street inside the area
// counts as covered by passing its foot.
const sliver = 4

// required returns for each edge of the (cut) network the metres to cover.
func (g *ground) required(net *routing.Network) []float64 {
	out := make([]float64, net.Edges())
	for e := range out {
		need := g.need[net.StreetIndex(routing.Edge(e))]
		if need == nil {
			continue
		}
		from, to := net.Span(routing.Edge(e))
		for j := from; j < to; j++ {
			out[e] += need[j]
		}
	}
	return out
}

// absent lists the parts inside the area of the wanted segments that the network does
// not have.
func (g *ground) absent(net *routing.Network) []Missed {
	var out []Missed
	streets := net.Streets()
	have := make([][]bool, len(streets))
	for e := range routing.Edge(net.Edges()) {
		i := net.StreetIndex(e)
		if g.need[i] == nil {
			continue
		}
		if have[i] == nil {
			have[i] = make([]bool, len(g.need[i]))
		}
		from, to := net.Span(e)
		for j := from; j < to; j++ {
			have[i][j] = true
		}
	}
	for i, need := range g.need {
		reason := "forbidden: the " + string(net.Profile()) + " may not use this street"
		if net.IsClosed(i) {
			reason = "forbidden: the street is closed"
		} else if net.Profile().Usable(streets[i]) {
			reason = "forbidden: a barrier on the street stops the " + string(net.Profile())
		}
		for j := 0; j < len(need); j++ {
			from := j
			for j < len(need) && need[j] > 0 && (have[i] == nil || !have[i][j]) {
				j++
			}
			if j > from {
				out = append(out, g.lost(i, from, j, reason)...)
			}
		}
	}
	return out
}

// island tells why an edge of the network cannot be patrolled.
func (g *ground) island(net *routing.Network, e routing.Edge) string {
	if len(net.Arcs(e, nil)) == 1 {
		return "unreachable: one-way streets lead in or out only, so that the " + string(net.Profile()) + " cannot come and return"
	}
	return "unreachable: the street is not connected with the rest of the network for the " + string(net.Profile())
}

// lost makes the entries for a stretch of one street.
func (g *ground) lost(street, from, to int, reason string) []Missed {
	s := g.net.Streets()[street]
	var out []Missed
	for lo := from; lo < to; lo++ {
		hi := lo
		for hi < to && g.need[street][hi] > 0 {
			hi++
		}
		if hi == lo {
			continue
		}
		for _, l := range g.area.clip(s.Line[lo : hi+1]) {
			out = append(out, Missed{Street: s.ID, Name: s.Name, Line: l, Reason: reason})
		}
		lo = hi
	}
	return out
}
