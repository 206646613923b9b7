package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing/patrol"
)

func sheetPlan() (patrol.Plan, []geo.Street) {
	line := orb.LineString{{113.53, 22.27}, {113.54, 22.27}, {113.54, 22.28}, {113.54, 22.27}, {113.53, 22.27}}
	return patrol.Plan{
			ID: "plan-1", Profile: "foot", Shifts: 1, Shift: 4 * time.Hour, Bound: 2 * time.Hour, StreetMetres: 2136, RouteMetres: 4273,
			CreatedAt: time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC),
			Routes: []patrol.Route{{Unit: "<甲>", Shift: 1, Metres: 4273, Seconds: 9000, Depot: line[0], Line: line, Steps: []patrol.Step{
				{Street: "人民路", Turn: "depart", Metres: 1029, Seconds: 858}, {Turn: "left", Metres: 1107, Seconds: 923},
				{Turn: "u_turn", Metres: 1107, Seconds: 940}, {Street: "人民路", Turn: "right", Metres: 1029, Seconds: 858}, {Street: "人民路", Turn: "arrive"},
			}}},
			Missed: []patrol.Missed{{Street: "w9", Line: line[:2], Reason: "forbidden: a gate"}},
		}, []geo.Street{{ID: "w1", Name: "人民路", Class: "primary", Line: line[:2]}, {ID: "w2", Class: "service", Line: line[1:3]},
			{ID: "far", Class: "service", Line: orb.LineString{{114, 23}, {114.1, 23}}}}
}

func TestSheetsTellAllThatAPatrolNeeds(t *testing.T) {
	plan, streets := sheetPlan()
	for lang, words := range map[string][]string{
		"zh": {`<html lang="zh">`, "&lt;甲&gt;", "出发,沿人民路", "左转进入无名路", "掉头,沿无名路返回", "到达起止点", "步行", "禁止通行",
			"已证明:同样数量的路线,最长一条不可能少于 2 小时 00 分;本方案至多高出 25.0 %", "© OSM, 2022"},
		"en": {`<html lang="en">`, "Start along 人民路", "Left into unnamed road", "Turn round, back along unnamed road", "on foot", "may not be used",
			"this plan is at most 25.0 % above", "2 h 30 min", "× 2.00", "2026-01-05 08:00"},
	} {
		var b strings.Builder
		if err := writeSheets(&b, plan, streets, "© OSM, 2022", lang, noClock); err != nil {
			t.Fatal(err)
		}
		page := b.String()
		for _, w := range words {
			if !strings.Contains(page, w) {
				t.Errorf("%s: the sheets lack %q", lang, w)
			}
		}
		if n := strings.Count(page, `class="street`); n != 2 {
			t.Errorf("%s: %d streets are drawn, want the 2 in view", lang, n)
		}
		for _, w := range []string{"http", "<script", "ZgotmplZ", "%!"} {
			if strings.Contains(page, w) {
				t.Errorf("%s: the sheets hold %q", lang, w)
			}
		}
	}
}

func TestASheetsMapFitsItsRoute(t *testing.T) {
	plan, streets := sheetPlan()
	m := newSheetMap(plan.Routes[0], streets)
	for _, p := range plan.Routes[0].Line {
		if x, y := m.at(p); x < sheetMargin-1 || y < sheetMargin-1 || x > sheetWidth-sheetMargin+1 || y > sheetHeight-sheetMargin+1 {
			t.Errorf("%v is drawn at %.0f, %.0f", p, x, y)
		}
	}
	var marks []string
	for _, k := range m.Marks {
		marks = append(marks, k.Text)
	}
	if d := cmp.Diff([]string{"1", "2", "3", "4"}, marks); d != "" {
		t.Errorf("kilometres (-want +got):\n%s", d)
	}
	if m.Scale != "200 m" || m.ScaleWidth < 60 {
		t.Errorf("a scale of %s, %d wide", m.Scale, m.ScaleWidth)
	}
}

