package edit

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"gridbeat/geo/arrange"
)

func pt(i, j, dx, dy int) arrange.Pt {
	p := corner(i, j)
	return arrange.Pt{X: p.X + int32(dx), Y: p.Y + int32(dy)}
}

// tell writes the outcome of an edit in a line: the counts, or the first refusal.
func tell(out Outcome) string {
	if len(out.Refused) > 0 {
		return out.Refused[0].Rule
	}
	var parts []string
	for _, n := range out.Counts {
		parts = append(parts, fmt.Sprintf("%s %d>%d", n.Code, n.Before, n.Households))
	}
	return strings.Join(parts, ", ")
}

// 3 +---+---+---+---+
//
//	| A   A | B | e |
//
// 2 +   +---+   +   +
//
//	| A | B   B | e |
//
// 1 +---+---+---+   +
//
//	| C   C   C | e |
//
// 0 +---+---+---+---+
//
//	0   1   2   3   4
var crossroads = []string{"AABe", "ABBe", "CCCe"}

func TestEdits(t *testing.T) {
	yard := func(p place) place { return p.withCompound(pt(1, 1, 200, 200), pt(1, 1, 800, 800), 90) }
	tests := []struct {
		name string
		edit Edit
		want string
	}{
		{"a block goes to its neighbour with all who live there", MoveBlock{block(1, 2), "B1"}, "A1 300>200, B1 390>490"},
		{"a block takes along the compound inside it", MoveBlock{pt(1, 1, 100, 100), "A1"}, "A1 300>490, B1 390>200"},
		{"a place inside a compound moves its block", MoveBlock{pt(1, 1, 700, 700), "A1"}, "A1 300>490, B1 390>200"},
		{"a compound takes along what lies between it and its new grid", MoveCompound{Compound: "yard", To: "C1"}, "B1 390>200, C1 300>490"},
		{"a compound that is not there", MoveCompound{Compound: "none", To: "C1"}, "no-compound"},
		{"a compound from a grid that does not hold it", MoveCompound{Compound: "yard", To: "A1", From: "C1"}, "no-block"},
		{"a block goes to a grid that is no neighbour", MoveBlock{block(0, 2), "C1"}, "grid-in-parts"},
		{"the block between two others of its grid", MoveBlock{block(0, 2), "B1"}, "grid-in-parts"},
		{"a block goes to another district", MoveBlock{block(2, 2), "e1"}, "leaves-district"},
		{"a block goes to its own grid", MoveBlock{block(2, 2), "B1"}, "same-grid"},
		{"a block goes to a grid that is not there", MoveBlock{block(2, 2), "Z1"}, "no-grid"},
		{"a place on a border is no block", MoveBlock{pt(1, 2, 500, 0), "A1"}, "on-border"},
		{"a place off the map is no block", MoveBlock{pt(9, 9, 0, 0), "A1"}, "off-map"},
		{"all grids that share a node follow it", MoveNode{corner(1, 1), pt(1, 1, 20, -30)}, "A1 300>300, B1 390>390, C1 300>300"},
		{"a node that passes homes moves them", MoveNode{corner(1, 2), pt(1, 2, -600, 600)}, "A1 300>200, B1 390>490"},
		{"a node is dragged across a neighbour", MoveNode{corner(1, 2), pt(2, 1, 300, -300)}, "borders-cross"},
		{"a node is dragged onto another node", MoveNode{corner(1, 2), corner(1, 1)}, "borders-touch"},
		{"a node is dragged onto another border", MoveNode{corner(1, 2), pt(2, 1, -500, 0)}, "borders-touch"},
		{"a node is dragged to within half a step of another border", MoveNode{corner(2, 2), pt(2, 1, -500, 1)}, "compound-cut"},
		{"a node is dragged through a compound", MoveNode{corner(1, 1), pt(1, 1, 500, 400)}, "compound-cut"},
		{"a node on the border of the territory", MoveNode{corner(0, 1), pt(0, 1, 20, 20)}, "leaves-district"},
		{"a node on the border of two districts", MoveNode{corner(3, 1), pt(3, 1, -20, 20)}, "leaves-district"},
		{"a node is dragged off the map", MoveNode{corner(1, 1), pt(-3, 1, 0, 0)}, "off-map"},
		{"a node is dragged into another district", MoveNode{corner(2, 2), pt(3, 2, 50, 0)}, "leaves-district"},
		{"a node that is not there", MoveNode{pt(1, 1, 1, 1), pt(1, 1, 2, 2)}, "no-node"},
		{"a new node bends the border", InsertNode{corner(1, 1), corner(2, 1), pt(1, 1, 400, -400)}, "B1 390>390, C1 300>300"},
		{"a new node on an edge that is not there", InsertNode{corner(1, 1), corner(3, 3), pt(1, 1, 400, -600)}, "no-border"},
		{"a new node on the border of two districts", InsertNode{corner(3, 1), corner(3, 2), pt(3, 1, -10, 500)}, "leaves-district"},
		{"a corner is cut", RemoveNode{corner(2, 2)}, "A1 300>300, B1 390>390"},
		{"a node where three grids meet stays", RemoveNode{corner(1, 1)}, "node-shared"},
		{"the border is on the best streets already", Reroute{Grids: [2]string{"A1", "B1"}, From: corner(1, 1), To: corner(1, 2)}, "no-change"},
		{"nodes of different borders", Reroute{Grids: [2]string{"A1", "B1"}, From: corner(0, 1), To: corner(1, 2)}, "no-border"},
		{"a split at the main road", Split{Grid: "C1", Path: []arrange.Pt{corner(1, 1), corner(1, 0)}}, "C1 300>200, C2 0>100"},
		{"a split that names its part", Split{Grid: "C1", Path: []arrange.Pt{corner(2, 1), corner(2, 0)}, Code: "X9"}, "C1 300>200, X9 0>100"},
		{"a split with a code that is taken", Split{Grid: "C1", Path: []arrange.Pt{corner(1, 1), corner(1, 0)}, Code: "A1"}, "code-used"},
		{"a split that proposes its own line", Split{Grid: "C1"}, "C1 300>200, C2 0>100"},
		{"a split from nowhere", Split{Grid: "C1", Path: []arrange.Pt{pt(1, 1, 0, -10), corner(1, 0)}}, "split-path"},
		{"a split through another grid", Split{Grid: "C1", Path: []arrange.Pt{corner(0, 1), block(1, 1), corner(1, 0)}}, "split-path"},
		{"a split that leaves a sliver", Split{Grid: "C1", Path: []arrange.Pt{corner(1, 1), pt(1, 1, 500, -5), corner(2, 1)}}, "grid-empty"},
		{"a split that leaves a narrow grid", Split{Grid: "C1", Path: []arrange.Pt{corner(1, 1), pt(1, 1, 500, -60), corner(2, 1)}}, "C1 300>300, C2 0>0"},
		{"a split along the border", Split{Grid: "C1", Path: []arrange.Pt{corner(1, 1), corner(2, 1)}}, "split-path"},
		{"a merge keeps the lower code", Merge{[2]string{"C1", "A1"}}, "A1 300>600"},
		{"a merge over a district's border", Merge{[2]string{"B1", "e1"}}, "leaves-district"},
		{"a merge with itself", Merge{[2]string{"B1", "B1"}}, "same-grid"},
		{"another name", Rename{"A1", "西区"}, "A1 300>300"},
		{"no name", Rename{"A1", "  "}, "name"},
		{"the same name", Rename{"A1", "grid A"}, "no-change"},
		{"a lock", Lock{"A1"}, "A1 300>300"},
		{"a restore that drops territory", Restore{Cut: [][]arrange.Pt{{corner(0, 0), corner(1, 0)}}}, "borders-disagree"},
		{"a restore of a retired code", Restore{Grids: []GridRecord{{"OLD", "old", "D", ""}}}, "code-used"},
		{"a restore of a grid without land", Restore{Grids: []GridRecord{{"NEW", "new", "D", ""}}}, "grid-empty"},
		{"a restore of nothing", Restore{}, "no-change"},
	}
	p := yard(sketch(t, crossroads...))
	s, err := New(p.draft, p.ground, Options{UsedCodes: []string{"OLD"}})
	if err != nil {
		t.Fatal(err)
	}
	was := s.Draft()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := Apply(s, tt.edit)
			if got := tell(out); got != tt.want {
				t.Errorf("got %s, want %s (%v)", got, tt.want, out.Refused)
			}
			if !reflect.DeepEqual(s.Draft(), was) {
				t.Error("the sheet has changed")
			}
			if len(out.Refused) > 0 {
				return
			}
			exact(t, out.Next)
			recount(t, p, out.Next.Draft())
			if back := Apply(out.Next, out.Inverse); len(back.Refused) > 0 || !reflect.DeepEqual(back.Next.Draft(), was) {
				t.Errorf("the inverse %+v does not undo it: %v", out.Inverse, back.Refused)
			}
		})
	}
}

