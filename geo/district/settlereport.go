package district

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"gridbeat/geo"
)

// SettleReport tells what a settlement rests on.
type SettleReport struct {
	Map          string          `json:"map"`  // file name
	Rule         string          `json:"rule"` // in a sentence
	Homes        []KindHomes     `json:"homes"`
	Buildings    int             `json:"buildings"` // with homes, counting points included
	Households   int             `json:"households"`
	GivenShare   float64         `json:"given_share"` // shares of all households; they sum to 1, or are all 0
	DerivedShare float64         `json:"derived_share"`
	AssumedShare float64         `json:"assumed_share"`
	NoHomes      []ReasonCount   `json:"no_homes"` // mapped buildings without homes, by reason
	Compounds    CompoundsReport `json:"compounds"`
	Findings     []geo.Finding   `json:"findings,omitempty"` // areas that made no compound, and why
}

// KindHomes is a row of the table of homes. Counting points are told apart by what
// they stand for: "point in a compound outline", "point on land", "point at a street".
type KindHomes struct {
	Kind       string              `json:"kind"`
	Source     geo.HouseholdSource `json:"source"`
	Buildings  int                 `json:"buildings"`
	Households int                 `json:"households"`
}

// ReasonCount is how often something happened, and on how much ground.
type ReasonCount struct {
	Reason   string  `json:"reason"`
	Count    int     `json:"count"`
	Hectares float64 `json:"hectares,omitempty"`
}

// CompoundsReport tells which pieces of residential land became compounds.
type CompoundsReport struct {
	Landuse  int           `json:"landuse"`  // areas of residential land on the map
	Outlines int           `json:"outlines"` // building outlines that stand for compounds
	Pieces   int           `json:"pieces"`   // that the streets made of them
	Overlaps int           `json:"overlaps"` // pairs of areas that overlap; the smaller keeps the ground
	Made     []ReasonCount `json:"made"`
	Refused  []ReasonCount `json:"refused"`
}

func (s *settler) report(source string) SettleReport {
	r := SettleReport{Map: source, Rule: s.rule.Sentence()}
	for _, t := range s.parcels.tracts {
		if t.origin == originOutline {
			r.Compounds.Outlines++
		} else {
			r.Compounds.Landuse++
		}
	}
	r.Compounds.Pieces, r.Compounds.Overlaps = len(s.parcels.all), s.parcels.overlap
	for _, p := range s.parcels.all {
		if p.made != "" {
			r.Compounds.Made = addReason(r.Compounds.Made, p.made, 1, p.area)
		} else {
			r.Compounds.Refused = addReason(r.Compounds.Refused, p.refused, 1, p.area)
		}
	}
	for _, t := range s.parcels.lost {
		r.Compounds.Refused = addReason(r.Compounds.Refused, refusedCovered, 1, s.parcels.tracts[t].area)
	}
	for _, t := range s.parcels.broken {
		r.Compounds.Refused = addReason(r.Compounds.Refused, refusedBroken, 1, s.parcels.tracts[t].area)
	}
	r.Findings = s.refusals()
	for reason, n := range s.none {
		r.NoHomes = addReason(r.NoHomes, reason, n, 0)
	}
	for _, list := range [][]ReasonCount{r.Compounds.Made, r.Compounds.Refused, r.NoHomes} {
		slices.SortFunc(list, func(a, b ReasonCount) int { return cmp.Compare(a.Reason, b.Reason) })
	}
	return r
}

// refusals are the areas, and the pieces of areas, that made no compound; slivers are
// told only where nothing else is left of an area.
func (s *settler) refusals() []geo.Finding {
	kept := make([]bool, len(s.parcels.tracts))
	why := map[int32]string{}
	var out []geo.Finding
	for _, p := range s.parcels.all {
		switch {
		case p.refused == refusedSliver:
			why[p.tract] = "too little is left of it beside streets and smaller areas"
			continue
		case p.refused == refusedCrossed:
			at := p.outline[0][0]
			out = append(out, geo.Finding{
				Rule: "compound-refused", Feature: p.id, At: &at,
				Detail: fmt.Sprintf("%.0f m of through streets cross it; its homes stand free", float64(p.crossing)),
			})
		}
		kept[p.tract] = true
	}
	for _, t := range s.parcels.lost {
		why[t] = "smaller areas cover it"
	}
	for _, t := range s.parcels.broken {
		why[t] = "its outline encloses no ground"
	}
	for t, tract := range s.parcels.tracts {
		if reason := why[int32(t)]; reason != "" && !kept[t] {
			at := geo.RoundE7(tract.outline[0][0])
			out = append(out, geo.Finding{Rule: "compound-refused", Feature: tract.id, At: &at, Detail: reason})
		}
	}
	slices.SortFunc(out, func(a, b geo.Finding) int { return cmp.Compare(a.Feature, b.Feature) })
	return out
}

