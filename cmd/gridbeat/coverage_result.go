package main

import (
	"bytes"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"gridbeat/geo"
	"gridbeat/routing/patrol"
)

// coverageResult is what coverage is told by. Lengths are metres of street, each
// metre once; a moment that is null never was.
type coverageResult struct {
	Plan       string       `json:"plan,omitempty"`
	Profile    string       `json:"profile"`
	Tracks     string       `json:"tracks"` // real, simulated or none
	Trips      int          `json:"trips"`
	Fixes      int          `json:"fixes"`
	Since      *time.Time   `json:"since"`
	Until      *time.Time   `json:"until"`
	Street     float64      `json:"street_metres"` // that patrols cover, in the grids
	Covered    float64      `json:"covered_metres"`
	ZoneKind   string       `json:"zones"` // grid, district or map
	Zones      []zoneRow    `json:"by_zone"`
	Shifts     []shiftRow   `json:"by_shift,omitempty"`
	Routes     []routeRow   `json:"by_route,omitempty"`
	Units      []unitRow    `json:"by_unit,omitempty"`
	NotVisited []notVisited `json:"not_visited"` // streets that patrols cover, with what is left of them

	zone *time.Location
}

type zoneRow struct {
	Code    string     `json:"code"`
	Street  float64    `json:"street_metres"`
	Covered float64    `json:"covered_metres"`
	Share   float64    `json:"share"`
	Oldest  *time.Time `json:"oldest_visit_at"` // of the part visited longest ago; null while any part never was
	Last    *time.Time `json:"last_visit_at"`
}

type shiftRow struct {
	Shift   int     `json:"shift"`
	Planned float64 `json:"planned_metres"`
	Passed  float64 `json:"passed_metres"`
	Share   float64 `json:"share"`
}

type routeRow struct {
	Unit    string    `json:"unit"`
	Shift   int       `json:"shift"`
	Planned float64   `json:"planned_metres"`
	Passed  float64   `json:"passed_metres"`
	Share   float64   `json:"share"`
	Left    []leftRow `json:"left_out"`
}

type leftRow struct {
	Street string  `json:"street"`
	Name   string  `json:"name,omitempty"`
	From   float64 `json:"from_metres"`
	To     float64 `json:"to_metres"`
}

type unitRow struct {
	Unit      string     `json:"unit"`
	Passed    float64    `json:"passed_metres"`
	Unplanned float64    `json:"unplanned_metres"`
	Last      *time.Time `json:"last_visit_at"`
}

type notVisited struct {
	Street string  `json:"street"`
	Name   string  `json:"name,omitempty"`
	Metres float64 `json:"metres"`
	Length float64 `json:"length_metres"`
}

func newCoverageResult(t traced, since, until time.Time, zone *time.Location) coverageResult {
	r := coverageResult{Profile: string(t.profile), Trips: t.Real, Fixes: t.Fixes, Tracks: realTracks,
		Since: moment(since, zone), Until: moment(until, zone), Zones: []zoneRow{}, NotVisited: []notVisited{}, zone: zone}
	if t.simulated {
		r.Tracks, r.Trips = simulatedTracks, t.Simulated
	}
	if r.Trips == 0 {
		r.Tracks = "none"
	}
	return r
}

func moment(t time.Time, zone *time.Location) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(zone)
	return &t
}

func (r *coverageResult) addZones(kind string, zones []patrol.ZoneCoverage) {
	r.ZoneKind = kind
	for _, z := range zones {
		r.Street, r.Covered = r.Street+z.Length, r.Covered+z.Covered
		r.Zones = append(r.Zones, zoneRow{z.Code, tenth(z.Length), tenth(z.Covered), share(z.Covered, z.Length), moment(z.Oldest, r.zone), moment(z.Last, r.zone)})
	}
	r.Street, r.Covered = tenth(r.Street), tenth(r.Covered)
}

// addNotVisited lists the streets of the zones that patrols cover and that nobody
// passed in full, those with the most metres left first.
func (r *coverageResult) addNotVisited(all *patrol.Coverage, zones []patrol.Zone) {
	for _, s := range all.Streets() {
		if !patrol.Wanted(*s.Street) || !touches(s.Street, zones) {
			continue
		}
		left := 0.0
		for _, p := range s.NotVisited(time.Time{}) {
			left += p.To - p.From
		}
		if left >= 1 {
			r.NotVisited = append(r.NotVisited, notVisited{s.Street.ID, s.Street.Name, tenth(left), tenth(s.Length)})
		}
	}
	slices.SortStableFunc(r.NotVisited, func(a, b notVisited) int {
		switch {
		case a.Metres > b.Metres:
			return -1
		case a.Metres < b.Metres:
			return 1
		}
		return 0
	})
}