func TestEveryTurnHasWordsInBothLanguages(t *testing.T) {
	for lang, w := range printed {
		for _, turn := range []string{"depart", "straight", "slight_left", "left", "sharp_left", "slight_right", "right", "sharp_right", "u_turn", "arrive"} {
			if text := w.instruction(turn, "X"); text == "" || strings.Contains(text, "%") || (turn != "arrive") != strings.Contains(text, "X") {
				t.Errorf("%s: %s is %q", lang, turn, text)
			}
		}
		for _, kind := range []string{"unreachable", "forbidden", "beyond shift", "other"} {
			if w.reasons[kind] == "" {
				t.Errorf("%s: no words for %s", lang, kind)
			}
		}
		if len(w.profiles) != 4 {
			t.Errorf("%s: %d profiles", lang, len(w.profiles))
		}
	}
}

func TestASheetsMapShowsItsCheckpoints(t *testing.T) {
	plan, streets := sheetPlan()
	r := plan.Routes[0]
	// After the first street comes the school, at the corner.
	r.Steps = append(r.Steps[:1:1], append([]patrol.Step{{Street: "School <1>", Turn: "checkpoint", Seconds: 300}}, r.Steps[1:]...)...)
	m := newSheetMap(r, streets)
	if len(m.Checkpoints) != 1 {
		t.Fatalf("%d checkpoints", len(m.Checkpoints))
	}
	x, y := m.at(r.Line[1])
	if k := m.Checkpoints[0]; k.X < int(x)-2 || k.X > int(x)+2 || k.Y < int(y)-2 || k.Y > int(y)+2 {
		t.Errorf("the school is drawn at %d, %d, want %.0f, %.0f", k.X, k.Y, x, y)
	}
	plan.Routes[0] = r
	var b strings.Builder
	if err := writeSheets(&b, plan, streets, "", "en", noClock); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `class="checkpoint"`) || !strings.Contains(b.String(), "School &lt;1&gt;</text>") {
		t.Error("the sheet's map lacks the checkpoint")
	}
}

func TestShortPiecesOfAJunctionAreOneLine(t *testing.T) {
	steps := []patrol.Step{
		{Street: "A", Turn: "depart", Metres: 5, Seconds: 4},
		{Street: "B", Turn: "right", Metres: 9, Seconds: 7}, {Street: "A", Turn: "left", Metres: 14, Seconds: 11},
		{Turn: "u_turn", Metres: 4, Seconds: 4}, {Street: "B", Turn: "right", Metres: 500, Seconds: 400},
		{Street: "A", Turn: "left", Metres: 9, Seconds: 8}, {Street: "C", Turn: "left", Metres: 19, Seconds: 16},
		{Street: "School", Turn: "checkpoint", Seconds: 300},
		{Turn: "left", Metres: 3, Seconds: 3}, {Turn: "left", Metres: 3, Seconds: 3}, {Turn: "left", Metres: 3, Seconds: 3},
		{Street: "D", Turn: "wait", Seconds: 600}, {Street: "D", Turn: "right", Metres: 12, Seconds: 9, Visit: 2},
		{Street: "A", Turn: "arrive"},
	}
	start, err := parseClock("08:00")
	if err != nil {
		t.Fatal(err)
	}
	want := []sheetStep{
		{1, "Start along A", "5", "08:00"},
		{2, "Every short piece of the junction (B / A)", "27", "08:00"},
		{3, "Right into B", "500", "08:00"},
		{4, "Left into A", "9", "08:07"}, {5, "Left into C", "19", "08:07"},
		{6, "Checkpoint: School (stay 5 min)", "", "08:07"},
		{7, "Every short piece of the junction (unnamed road)", "9", "08:12"},
		{8, "Wait, then go along D (stay 10 min)", "", "08:12"},
		{9, "Right into D (visit 2)", "12", "08:22"},
		{10, "Arrive at the start", "", "08:22"},
	}
	if d := cmp.Diff(want, sheetSteps(steps, printed["en"], start)); d != "" {
		t.Errorf("lines (-want +got):\n%s", d)
	}
}