func addReason(to []ReasonCount, reason string, n int, area geo.SquareMetres) []ReasonCount {
	i := slices.IndexFunc(to, func(r ReasonCount) bool { return r.Reason == reason })
	if i < 0 {
		i, to = len(to), append(to, ReasonCount{Reason: reason})
	}
	to[i].Count += n
	to[i].Hectares += float64(area) / 10_000
	return to
}

// Recount fills the table of homes and the shares from the buildings.
func (r *SettleReport) Recount(buildings []geo.Building) {
	r.Homes, r.Buildings, r.Households = nil, 0, 0
	bySource := map[geo.HouseholdSource]int{}
	for _, b := range buildings {
		if b.Households == 0 {
			continue
		}
		r.Buildings++
		r.Households += b.Households
		bySource[b.Source] += b.Households
		kind := tableKind(b)
		i := slices.IndexFunc(r.Homes, func(h KindHomes) bool { return h.Kind == kind && h.Source == b.Source })
		if i < 0 {
			i, r.Homes = len(r.Homes), append(r.Homes, KindHomes{Kind: kind, Source: b.Source})
		}
		r.Homes[i].Buildings++
		r.Homes[i].Households += b.Households
	}
	slices.SortFunc(r.Homes, func(a, b KindHomes) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Source, b.Source))
	})
	all := float64(max(1, r.Households))
	r.GivenShare = float64(bySource[geo.Given]) / all
	r.DerivedShare = float64(bySource[geo.Derived]) / all
	r.AssumedShare = float64(bySource[geo.Assumed]) / all
}

// tableKind tells counting points apart by their ids.
func tableKind(b geo.Building) string {
	switch {
	case b.Kind != PointKind:
		return dwellingKind(b)
	case strings.HasPrefix(b.ID, "b"):
		return "point in a compound outline"
	case strings.HasPrefix(b.ID, "s"):
		return "point at a street"
	case strings.HasPrefix(b.ID, "c"):
		return "point in a community"
	}
	return "point on land"
}

// HomesSource is what the honesty line tells of the counts.
func (r SettleReport) HomesSource() HomesSource {
	return HomesSource{Rule: r.Rule, GivenShare: r.GivenShare, DerivedShare: r.DerivedShare, AssumedShare: r.AssumedShare}
}

// String renders the report as an aligned table.
func (r SettleReport) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d homes in %d buildings and counting points (given %.1f %%, derived %.1f %%, assumed %.1f %%)\n",
		r.Map, r.Households, r.Buildings, 100*r.GivenShare, 100*r.DerivedShare, 100*r.AssumedShare)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "kind\tsource\tbuildings\thomes")
	for _, h := range r.Homes {
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\n", h.Kind, h.Source, h.Buildings, h.Households)
	}
	for _, n := range r.NoHomes {
		fmt.Fprintf(w, "none: %s\t\t%d\t0\n", n.Reason, n.Count)
	}
	w.Flush()
	c := r.Compounds
	fmt.Fprintf(&b, "compounds: %d residential areas and %d building outlines, cut by streets into %d pieces; %d overlaps resolved\n",
		c.Landuse, c.Outlines, c.Pieces, c.Overlaps)
	w = tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, list := range []struct {
		verb string
		rows []ReasonCount
	}{{"made", c.Made}, {"refused", c.Refused}} {
		for _, x := range list.rows {
			fmt.Fprintf(w, "%s\t%s\t%d\t%.1f ha\n", list.verb, x.Reason, x.Count, x.Hectares)
		}
	}
	w.Flush()
	return b.String()
}