// 3 +---+---+---+---+
//
//	| A   A | B   B |
//
// 2 +   .   +   .   +
//
//	| A   A | B   B |
//
// 1 +   .   +   .   +
//
//	| A   A | B   B |
//
// 0 +---+---+---+---+
//
//	0   1   2   3   4      a primary road runs at 1
var halves = []string{"AABB", "AABB", "AABB"}

func TestBordersFollowStreets(t *testing.T) {
	ab := [2]string{"A1", "B1"}
	tests := []struct {
		name string
		edit Reroute
		want string
	}{
		{"the shortest way is where it is", Reroute{ab, corner(2, 0), corner(2, 3), nil}, "no-change"},
		{"by way of the main road", Reroute{ab, corner(2, 1), corner(2, 2), []arrange.Pt{corner(1, 1)}}, "A1 600>500, B1 600>700"},
		{"the grids may be named the other way round", Reroute{[2]string{"B1", "A1"}, corner(2, 2), corner(2, 1), []arrange.Pt{pt(1, 2, 90, 90)}}, "A1 600>500, B1 600>700"},
		{"by way of a local street on the other side", Reroute{ab, corner(2, 1), corner(2, 3), []arrange.Pt{corner(3, 1), corner(3, 2)}}, "A1 600>700, B1 600>500"},
		{"there and back again", Reroute{ab, corner(2, 0), corner(2, 3), []arrange.Pt{corner(2, 2), corner(2, 1)}}, "no-street"},
		{"from a node of another border", Reroute{ab, corner(0, 0), corner(2, 2), nil}, "no-border"},
		{"between grids that are no neighbours", Reroute{[2]string{"A1", "A1"}, corner(2, 0), corner(2, 2), nil}, "no-border"},
	}
	s := sketch(t, halves...).sheet(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := Apply(s, tt.edit)
			if got := tell(out); got != tt.want {
				t.Errorf("got %s, want %s (%v)", got, tt.want, out.Refused)
			}
			exact(t, out.Next)
		})
	}
}

