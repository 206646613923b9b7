package main

import (
	"context"
	"encoding/json"
	"os"

	"github.com/paulmach/orb/planar"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

// ruleFlag is the flag of the imports that estimate homes.
type ruleFlag struct {
	Rule string `placeholder:"FILE.json" help:"Of a .osm.pbf: factors that differ from the default rule for homes."`
}

// rule is the default rule with what the file says instead.
func (r ruleFlag) rule() (district.HouseholdRule, error) {
	rule := district.DefaultHouseholdRule()
	if r.Rule == "" {
		return rule, nil
	}
	f, err := os.Open(r.Rule)
	if err != nil {
		return rule, err
	}
	defer f.Close()
	dec := json.NewDecoder(f)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&rule); err != nil {
		return rule, geo.NewInputError(r.Rule, geo.Finding{Rule: "rule-unreadable", Detail: err.Error(), Remedy: "give a JSON object with factors of the household rule"})
	}
	return rule, rule.Validate()
}

// settle reads the map and works out its compounds and homes.
func (r ruleFlag) settle(ctx context.Context, con *console, f importFlags) (*district.Settlement, district.HouseholdRule, []geo.Finding, error) {
	rule, err := r.rule()
	if err != nil {
		return nil, rule, nil, err
	}
	m, err := f.readMap(ctx, con)
	if err != nil {
		return nil, rule, nil, err
	}
	con.step("compounds and homes", 0, 0)
	s, err := district.Settle(ctx, m, rule)
	if err != nil {
		return nil, rule, nil, err
	}
	con.say("%s", s.Report)
	return s, rule, m.Findings, nil
}

// count counts the homes of buildings from a table: what is given stands, outlines
// without a count are estimated, places without either hold none.
func (r ruleFlag) count(ctx context.Context, source string, bs []geo.Building) ([]geo.Building, district.HouseholdRule, error) {
	rule, err := r.rule()
	if err != nil {
		return nil, rule, err
	}
	m := geo.StreetMap{Source: source}
	var out []geo.Building
	for i, b := range bs {
		if b.Source == "" && len(b.Outline) > 0 {
			m.Buildings = append(m.Buildings, b)
		} else {
			if b.Source == "" {
				b.Source = geo.Assumed
			}
			out = append(out, b)
		}
		if i == 0 {
			m.Bounds = b.At.Bound()
		}
		m.Bounds = m.Bounds.Extend(b.At)
	}
	if len(m.Buildings) == 0 {
		return out, rule, nil
	}
	s, err := district.Settle(ctx, &m, rule)
	if err != nil {
		return nil, rule, err
	}
	return append(out, s.Buildings...), rule, nil
}

// saveBuildings spreads the known totals of communities, saves the buildings and
// the counts of the compounds, and tells the station how its homes were counted,
// for the honesty line of the page.
func saveBuildings(ctx context.Context, con *console, st store, bs []geo.Building, rule district.HouseholdRule) (geo.Counts, error) {
	communities, err := st.Communities(ctx)
	if err != nil {
		return geo.Counts{}, err
	}
	return saveHomes(ctx, con, st, communities, nil, bs, rule)
}

// saveHomes is saveBuildings with the communities given, and saves those that are
// fresh with them. It counts the fresh communities, else the buildings.
func saveHomes(ctx context.Context, con *console, st store, communities, fresh []geo.Community, bs []geo.Building, rule district.HouseholdRule) (geo.Counts, error) {
	bs, findings := district.SpreadTotals(communities, bs, rule)
	con.findings(findings)
	compounds, err := st.Compounds(ctx)
	if err != nil {
		return geo.Counts{}, err
	}
	joinCompounds(compounds, bs)
	s, err := st.Station(ctx)
	if err != nil {
		return geo.Counts{}, err
	}
	s.Homes = homesSource(bs, rule)
	s = withDefaults(s)
	counts, err := st.Import(ctx, district.Import{Communities: fresh, Compounds: compounds, Buildings: append([]geo.Building{}, bs...), Station: &s}, con.now())
	if fresh != nil {
		return counts.Communities, err
	}
	return counts.Buildings, err
}

func homesSource(bs []geo.Building, rule district.HouseholdRule) district.HomesSource {
	r := district.SettleReport{Rule: rule.Sentence()}
	r.Recount(bs)
	return r.HomesSource()
}

// saveCompounds saves the compounds with the homes that the known buildings hold.
func saveCompounds(ctx context.Context, con *console, st store, cs []geo.Compound) (geo.Counts, error) {
	bs, err := st.Buildings(ctx)
	if err != nil {
		return geo.Counts{}, err
	}
	joinCompounds(cs, bs)
	if len(bs) == 0 {
		bs = nil
	}
	counts, err := st.Import(ctx, district.Import{Compounds: cs, Buildings: bs}, con.now())
	return counts.Compounds, err
}

// joinCompounds tells each building which compound holds it, where that is not
// known, and each compound how many homes it holds.
func joinCompounds(cs []geo.Compound, bs []geo.Building) {
	known := map[string]bool{}
	for _, c := range cs {
		known[c.ID] = true
	}
	for i := range bs {
		if known[bs[i].Compound] {
			continue
		}
		bs[i].Compound = ""
		for _, c := range cs {
			if c.Outline.Bound().Contains(bs[i].At) && planar.PolygonContains(c.Outline, bs[i].At) {
				bs[i].Compound = c.ID
				break
			}
		}
	}
	district.CountCompounds(cs, bs)
}
