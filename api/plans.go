package api

import (
	"fmt"
	"slices"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing/patrol"
)

// PlanJob asks for patrol plans.
type PlanJob struct {
	Units            []string    `json:"units"`
	Profile          string      `json:"profile"`
	Depots           []orb.Point `json:"depots"`
	ShiftSeconds     float64     `json:"shift_seconds"`
	TimeLimitSeconds float64     `json:"time_limit_seconds"`
	Seed             uint64      `json:"seed"`
	District         string      `json:"district,omitempty"`
	Grids            []string    `json:"grids,omitempty"`
	BothSides        bool        `json:"both_sides,omitempty"`
	Variants         int         `json:"variants"`
	WithinPercent    float64     `json:"within_percent"`  // that other variants may be longer than the best
	Offer            int         `json:"offer,omitempty"` // plans between the shortest longest route and the least total, 0 for none
	Start            string      `json:"start,omitempty"` // when the shift begins, HH:MM
	// FromPlan is the id of a plan to begin with, or newest: what is not said is as it was there.
	FromPlan string `json:"from_plan,omitempty"`
	// An empty list says that there are none, also where a plan to begin with has some.
	Closed      []string     `json:"closed,omitzero"` // ids of streets that are neither covered nor passed
	Services    []Service    `json:"services,omitzero"`
	Checkpoints []Checkpoint `json:"checkpoints,omitzero"`
}

// Service asks for more of a street than one visit, or for one unit to do it.
type Service struct {
	Street       string  `json:"street"`           // id
	Visits       int     `json:"visits,omitempty"` // 1 where absent
	ApartMinutes float64 `json:"apart_minutes,omitempty"`
	Unit         string  `json:"unit,omitempty"` // one of the plan's units
}

// Checkpoint is a place that one unit visits in every shift, some time after it begins.
type Checkpoint struct {
	Name         string    `json:"name"`
	At           orb.Point `json:"at"`
	FromSeconds  float64   `json:"from_seconds,omitempty"`
	UntilSeconds float64   `json:"until_seconds,omitempty"` // the end of the shift where absent
	StaySeconds  float64   `json:"stay_seconds,omitempty"`
}

const (
	mostCheckpoints = 500

	planRemedy = `send {"units", "profile", "depots"} or {"from_plan"}, with "shift_seconds", "time_limit_seconds", "seed", "district", "grids", "both_sides", "closed" (ids of streets), "services" ([{"street", "visits", "apart_minutes", "unit"}]), "checkpoints" ([{"name", "at", "from_seconds", "until_seconds", "stay_seconds"}]), "start" (HH:MM), "variants" or "offer"`
)

// wrongService reports whether no plan can do what is asked for.
func wrongService(s Service) bool {
	return s.Street == "" || s.Visits < 0 || s.Visits > 20 || !(s.ApartMinutes >= 0 && s.ApartMinutes <= 24*60)
}

// wrongCheckpoint reports whether no shift has room for it.
func wrongCheckpoint(k Checkpoint) bool {
	until := k.UntilSeconds
	if until == 0 {
		until = mostShift.Seconds()
	}
	return k.Name == "" || !geo.ValidPosition(k.At) || !(0 <= k.FromSeconds && k.FromSeconds <= until && until <= mostShift.Seconds()) ||
		!(0 <= k.StaySeconds && k.StaySeconds <= mostShift.Seconds())
}

// createPlan queues the planning of patrols.
func (s *Server) createPlan(c echo.Context) error {
	ask := PlanJob{TimeLimitSeconds: 10, Seed: 1, Variants: 1, WithinPercent: 5}
	body, err := readJSON(c, &ask, planRemedy)
	if err != nil {
		return err
	}
	if ask.FromPlan == "" {
		if ask.Profile == "" {
			ask.Profile = "foot"
		}
		if ask.ShiftSeconds == 0 {
			ask.ShiftSeconds = 4 * 3600
		}
	}
	if err := ask.check(); err != nil {
		return err
	}
	var old patrol.Plan
	switch ctx := c.Request().Context(); ask.FromPlan {
	case "":
	case "newest":
		old, err = s.store.NewestPlan(ctx)
	default:
		old, err = s.store.Plan(ctx, ask.FromPlan)
	}
	if err != nil {
		return err
	}
	ask.FromPlan = old.ID // the newest now, not when the job is worked
	return s.addJob(c, JobPlan, "", ask, body, nil)
}

