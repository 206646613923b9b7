package edit

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

// everyEdit is one of each, with all its fields.
var everyEdit = []Edit{
	MoveBlock{At: arrange.Pt{X: 1135170001, Y: 222664000}, To: "2"},
	MoveCompound{Compound: "l1", To: "2"},
	MoveCompound{Compound: "l1", To: "2", From: "1"},
	MoveNode{At: arrange.Pt{X: 1, Y: -1}, To: arrange.Pt{X: -1800000000, Y: 900000000}},
	InsertNode{From: arrange.Pt{X: 1, Y: 2}, To: arrange.Pt{X: 3, Y: 4}, At: arrange.Pt{X: 2, Y: 3}},
	RemoveNode{At: arrange.Pt{}},
	Reroute{Grids: [2]string{"1", "2"}, From: arrange.Pt{X: 1}, To: arrange.Pt{Y: 1}},
	Reroute{Grids: [2]string{"1", "2"}, From: arrange.Pt{X: 1}, To: arrange.Pt{Y: 1}, Via: []arrange.Pt{{X: 5, Y: 5}}},
	Split{Grid: "1"},
	Split{Grid: "1", Path: []arrange.Pt{{X: 1}, {Y: 1}}, Code: "3", Name: "东区"},
	Merge{Grids: [2]string{"1", "2"}},
	Rename{Grid: "1", Name: "香洲第一网格"},
	Lock{Grid: "1"},
	Unlock{Grid: "1"},
	Restore{
		Cut:   [][]arrange.Pt{{{X: 1}, {X: 2}, {X: 3}}},
		Lay:   []Border{{Line: []arrange.Pt{{X: 1}, {Y: 1}}, Left: "1", Right: ""}},
		Grids: []GridRecord{{"1", "one", "D", ""}},
		Drop:  []string{"2"},
	},
}

func TestEditsComeBackFromJSON(t *testing.T) {
	data, err := Marshal(everyEdit)
	if err != nil {
		t.Fatal(err)
	}
	back, err := Unmarshal(data)
	if err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	if !reflect.DeepEqual(back, everyEdit) {
		t.Errorf("got %+v, want %+v", back, everyEdit)
	}
}

func TestBadEditsNameTheField(t *testing.T) {
	tests := []struct{ name, in, place, rule string }{
		{"no array", `{"op":"lock","grid":"1"}`, "edits", "json"},
		{"an array that does not close", `[{"op":"lock","grid":"1"}`, "edits", "json"},
		{"more after the array", `[] []`, "edits", "json"},
		{"no object", `[1]`, "edits[0]", "type"},
		{"null", `[null]`, "edits[0]", "type"},
		{"no op", `[{"grid":"1"}]`, "edits[0].op", "type"},
		{"an unknown op", `[{"op":"lock","grid":"1"},{"op":"explode"}]`, "edits[1].op", "unknown-op"},
		{"an unknown field", `[{"op":"lock","grid":"1","force":true}]`, "edits[0].force", "unknown-field"},
		{"a field of another op", `[{"op":"lock","grid":"1","at":[1,2]}]`, "edits[0].at", "unknown-field"},
		{"a missing field", `[{"op":"move_node","at":[1,2]}]`, "edits[0].to", "missing-field"},
		{"a field twice", `[{"op":"lock","grid":"1","grid":"2"}]`, "edits[0].grid", "twice"},
		{"a code that is a number", `[{"op":"lock","grid":1}]`, "edits[0].grid", "type"},
		{"a code that is null", `[{"op":"lock","grid":null}]`, "edits[0].grid", "type"},
		{"three numbers for a position", `[{"op":"remove_node","at":[1,2,3]}]`, "edits[0].at", "type"},
		{"null in a position", `[{"op":"remove_node","at":[1,null]}]`, "edits[0].at", "type"},
		{"latitude before longitude", `[{"op":"remove_node","at":[22.2,113.5]}]`, "edits[0].at", "position"},
		{"one grid to merge", `[{"op":"merge","grids":["1"]}]`, "edits[0].grids", "type"},
		{"a path of one place", `[{"op":"split","grid":"1","path":[[1,2]]}]`, "edits[0].path", "type"},
		{"a border without its grids", `[{"op":"restore","lay":[{"line":[[1,2],[3,4]]}]}]`, "edits[0].lay[0].left", "missing-field"},
		{"too many edits", "[" + strings.Repeat(`{"op":"lock","grid":"1"},`, MaxEdits) + `{"op":"lock","grid":"1"}]`, "edits[10000]", "too-many"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Unmarshal([]byte(tt.in))
			var input *geo.InputError
			if !errors.As(err, &input) {
				t.Fatalf("got %v", err)
			}
			if f := input.Findings[0]; f.Feature != tt.place || f.Rule != tt.rule || f.Detail == "" {
				t.Errorf("got %+v, want %s at %s", f, tt.rule, tt.place)
			}
		})
	}
}

// FuzzUnmarshal: whatever is read comes back the same from what is written, and a
// sheet either takes it and can undo it or says why not.
func FuzzUnmarshal(f *testing.F) {
	for _, e := range everyEdit {
		data, err := Marshal([]Edit{e})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	s := town(f, 1, 8, 2, 0).sheet(f)
	j := &journey{rng: newRand(9), sheet: s}
	for range 60 {
		data, _ := Marshal([]Edit{j.edit()})
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		edits, err := Unmarshal(in)
		if err != nil {
			return
		}
		data, err := Marshal(edits)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Unmarshal(data)
		if err != nil || !reflect.DeepEqual(back, edits) {
			t.Fatalf("%s came back as %s (%v)", in, data, err)
		}
		at := s
		var undo []Edit
		for _, e := range edits {
			if out := Apply(at, e); len(out.Refused) == 0 {
				at, undo = out.Next, append(undo, out.Inverse)
			}
		}
		exact(t, at)
		for i := len(undo) - 1; i >= 0; i-- {
			out := Apply(at, undo[i])
			if len(out.Refused) > 0 {
				t.Fatalf("undo refused: %v", out.Refused)
			}
			at = out.Next
		}
		if !reflect.DeepEqual(at.Draft(), s.Draft()) {
			t.Fatalf("%s undone gives another draft", in)
		}
	})
}
