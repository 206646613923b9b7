package api

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing"
	"gridbeat/routing/dispatch"
)

// The rules of a ranking, where the request does not tell others.
const (
	nearestDefault = 5
	nearestMost    = 50
	positionOld    = 2 * time.Minute
	reachDefault   = 5 * time.Minute
	reachMost      = time.Hour
	moveGains      = geo.Metres(100) // what a move of another unit must gain at least
)

// nearestAsk is what a request asks for.
type nearestAsk struct {
	count   int
	within  time.Duration
	profile routing.Profile
	skills  []string
}

func readNearest(c echo.Context) (a nearestAsk, err error) {
	a = nearestAsk{nearestDefault, reachDefault, routing.Foot, c.QueryParams()["skill"]}
	if text := c.QueryParam("limit"); text != "" {
		if a.count, err = strconv.Atoi(text); err != nil || a.count < 1 || a.count > nearestMost {
			return a, badField("/limit", fmt.Sprintf("limit %q is no number from 1 to %d", text, nearestMost), "give such a number")
		}
	}
	if text := c.QueryParam("within"); text != "" {
		seconds, err := strconv.Atoi(text)
		if err != nil || seconds < 1 || seconds > int(reachMost.Seconds()) {
			return a, badField("/within", fmt.Sprintf("within %q is no number from 1 to %.0f", text, reachMost.Seconds()), "give so many seconds")
		}
		a.within = time.Duration(seconds) * time.Second
	}
	if text := c.QueryParam("profile"); text != "" {
		if a.profile = routing.Profile(text); !slices.Contains(routing.Profiles, a.profile) {
			return a, badField("/profile", fmt.Sprintf("%q is no profile", text), fmt.Sprintf("give one of %v", routing.Profiles))
		}
	}
	return a, nil
}

// nearestAnswer is a unit and when it would be at an incident, in seconds from now.
type nearestAnswer struct {
	Unit      string     `json:"unit"`
	Name      string     `json:"name"`
	Profile   string     `json:"profile"`
	Travel    float64    `json:"travel_seconds"`
	Arrive    float64    `json:"arrive_seconds"`
	Earliest  float64    `json:"earliest_seconds"`
	Latest    float64    `json:"latest_seconds"`
	Side      string     `json:"side"` // along or against the line of the street
	SeenAt    time.Time  `json:"seen_at"`
	Age       float64    `json:"age_seconds"` // of the position
	ShiftEnds *time.Time `json:"shift_ends_at"`
	Simulated bool       `json:"simulated"`

	Reasons []dispatch.Reason `json:"reasons,omitempty"` // why it is not offered
}

// coverageAnswer is what response coverage is left once the first unit is sent.
type coverageAnswer struct {
	Sent    string      `json:"sent"`
	Profile string      `json:"profile"` // its streets and its like are what counts
	Within  float64     `json:"within_seconds"`
	Total   float64     `json:"total_metres"`
	Before  float64     `json:"beyond_before_metres"`
	After   float64     `json:"beyond_after_metres"`
	Worst   *holeAnswer `json:"worst"` // null where no street waits
	Move    *moveAnswer `json:"move"`  // null where none gains much
}

type holeAnswer struct {
	Lon     float64 `json:"lon"`
	Lat     float64 `json:"lat"`
	Seconds float64 `json:"seconds"`
}

type moveAnswer struct {
	Unit   string  `json:"unit"`
	Lon    float64 `json:"lon"`
	Lat    float64 `json:"lat"`
	Beyond float64 `json:"beyond_metres"`
}

// nearestAnswers is the whole answer.
type nearestAnswers struct {
	At       time.Time       `json:"at"`
	Items    []nearestAnswer `json:"items"`
	Skipped  []nearestAnswer `json:"skipped"`
	Sides    []nearestAnswer `json:"sides"` // two, or none
	Unplaced int             `json:"unplaced"`
	Cut      int             `json:"cut_off"`
	Off      int             `json:"off_duty"`
	Coverage *coverageAnswer `json:"coverage"` // null without a unit to send
}