// check says what of a request cannot be.
func (ask PlanJob) check() error {
	var w wrongs
	anew := ask.FromPlan != ""
	w.unless((anew || len(ask.Units) > 0) && len(ask.Units) <= mostUnits && !slices.Contains(ask.Units, ""), "/units", "there are no units, or one without a name",
		fmt.Sprintf("name 1 to %d units", mostUnits))
	w.unless(anew && ask.Profile == "" || slices.Contains([]string{"foot", "bicycle", "ebike", "car"}, ask.Profile), "/profile", fmt.Sprintf("%q is no profile", ask.Profile),
		"give foot, bicycle, ebike or car")
	w.unless((anew || len(ask.Depots) > 0) && !slices.ContainsFunc(ask.Depots, func(p orb.Point) bool { return !geo.ValidPosition(p) }), "/depots",
		"there is no depot, or one is no place on earth", "give [[lon, lat], ...]")
	w.unless(anew && ask.ShiftSeconds == 0 || 0 < ask.ShiftSeconds && ask.ShiftSeconds <= mostShift.Seconds(), "/shift_seconds", "the shift is out of range", "give more than 0 and at most 86400")
	w.unless(0 < ask.TimeLimitSeconds && ask.TimeLimitSeconds <= mostSeconds, "/time_limit_seconds", "the time limit is out of range",
		fmt.Sprintf("give more than 0 and at most %d seconds", mostSeconds))
	w.unless(ask.District == "" || len(ask.Grids) == 0, "/grids", "a district and grids are both given", "give one of the two")
	ask.checkExtras(&w)
	w.unless(1 <= ask.Variants && ask.Variants <= mostVariants, "/variants", "the number of variants is out of range", fmt.Sprintf("give 1 to %d", mostVariants))
	w.unless(0 <= ask.WithinPercent && ask.WithinPercent <= 100, "/within_percent", "the share is out of range", "give 0 to 100")
	w.unless(ask.Offer == 0 || 2 <= ask.Offer && ask.Offer <= mostVariants && ask.Variants == 1, "/offer", "the number of plans on offer is out of range, or variants are asked for too",
		fmt.Sprintf("give 2 to %d, without variants", mostVariants))
	return w.err("patrol plan")
}

// checkExtras checks what is asked for beyond one visit to every street.
func (ask PlanJob) checkExtras(w *wrongs) {
	w.unless(len(ask.Closed) <= mostClosed && !slices.Contains(ask.Closed, ""), "/closed", "there are too many closed streets, or one without an id",
		fmt.Sprintf("give the ids of at most %d streets", mostClosed))
	w.unless(len(ask.Services) <= mostClosed && !slices.ContainsFunc(ask.Services, wrongService), "/services", "there are too many services, or one cannot be",
		fmt.Sprintf("give at most %d, each with a street, visits from 1 to 20 and apart_minutes of at most a day", mostClosed))
	w.unless(len(ask.Checkpoints) <= mostCheckpoints && !slices.ContainsFunc(ask.Checkpoints, wrongCheckpoint), "/checkpoints", "there are too many checkpoints, or one cannot be",
		fmt.Sprintf("give at most %d, each with a name, a place and times within the shift, the earlier one first", mostCheckpoints))
	_, err := time.Parse("15:04", ask.Start)
	w.unless(ask.Start == "" || err == nil, "/start", fmt.Sprintf("%q is no time of day", ask.Start), "give hours and minutes such as 08:30")
}
