package demo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/routing/dispatch"

	"github.com/paulmach/orb"
)

// Town is where the simulation puts things.
type Town struct {
	Streets   []geo.Street
	Buildings []geo.Building
	Bounds    orb.Bound
	People    []dispatch.Person
	Zone      *time.Location
	Locate    func(orb.Point) district.Location // which grid a place belongs to
}

// span is the time before now in which the incidents were reported.
const span = 7 * 24 * time.Hour

// kind is a category with its share of all incidents and what it may say.
type kind struct {
	category dispatch.Category
	share    float64 // they sum to 1
	urgent   float64 // share of these that are urgent
	atHome   float64 // share of these near a building; the others are on a street
	texts    []string
}

var kinds = []kind{
	{dispatch.Hazard, 0.34, 0.04, 0.35, []string{"路面破损", "消防通道被占用", "井盖松动", "路灯不亮", "飞线充电"}},
	{dispatch.Dispute, 0.21, 0.02, 0.9, []string{"邻里噪声", "停车纠纷", "物业收费争议", "楼上漏水"}},
	{dispatch.Inquiry, 0.20, 0, 0.7, []string{"咨询居住证办理", "咨询身份证换领", "询问养犬登记"}},
	{dispatch.Other, 0.12, 0, 0.5, []string{"拾到物品", "请求开锁联系", "其他求助"}},
	{dispatch.Tip, 0.09, 0.05, 0.5, []string{"可疑推销电话", "门前张贴小广告", "疑似诈骗短信"}},
	{dispatch.Emergency, 0.04, 0.8, 0.5, []string{"有人摔倒受伤", "闻到烟味", "车辆碰撞"}},
}

// Incidents simulates n incidents of the seven days before now, sorted by the
// time of their report. Each gets its grid, its clocks, its number and the person
// who answers for it, by the rules that real ones follow.
func Incidents(town Town, n int, seed uint64, now time.Time) []dispatch.Incident {
	rng := chance(seed, incidentStream)
	ladder := dispatch.NewLadder(town.People)
	numbers := dispatch.NewNumbering(nil, town.Zone)
	places := newPlaces(town)
	var out []dispatch.Incident
	for _, at := range reportTimes(rng, n, now, town.Zone) {
		k := pick(rng, kinds, func(k kind) float64 { return k.share })
		i := dispatch.Incident{
			ID:         fmt.Sprintf("sim-%012x", rng.Uint64()>>16),
			Number:     numbers.Next(at),
			Category:   k.category,
			Priority:   dispatch.Normal,
			Point:      places.draw(rng, rng.Float64() < k.atHome),
			Text:       "模拟:" + k.texts[rng.IntN(len(k.texts))],
			ReportedAt: at,
			Version:    1,
			Simulated:  true,
		}
		if rng.Float64() < k.urgent {
			i.Priority = dispatch.Urgent
		}
		i.AnswerDueAt, i.CloseDueAt = dispatch.Due(i.Priority, at)
		assign(&i, town.Locate(i.Point), ladder, rng)
		i.State = state(rng, now.Sub(at))
		out = append(out, i)
	}
	return out
}

// assign gives the incident its grid and its holder; one dispute in eight has
// climbed a step of the ladder.
func assign(i *dispatch.Incident, l district.Location, ladder *dispatch.Ladder, rng *rand.Rand) {
	i.Grid, i.District, i.How, i.Metres = l.Grid, l.District, string(l.How), float64(l.Metres)
	h := ladder.First(i.Priority, i.Grid, i.District)
	if climbs := rng.Float64() < 0.125; climbs && i.Category == dispatch.Dispute {
		h = ladder.Above(h.Level, i.Grid, i.District)
	}
	i.Level, i.Responsible = h.Level, h.Name
}

// reportTimes draws n times of the span before now, in order: three times as many
// in a waking hour as in one of the night.
func reportTimes(rng *rand.Rand, n int, now time.Time, zone *time.Location) []time.Time {
	if zone == nil {
		zone = time.UTC
	}
	var times []time.Time
	for len(times) < n {
		at := now.Add(-time.Duration(rng.Int64N(int64(span)))).Truncate(time.Second)
		hour := at.In(zone).Hour()
		if awake := hour >= 7 && hour < 22; awake || rng.IntN(3) == 0 {
			times = append(times, at)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}

// state draws how far an incident of that age has come: the old ones are nearly
// all closed, the fresh ones wait, a few are late.
func state(rng *rand.Rand, age time.Duration) string {
	type weighted struct {
		state  string
		weight float64
	}
	var table []weighted
	switch {
	case age < 30*time.Minute:
		table = []weighted{{dispatch.Reported, 4}, {dispatch.Filed, 2}, {dispatch.Dispatched, 4}}
	case age < 6*time.Hour:
		table = []weighted{{dispatch.Dispatched, 1}, {dispatch.Answered, 4}, {dispatch.OnSite, 3}, {dispatch.Handled, 3}, {dispatch.Closed, 1}}
	case age < 24*time.Hour:
		table = []weighted{{dispatch.Answered, 2}, {dispatch.OnSite, 2}, {dispatch.Handled, 3}, {dispatch.Verified, 2}, {dispatch.Closed, 6}, {dispatch.Referred, 0.5}}
	default:
		table = []weighted{{dispatch.Closed, 90}, {dispatch.Handled, 2}, {dispatch.Deferred, 3}, {dispatch.Referred, 3}, {dispatch.Duplicate, 2}}
	}
	return pick(rng, table, func(w weighted) float64 { return w.weight }).state
}

// pick draws one of all with a chance in proportion to its weight.
func pick[T any](rng *rand.Rand, all []T, weight func(T) float64) T {
	var sum float64
	for _, t := range all {
		sum += weight(t)
	}
	x := rng.Float64() * sum
	for _, t := range all {
		if x -= weight(t); x < 0 {
			return t
		}
	}
	return all[len(all)-1]
}

// scatter moves p by up to that many metres in any direction.
func scatter(rng *rand.Rand, p orb.Point, metres float64) orb.Point {
	angle, r := rng.Float64()*2*math.Pi, metres*math.Sqrt(rng.Float64())
	sin, cos := math.Sincos(angle)
	return geo.NewPlane(p).Point(r*cos, r*sin)
}
