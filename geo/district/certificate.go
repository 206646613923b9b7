package district

import (
	"cmp"
	"fmt"
	"slices"
)

// The kinds of certificates.
const (
	// CertificateOver is one unit that holds more than the maximum.
	CertificateOver = "over"
	// CertificatePocket is units that are a whole connected piece once units above the
	// maximum are taken out, and hold less than the minimum.
	CertificatePocket = "pocket"
	// CertificateLump is at most 12 units that are such a piece and hold enough, and
	// that no partition brings within bounds.
	CertificateLump = "lump"
)

// lumpUnits is the most units of a lump: few enough that a planner can follow it.
const lumpUnits = 12

// Certificate is a reason why some units cannot be in grids within bounds, whatever
// the plan, and what would help. A planner can check it on the map.
type Certificate struct {
	Kind       string   `json:"kind"`
	Units      []int32  `json:"units"` // ascending
	Households int      `json:"households"`
	Remedies   []string `json:"remedies"`
}

// GridCounts is how many grids within bounds a connected piece may have, units above
// the maximum taken out: Least = ceil(households/max) to Most = floor(households/min).
// When Most is below Least there is none; with max < 2 min that befalls pieces of any
// size below min max/(max-min) or so, and the nearest households that would do are
// Below and Above.
type GridCounts struct {
	Units        []int32 `json:"units"` // ascending
	Households   int     `json:"households"`
	Least        int     `json:"least"`
	Most         int     `json:"most"`
	Below, Above int     `json:"-"`
}

// Possible reports whether some number of grids fits the households. It promises no
// plan: the units may be too coarse; see CertificateLump.
func (c GridCounts) Possible() bool { return c.Least <= c.Most }

// CountGrids tells for each piece how many grids it may have, in the order of the
// pieces' least units.
func CountGrids(g *Graph, b Bounds) []GridCounts {
	var out []GridCounts
	for _, piece := range g.piecesUnder(b.Max) {
		out = append(out, countGrids(piece, g.total(piece), b))
	}
	return out
}

func countGrids(piece []int32, households int, b Bounds) GridCounts {
	c := GridCounts{Units: piece, Households: households, Least: (households + b.Max - 1) / max(1, b.Max)}
	c.Most = households / max(1, b.Min)
	if b.Min == 0 {
		c.Most = len(piece)
	}
	c.Below, c.Above = households, households
	if !c.Possible() {
		c.Below, c.Above = c.Most*b.Max, c.Least*b.Min
	}
	return c
}

// piecesUnder returns the connected pieces once units above a maximum are taken out.
func (g *Graph) piecesUnder(most int) [][]int32 {
	seen := make([]bool, len(g.Units))
	var out [][]int32
	for u := range g.Units {
		if seen[u] || g.Units[u].Households > most {
			continue
		}
		seen[u] = true
		piece := []int32{int32(u)}
		for i := 0; i < len(piece); i++ {
			for _, n := range g.beside(piece[i]) {
				if !seen[n.unit] && g.Units[n.unit].Households <= most {
					seen[n.unit] = true
					piece = append(piece, n.unit)
				}
			}
		}
		slices.Sort(piece)
		out = append(out, piece)
	}
	return out
}

// Certificates names the units that no plan can bring within bounds, by their least
// unit. What it does not name need not be feasible: a piece of more than 12 units that
// holds enough is not tried. It takes time linear in the graph, and for each small
// piece at most some milliseconds.
func Certificates(g *Graph, b Bounds) []Certificate {
	var out []Certificate
	for u, unit := range g.Units {
		if unit.Households > b.Max {
			out = append(out, g.over(int32(u), b))
		}
	}
	for _, piece := range g.piecesUnder(b.Max) {
		households := g.total(piece)
		switch {
		case households < b.Min:
			out = append(out, g.pocket(piece, b))
		case len(piece) <= lumpUnits && !g.divisible(piece, b):
			out = append(out, g.lumpCertificate(piece, b))
		}
	}
	slices.SortFunc(out, func(a, b Certificate) int { return cmp.Compare(a.Units[0], b.Units[0]) })
	return out
}

func (g *Graph) over(u int32, b Bounds) Certificate {
	h := g.Units[u].Households
	parts := (h + b.Max - 1) / max(1, b.Max)
	c := Certificate{Kind: CertificateOver, Units: []int32{u}, Households: h}
	c.advise("split the compound of unit %d (%d households) by its buildings into %d parts or more of at most %d", u, h, parts, b.Max)
	c.advise("allow a dedicated grid for unit %d, with %d households", u, h)
	c.advise("raise the maximum from %d to %d", b.Max, h)
	return c
}

