package storetest

import (
	"context"
	"testing"
	"time"

	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

func townUnits() []patrol.Unit {
	return []patrol.Unit{
		{ID: "甲", Name: "巡逻一组", Profile: "ebike", District: "01", Skills: []string{"first aid", "粤语"}, Simulated: true, Version: 1},
		{ID: "车 2", Profile: "car", Retired: true, Version: 1},
	}
}

func townShifts() []patrol.Shift {
	return []patrol.Shift{
		{ID: "s2", Unit: "甲", Starts: day(3).Add(8*time.Hour + time.Millisecond), Ends: day(3).Add(12 * time.Hour),
			People: []string{"p2", "p1"}, Plan: "p1", Simulated: true, Version: 1},
		{ID: "s1", Unit: "车 2", Starts: day(3).Add(22 * time.Hour), Ends: day(4).Add(6 * time.Hour), Cancelled: true, Version: 1},
	}
}

func townNotices() []dispatch.Notice {
	return []dispatch.Notice{
		{ID: "n2", Aim: dispatch.Warning, Title: "台风", Text: "关好门窗\nStay in.", Grids: []string{"440402001900002", "440402001900001"},
			Author: "duty", CreatedAt: day(3).Add(time.Millisecond), ValidUntil: day(4),
			Deliveries: []dispatch.Delivery{{Grid: "440402001900001", Person: "p1", At: day(3).Add(time.Hour + 5*time.Millisecond), Households: 210}},
			Simulated:  true, Version: 1},
		{ID: "n1", Aim: dispatch.Campaign, Title: "反诈", Grids: []string{"440402002900001"}, CreatedAt: day(5), Version: 1},
	}
}

func testUnits(t *testing.T, open Open) {
	s := open(t)
	testSeries(t, s, series[patrol.Unit]{noun: "unit", values: townUnits(), save: s.SaveUnit, list: s.Units, one: s.Unit,
		id: func(u patrol.Unit) string { return u.ID }, version: func(u *patrol.Unit) *int { return &u.Version },
		change: func(u *patrol.Unit) { u.Skills, u.Retired = nil, true },
		spoil:  map[string]func(*patrol.Unit){"one without an id": func(u *patrol.Unit) { u.ID, u.Version = "", 1 }}})
}

func testShifts(t *testing.T, open Open) {
	ctx, s := t.Context(), open(t)
	refused(t, unharmed(t, ctx, s, func() error { return s.SaveShift(ctx, townShifts()[0], day(1)) }))
	for _, u := range townUnits() {
		must(0, s.SaveUnit(ctx, u, day(1)))(t)
	}
	all := func(ctx context.Context) ([]patrol.Shift, error) { return s.Shifts(ctx, time.Time{}, time.Time{}) }
	testSeries(t, s, series[patrol.Shift]{noun: "shift", values: townShifts(), save: s.SaveShift, list: all, one: s.Shift,
		id: func(v patrol.Shift) string { return v.ID }, version: func(v *patrol.Shift) *int { return &v.Version },
		change: func(v *patrol.Shift) { v.People, v.Plan, v.Cancelled = []string{"p1"}, "", true },
		spoil: map[string]func(*patrol.Shift){
			"one of no unit":               func(v *patrol.Shift) { v.Unit = "" },
			"one of a unit that is none":   func(v *patrol.Shift) { v.Unit = "乙" },
			"one that ends when it starts": func(v *patrol.Shift) { v.Ends = v.Starts },
		}})
	early, late := townShifts()[0], townShifts()[1]
	for _, row := range []struct {
		name         string
		since, until time.Time
		want         []string
	}{
		{"without limits", time.Time{}, time.Time{}, []string{"s2", "s1"}},
		{"those that go on", early.Starts.Add(time.Hour), early.Starts.Add(2 * time.Hour), []string{"s2"}},
		{"the end is not part of a shift", early.Ends, late.Starts.Add(time.Second), []string{"s1"}},
		{"nor is the limit", time.Time{}, late.Starts, []string{"s2"}},
		{"between two", early.Ends, late.Starts, nil},
	} {
		var got []string
		for _, v := range must(s.Shifts(ctx, row.since, row.until))(t) {
			got = append(got, v.ID)
		}
		equal(t, row.want, got)
	}
}

func testNotices(t *testing.T, open Open) {
	s := open(t)
	testSeries(t, s, series[dispatch.Notice]{noun: "notice", values: townNotices(), save: s.SaveNotice, list: s.Notices, one: s.Notice,
		id: func(n dispatch.Notice) string { return n.ID }, version: func(n *dispatch.Notice) *int { return &n.Version },
		change: func(n *dispatch.Notice) {
			n.Deliveries = append(n.Deliveries, dispatch.Delivery{Grid: "440402001900002", Person: "p2", At: day(3), Households: 7})
		},
		spoil: map[string]func(*dispatch.Notice){
			"one for no grid":           func(n *dispatch.Notice) { n.Grids, n.Deliveries = nil, nil },
			"one without an aim":        func(n *dispatch.Notice) { n.Aim = "" },
			"one without a title":       func(n *dispatch.Notice) { n.Title = "" },
			"fewer than no households":  func(n *dispatch.Notice) { n.Deliveries = []dispatch.Delivery{{Grid: n.Grids[0], Households: -1}} },
			"passed on where it is not": func(n *dispatch.Notice) { n.Deliveries = []dispatch.Delivery{{Grid: "elsewhere"}} },
		}})
}
