package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

// doctorCmd looks through a store and tells what is wrong with it.
type doctorCmd struct {
	storeFlag
}

// diagnosis is what doctor tells.
type diagnosis struct {
	Store    string         `json:"store"`
	Holds    map[string]int `json:"holds"`
	Edition  int            `json:"edition"` // in force; 0 when there is none
	Notes    []string       `json:"notes"`   // true, and no fault
	Findings []geo.Finding  `json:"findings"`
}

func (d diagnosis) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:", d.Store)
	for _, name := range []string{"streets", "districts", "compounds", "buildings", "households", "people", "incidents"} {
		fmt.Fprintf(&b, " %d %s,", d.Holds[name], name)
	}
	fmt.Fprintf(&b, " edition %d in force", d.Edition)
	for _, n := range d.Notes {
		fmt.Fprintf(&b, "\n  note: %s", n)
	}
	for _, f := range d.Findings {
		fmt.Fprintf(&b, "\n  wrong: %s", f)
	}
	if len(d.Findings) == 0 {
		b.WriteString("\n  nothing is wrong")
	}
	return b.String()
}

// Run does the command.
func (d *doctorCmd) Run(ctx context.Context, con *console) error {
	return d.use(ctx, func(st store) error {
		found, err := diagnose(ctx, con, st)
		if err != nil {
			return err
		}
		found.Store = d.name()
		if err := con.result(found, found.String()); err != nil {
			return err
		}
		if len(found.Findings) > 0 {
			return errCheckFailed
		}
		return nil
	})
}

func diagnose(ctx context.Context, con *console, st store) (diagnosis, error) {
	d := diagnosis{Holds: map[string]int{}, Notes: []string{}, Findings: []geo.Finding{}}
	station, err := st.Station(ctx)
	if err != nil {
		return d, err
	}
	if _, err := time.LoadLocation(station.TimeZone); err != nil {
		d.wrong("time-zone", "the station's time zone "+station.TimeZone+" is not known", "use an IANA name such as Asia/Shanghai")
	}
	g, err := ground(ctx, st)
	if err != nil {
		return d, err
	}
	d.ground(g)
	if err := d.cases(ctx, st); err != nil {
		return d, err
	}
	whole, err := st.Archive(ctx)
	if err != nil {
		return d, err
	}
	d.Findings = append(d.Findings, whole.Check()...)
	if n := whole.StaleBlocks(); n > 0 {
		d.note(true, fmt.Sprintf("%d blocks are of a district, community or compound that is gone: draw grids again, which renews the blocks", n))
	}
	e, found, err := inForce(ctx, st, con.now())
	if err != nil || !found {
		d.note(!found, "no edition is in force: draw and publish grids")
		return d, err
	}
	d.Edition = e.Number
	g.Districts = e.Districts
	d.Findings = append(d.Findings, district.Check(e.Grids, g, e.Bounds)...)
	return d, nil
}

// ground counts what grids are drawn from, and tells how sure the homes are.
func (d *diagnosis) ground(g district.Ground) {
	d.Holds["streets"], d.Holds["districts"] = len(g.Streets), len(g.Districts)
	d.Holds["compounds"], d.Holds["buildings"] = len(g.Compounds), len(g.Buildings)
	assumed := 0
	for _, b := range g.Buildings {
		d.Holds["households"] += b.Households
		if b.Source == geo.Assumed {
			assumed += b.Households
		}
	}
	d.note(len(g.Streets) == 0, "there are no streets: gridbeat import streets MAP.osm.pbf")
	d.note(len(g.Districts) == 0, "there are no districts: gridbeat import districts FILE, or districts cut")
	if homes := d.Holds["households"]; homes > 0 {
		d.note(2*assumed > homes, fmt.Sprintf("%d %% of the household figures are assumed; import a table to be sure", 100*assumed/homes))
	}
}

// cases counts people and incidents and looks for incidents that nobody holds.
func (d *diagnosis) cases(ctx context.Context, st store) error {
	people, err := st.People(ctx)
	if err != nil {
		return err
	}
	incidents, err := st.Incidents(ctx)
	if err != nil {
		return err
	}
	d.Holds["people"], d.Holds["incidents"] = len(people), len(incidents)
	for _, i := range incidents {
		if !geo.ValidPosition(i.Point) {
			d.Findings = append(d.Findings, geo.Finding{Rule: "position", Feature: "incident " + i.ID,
				Detail: "it has no position on earth", Remedy: "import it again with its place"})
		}
	}
	return nil
}

func (d *diagnosis) note(when bool, text string) {
	if when {
		d.Notes = append(d.Notes, text)
	}
}

func (d *diagnosis) wrong(rule, detail, remedy string) {
	d.Findings = append(d.Findings, geo.Finding{Rule: rule, Feature: "station", Detail: detail, Remedy: remedy})
}