func TestNodesOffTheStreetsHaveNoRoute(t *testing.T) {
	s := sketch(t, halves...).sheet(t)
	s = Apply(s, MoveNode{corner(2, 1), pt(2, 1, 100, 100)}).Next
	if got := tell(Apply(s, Reroute{[2]string{"A1", "B1"}, pt(2, 1, 100, 100), corner(2, 2), nil})); got != "no-street" {
		t.Errorf("got %s, want no-street", got)
	}
}

func TestLockedGridsStay(t *testing.T) {
	s, err := New(sketch(t, crossroads...).draft, sketch(t, crossroads...).ground, Options{Locked: []string{"A1"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []Edit{
		MoveBlock{block(1, 2), "B1"}, MoveBlock{block(1, 1), "A1"}, MoveNode{corner(1, 1), pt(1, 1, 9, 9)},
		InsertNode{corner(1, 1), corner(1, 2), pt(1, 1, 9, 500)}, RemoveNode{corner(2, 2)},
		Merge{[2]string{"A1", "B1"}}, Split{Grid: "A1"}, Rename{"A1", "new"},
	} {
		if got := tell(Apply(s, e)); got != "locked" {
			t.Errorf("%+v: got %s, want locked", e, got)
		}
	}
	if got := tell(Apply(s, Merge{[2]string{"B1", "C1"}})); got != "B1 300>600" {
		t.Errorf("a neighbour of a locked grid gets %s", got)
	}
	if got := s.Locked(); !reflect.DeepEqual(got, []string{"A1"}) {
		t.Errorf("locked: %v", got)
	}
	s = Apply(s, Unlock{"A1"}).Next
	if got := tell(Apply(s, MoveBlock{block(1, 2), "B1"})); got != "A1 300>200, B1 300>400" {
		t.Errorf("unlocked: %s", got)
	}
}

func TestADraftKeepsItsLocks(t *testing.T) {
	town := sketch(t, crossroads...)
	s := Apply(town.sheet(t), Lock{"A1"}).Next
	d := s.Draft()
	for _, g := range d.Grids {
		if g.Locked != (g.Code == "A1") {
			t.Errorf("grid %s: locked is %v", g.Code, g.Locked)
		}
	}
	again, err := New(d, town.ground, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := tell(Apply(again, Rename{"A1", "new"})); got != "locked" {
		t.Errorf("saved and laid out again, A1 answers %s, want locked", got)
	}
}

func TestBoundsAreWarnings(t *testing.T) {
	s := sketch(t, crossroads...).sheet(t)
	out := Apply(s, Merge{[2]string{"A1", "B1"}})
	if len(out.Refused) > 0 || len(out.Warnings) != 1 || out.Warnings[0].Detail != "600 households, 100 more than the maximum of 500" {
		t.Errorf("merge: %+v", out)
	}
	out = Apply(s, Split{Grid: "C1", Path: []arrange.Pt{corner(1, 1), corner(1, 0)}})
	if len(out.Refused) > 0 || len(out.Warnings) != 1 || out.Warnings[0].Feature != "C2" || out.Warnings[0].Detail != "100 households, 50 fewer than the minimum of 150" {
		t.Errorf("split: %+v", out)
	}
}

func TestSheetsOfOneDraftStandSideBySide(t *testing.T) {
	s := sketch(t, crossroads...).sheet(t)
	one := Apply(s, MoveBlock{block(1, 2), "B1"}).Next
	two := Apply(s, Merge{[2]string{"A1", "C1"}}).Next
	three := Apply(one, Split{Grid: "B1"}).Next
	want := map[*Sheet]string{
		s: "A1 300 B1 300 C1 300 e1 300", one: "A1 200 B1 400 C1 300 e1 300",
		two: "A1 600 B1 300 e1 300", three: "A1 200 B1 200 B2 200 C1 300 e1 300",
	}
	for range 3 {
		for _, sheet := range []*Sheet{three, two, s, one} {
			var got []string
			for _, n := range sheet.Counts() {
				got = append(got, fmt.Sprintf("%s %d", n.Code, n.Households))
			}
			if strings.Join(got, " ") != want[sheet] {
				t.Errorf("got %v, want %s", got, want[sheet])
			}
		}
	}
}

func TestCodesAreNotUsedAgain(t *testing.T) {
	tests := []struct {
		name, code string
		used       []string
		want       string
	}{
		{"the number after the highest", "440402000901003", []string{"440402000901007", "440402000902020"}, "440402000901008"},
		{"the highest is the last: the first free one", "440402000901003", []string{"440402000901999", "440402000901001"}, "440402000901002"},
		{"a code without a number", "north", nil, "north-1"},
		{"a short number", "A9", []string{"A1"}, "A2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := sketch(t, halves...)
			p.draft.Grids[0].Code = tt.code
			s, err := New(p.draft, p.ground, Options{UsedCodes: tt.used})
			if err != nil {
				t.Fatal(err)
			}
			out := Apply(s, Split{Grid: tt.code})
			if _, ok := out.Next.Grid(tt.want); !ok {
				t.Errorf("got %s, want %s (%v)", tell(out), tt.want, out.Refused)
			}
		})
	}
}

func TestNewRefusesWhatIsNoTiling(t *testing.T) {
	for name, spoil := range map[string]func(p *place){
		"two grids on one place": func(p *place) { p.draft.Grids[1].Outline = p.draft.Grids[0].Outline },
		"a node moved in one grid only": func(p *place) {
			p.draft.Grids[0].Outline[0][1] = pt(1, 0, 50, 50).Point()
		},
		"a code twice": func(p *place) { p.draft.Grids[1].Code = p.draft.Grids[0].Code },
		"no grids":     func(p *place) { p.draft.Grids = nil },
	} {
		t.Run(name, func(t *testing.T) {
			p := sketch(t, crossroads...)
			spoil(&p)
			if _, err := New(p.draft, p.ground, Options{}); err == nil {
				t.Error("no error")
			}
		})
	}
}