func (g *Graph) pocket(piece []int32, b Bounds) Certificate {
	h := g.total(piece)
	c := Certificate{Kind: CertificatePocket, Units: piece, Households: h}
	if u, ok := g.heaviestBeside(piece); ok {
		c.advise("split the compound of unit %d (%d households) by its buildings, so that a part of it joins these %d", u, g.Units[u].Households, h)
	}
	g.adviseBridge(&c)
	c.advise("allow a dedicated grid for these units, with %d households, %d short of the minimum", h, b.Min-h)
	c.advise("lower the minimum from %d to %d", b.Min, h)
	return c
}

func (g *Graph) lumpCertificate(piece []int32, b Bounds) Certificate {
	h := g.total(piece)
	c := Certificate{Kind: CertificateLump, Units: piece, Households: h}
	counts := countGrids(piece, h, b)
	switch {
	case !counts.Possible() && counts.Most > 0:
		c.advise("%d households are too many for %d grids of at most %d and too few for %d of at least %d: lower the minimum to %d or raise the maximum to %d",
			h, counts.Most, b.Max, counts.Least, b.Min, h/counts.Least, (h+counts.Most-1)/counts.Most)
	case h > b.Max:
		c.advise("raise the maximum from %d to %d, and they are one grid", b.Max, h)
	}
	heaviest := slices.MaxFunc(piece, func(u, v int32) int {
		return cmp.Or(cmp.Compare(g.Units[u].Households, g.Units[v].Households), cmp.Compare(v, u))
	})
	c.advise("split the compound of unit %d (%d households) by its buildings: no border between units leaves each side %d to %d", heaviest, g.Units[heaviest].Households, b.Min, b.Max)
	g.adviseBridge(&c)
	c.advise("allow a dedicated grid for these units, with %d households", h)
	return c
}

func (c *Certificate) advise(format string, v ...any) {
	c.Remedies = append(c.Remedies, fmt.Sprintf(format, v...))
}

// heaviestBeside is the unit with the most households beside a piece.
func (g *Graph) heaviestBeside(piece []int32) (best int32, ok bool) {
	for _, u := range piece {
		for _, n := range g.beside(u) {
			if _, own := slices.BinarySearch(piece, n.unit); own {
				continue
			}
			if !ok || g.Units[n.unit].Households > g.Units[best].Households {
				best, ok = n.unit, true
			}
		}
	}
	return best, ok
}

// adviseBridge advises to attach the units over the longest wall between them and
// others, which is where a bridge or a crossing is likeliest.
func (g *Graph) adviseBridge(c *Certificate) {
	var from, to int32
	var metres float64
	for _, u := range c.Units {
		for _, w := range g.behindWalls(u) {
			if _, own := slices.BinarySearch(c.Units, w.unit); !own && w.metres > metres {
				from, to, metres = u, w.unit, w.metres
			}
		}
	}
	if metres > 0 {
		c.advise("attach them over the nearest bridge: unit %d lies across the water or railway from unit %d", to, from)
		return
	}
	c.advise("attach them over the nearest bridge or crossing to a neighbour with households to spare")
}

// divisible tries all partitions of at most lumpUnits units into connected grids
// within bounds.
func (g *Graph) divisible(units []int32, b Bounds) bool {
	n := len(units)
	near := make([]uint16, n)
	for i, u := range units {
		for _, nb := range g.beside(u) {
			if j, ok := slices.BinarySearch(units, nb.unit); ok {
				near[i] |= 1 << j
			}
		}
	}
	households := make([]int, 1<<n)
	grid := make([]bool, 1<<n)
	for m := 1; m < 1<<n; m++ {
		low := trailing(uint16(m))
		households[m] = households[m&(m-1)] + g.Units[units[low]].Households
		grid[m] = households[m] >= b.Min && households[m] <= b.Max && hangsTogether(uint16(m), near)
	}
	// Bottom up: a set can be divided when a grid with its least unit leaves such a set.
	can := make([]bool, 1<<n)
	can[0] = true
	for m := 1; m < 1<<n; m++ {
		low := m & -m
		for s := m; s > 0 && !can[m]; s = (s - 1) & m {
			can[m] = s&low != 0 && grid[s] && can[m&^s]
		}
	}
	return can[1<<n-1]
}

func trailing(m uint16) int {
	n := 0
	for m&1 == 0 {
		m >>= 1
		n++
	}
	return n
}

func hangsTogether(m uint16, near []uint16) bool {
	grown := m & -m
	for {
		more := grown
		for i := range near {
			if grown>>i&1 != 0 {
				more |= near[i] & m
			}
		}
		if more == grown {
			return grown == m
		}
		grown = more
	}
}