func touches(s *geo.Street, zones []patrol.Zone) bool {
	box := s.Line.Bound()
	return slices.ContainsFunc(zones, func(z patrol.Zone) bool { return z.Outline.Bound().Intersects(box) })
}

func (r *coverageResult) addPlan(p *patrol.Plan, streets []geo.Street, byUnit map[string]*patrol.Coverage) {
	r.Plan = p.ID
	routes, units := patrol.Compare(p, streets, byUnit)
	for _, c := range routes {
		row := routeRow{Unit: c.Unit, Shift: c.Shift, Planned: tenth(c.Planned), Passed: tenth(c.Passed), Share: share(c.Passed, c.Planned), Left: []leftRow{}}
		for _, l := range c.Left {
			row.Left = append(row.Left, leftRow{l.Street.ID, l.Street.Name, tenth(l.From), tenth(l.To)})
		}
		r.Routes = append(r.Routes, row)
		i := slices.IndexFunc(r.Shifts, func(s shiftRow) bool { return s.Shift == c.Shift })
		if i < 0 {
			i = len(r.Shifts)
			r.Shifts = append(r.Shifts, shiftRow{Shift: c.Shift})
		}
		s := &r.Shifts[i]
		s.Planned, s.Passed = tenth(s.Planned+c.Planned), tenth(s.Passed+c.Passed)
		s.Share = share(s.Passed, s.Planned)
	}
	slices.SortFunc(r.Shifts, func(a, b shiftRow) int { return a.Shift - b.Shift })
	for _, u := range units {
		r.Units = append(r.Units, unitRow{u.Unit, tenth(u.Passed), tenth(u.Unplanned), moment(u.Last, r.zone)})
	}
}

// shownStreets is how many streets that were not visited are listed in the text.
const shownStreets = 10

func (r coverageResult) String() string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%.1f of %.1f km of street covered (%s), from %d trips, tracks: %s", r.Covered/1000, r.Street/1000, percent(share(r.Covered, r.Street)), r.Trips, r.Tracks)
	if r.Since != nil {
		fmt.Fprintf(&b, ", since %s", r.Since.Format(time.RFC3339))
	}
	if r.Until != nil {
		fmt.Fprintf(&b, ", until %s", r.Until.Format(time.RFC3339))
	}
	table := func(head string, rows func(w *tabwriter.Writer)) {
		fmt.Fprint(&b, "\n\n")
		w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, head)
		rows(w)
		w.Flush()
		b.Truncate(b.Len() - 1)
	}
	table(r.ZoneKind+"\tstreet m\tcovered m\tshare\toldest visit\tlast visit", func(w *tabwriter.Writer) {
		for _, z := range r.Zones {
			fmt.Fprintf(w, "%s\t%.0f\t%.0f\t%s\t%s\t%s\n", z.Code, z.Street, z.Covered, percent(z.Share), when(z.Oldest), when(z.Last))
		}
	})
	if len(r.Routes) > 0 {
		table("route of "+r.Plan+"\tshift\tplanned m\tpassed m\tshare\tleft out", func(w *tabwriter.Writer) {
			for _, c := range r.Routes {
				fmt.Fprintf(w, "%s\t%d\t%.0f\t%.0f\t%s\t%d pieces\n", c.Unit, c.Shift, c.Planned, c.Passed, percent(c.Share), len(c.Left))
			}
			for _, s := range r.Shifts {
				fmt.Fprintf(w, "all of shift %d\t%d\t%.0f\t%.0f\t%s\n", s.Shift, s.Shift, s.Planned, s.Passed, percent(s.Share))
			}
		})
		table("unit\tpassed m\tunplanned m\tlast visit", func(w *tabwriter.Writer) {
			for _, u := range r.Units {
				fmt.Fprintf(w, "%s\t%.0f\t%.0f\t%s\n", u.Unit, u.Passed, u.Unplanned, when(u.Last))
			}
		})
	}
	if len(r.NotVisited) > 0 {
		table(fmt.Sprintf("not visited: %d streets\tm left\tof m", len(r.NotVisited)), func(w *tabwriter.Writer) {
			for _, s := range r.NotVisited[:min(shownStreets, len(r.NotVisited))] {
				fmt.Fprintf(w, "%s %s\t%.0f\t%.0f\n", s.Street, s.Name, s.Metres, s.Length)
			}
			if n := len(r.NotVisited) - shownStreets; n > 0 {
				fmt.Fprintf(w, "... and %d more: --json lists all\n", n)
			}
		})
	}
	return b.String()
}

func when(t *time.Time) string {
	if t == nil {
		return "never"
	}
	return t.Format("2006-01-02 15:04")
}

func percent(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }

func share(part, whole float64) float64 {
	if whole <= 0 {
		return 0
	}
	return float64(int(part/whole*10_000+0.5)) / 10_000
}

func tenth(metres float64) float64 { return float64(int(metres*10+0.5)) / 10 }