// listNearest answers which units to send to an incident: limit= of them, by their time
// on the network, those passed over and why, two from different sides, and what is left
// within= seconds of the others. skill= may be given several times; profile= is for
// units of which only positions are known.
func (s *Server) listNearest(c echo.Context) error {
	ask, err := readNearest(c)
	if err != nil {
		return err
	}
	ctx, now := copyWillDo(c), s.now()
	f, err := s.frameNow(c.Request().Context())
	if err != nil {
		return err
	}
	i, err := s.store.Incident(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	ds, off, err := s.onDuty(ctx, now, i.ID, ask.profile)
	if err != nil {
		return err
	}
	n, err := s.near(c.Request().Context(), i, ds)
	if err != nil {
		return err
	}
	speed := math.Inf(1)
	for _, d := range ds {
		speed = min(speed, paces[d.profile])
	}
	ranking, err := dispatch.Rank(n.units, n, dispatch.Call{Skills: ask.skills, Now: now},
		dispatch.RankOptions{Count: ask.count, OldAfter: positionOld, Speed: speed})
	if err != nil {
		return err
	}
	a := n.tell(ranking, now, f.zone)
	a.Off = off
	if len(ranking.Best) > 0 {
		if a.Coverage, err = n.left(ranking.Best[0].Unit, ask.within, now); err != nil {
			return err
		}
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, a)
}

func (n *nearby) tell(r dispatch.Ranking, now time.Time, zone *time.Location) nearestAnswers {
	a := nearestAnswers{At: now.In(zone), Items: []nearestAnswer{}, Skipped: []nearestAnswer{}, Sides: []nearestAnswer{},
		Unplaced: r.Unplaced, Cut: r.Cut}
	for _, e := range r.Best {
		a.Items = append(a.Items, n.estimate(e, now, zone))
	}
	for _, k := range r.Skipped[:min(len(r.Skipped), nearestMost)] {
		one := n.estimate(k.Estimate, now, zone)
		one.Reasons = k.Reasons
		a.Skipped = append(a.Skipped, one)
	}
	if r.HasSides {
		a.Sides = append(a.Sides, n.estimate(r.Sides[0], now, zone), n.estimate(r.Sides[1], now, zone))
	}
	return a
}

func (n *nearby) estimate(e dispatch.Estimate, now time.Time, zone *time.Location) nearestAnswer {
	d := n.duty[e.Unit]
	a := nearestAnswer{Unit: d.ID, Name: d.Name, Profile: string(d.profile), Travel: tenths(e.Travel), Arrive: tenths(e.Arrive),
		Earliest: tenths(e.Earliest), Latest: tenths(e.Latest), Side: "along", SeenAt: d.seen.At.In(zone),
		Age: tenths(now.Sub(d.seen.At)), Simulated: d.Simulated || d.seen.Simulated}
	if e.Against {
		a.Side = "against"
	}
	if !d.ends.IsZero() {
		ends := d.ends.In(zone)
		a.ShiftEnds = &ends
	}
	return a
}

// left is what the free units of the profile of the one that is sent still reach.
func (n *nearby) left(sent int, within time.Duration, now time.Time) (*coverageAnswer, error) {
	profile := n.duty[sent].profile
	times := n.times[profile]
	spots := n.spots(func(i int) bool {
		u := &n.units[i]
		return n.duty[i].profile == profile && (i == sent || !u.Busy && now.Sub(u.SeenAt) <= positionOld)
	})
	free := slices.Clone(n.units)
	for i := range free {
		free[i].Spot = spots[i]
	}
	l, err := dispatch.LeftAfter(times.Reach(spots), free, sent, within, moveGains)
	if err != nil {
		return nil, err
	}
	net := times.Network()
	a := &coverageAnswer{Sent: n.duty[sent].ID, Profile: string(profile), Within: within.Seconds(), Total: wholeMetres(l.After.Total),
		Before: wholeMetres(l.Before.Metres), After: wholeMetres(l.After.Metres)}
	if l.After.Worst.Edge != routing.None {
		p := pointOf(net, l.After.Worst)
		a.Worst = &holeAnswer{p[0], p[1], float64(l.After.WorstMillis) / 1000}
	}
	if l.HasMove {
		p := pointOf(net, l.Move.To)
		a.Move = &moveAnswer{n.duty[l.Move.Unit].ID, p[0], p[1], wholeMetres(l.Move.Beyond)}
	}
	return a, nil
}

func pointOf(n *routing.Network, s routing.Spot) orb.Point {
	return n.Part(s.Edge, s.Offset, s.Offset)[0]
}

func wholeMetres(m geo.Metres) float64 { return math.Round(float64(m)) }

// tenths are seconds to a tenth; what is known of positions is no finer.
func tenths(d time.Duration) float64 { return math.Round(10*d.Seconds()) / 10 }
