package edit

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"reflect"
	"strconv"
	"testing"

	"gridbeat/geo/arrange"
	"gridbeat/geo/district"
)

// randomEdits is how many edits the random tests try: GRIDBEAT_EDITS, or 20,000, or
// fewer under the race detector, beside which the gate runs them without it.
func randomEdits(t *testing.T) int {
	if n, err := strconv.Atoi(os.Getenv("GRIDBEAT_EDITS")); err == nil {
		return n
	}
	switch {
	case underRace:
		return 600
	case testing.Short():
		return 1_500
	}
	return 20_000
}

func TestRandomEditsOfATownKeepTheTiling(t *testing.T) {
	n := randomEdits(t) * 3 / 4
	newJourney(t, town(t, 1, 14, 2, 1), 1).run(n)
}

func TestRandomEditsOfTheSampleMapKeepTheTiling(t *testing.T) {
	n := randomEdits(t) / 4
	newJourney(t, sampleMap(t), 2).run(n)
}

// journey edits a sheet at random and judges it as it goes.
type journey struct {
	t       *testing.T
	place   place
	rng     *rand.Rand
	sheet   *Sheet
	undo    []Edit
	first   string
	done    map[string]int
	refused map[string]int
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 5)) }

func newJourney(t *testing.T, p place, seed uint64) *journey {
	j := &journey{t: t, place: p, rng: newRand(seed), sheet: p.sheet(t), done: map[string]int{}, refused: map[string]int{}}
	j.first = j.bytes(j.sheet)
	if want, _ := json.Marshal(p.draft); j.first != string(want) {
		t.Fatalf("the sheet gives another draft back than it was made from")
	}
	return j
}

func (j *journey) bytes(s *Sheet) string {
	out, err := json.Marshal(s.Draft())
	if err != nil {
		j.t.Fatal(err)
	}
	return string(out)
}

func (j *journey) run(n int) {
	for i := range n {
		j.step(i)
		if i%min(n/12+1, 2_000) == 0 {
			for _, f := range j.place.judge(j.sheet.Draft()) {
				j.t.Errorf("edit %d: %v", i, f)
			}
		}
		if len(j.undo) > 400 {
			j.undoAll()
		}
		if j.t.Failed() {
			j.t.FailNow()
		}
	}
	j.undoAll()
	j.t.Logf("done %v, refused %v", j.done, j.refused)
	for op := range ops {
		if op != "restore" && j.done[op] == 0 && n > 5_000 {
			j.t.Errorf("no %s was ever done", op)
		}
	}
}

// undoAll goes back to the beginning by inverses that went through JSON, and compares.
func (j *journey) undoAll() {
	for i := len(j.undo) - 1; i >= 0; i-- {
		out := Apply(j.sheet, j.overTheWire(j.undo[i]))
		if len(out.Refused) > 0 {
			j.t.Fatalf("undo %d refused: %v", i, out.Refused)
		}
		j.sheet = out.Next
	}
	j.undo = nil
	if j.bytes(j.sheet) != j.first {
		j.t.Fatal("undoing all edits gave another draft")
	}
}

func (j *journey) overTheWire(e Edit) Edit {
	data, err := Marshal([]Edit{e})
	if err != nil {
		j.t.Fatal(err)
	}
	back, err := Unmarshal(data)
	if err != nil {
		j.t.Fatalf("%v in %s", err, data)
	}
	if !reflect.DeepEqual(back[0], e) {
		j.t.Fatalf("%#v came back as %#v", e, back[0])
	}
	return back[0]
}

func (j *journey) step(i int) {
	e := j.edit()
	before := j.sheet
	full := j.rng.IntN(300) == 0
	var was string
	if full {
		was = j.bytes(before)
	}
	out := Apply(before, e)
	if len(out.Refused) > 0 {
		j.refused[e.Op()+" "+out.Refused[0].Rule]++
		if out.Next != before || out.Inverse != nil || out.Refused[0].Detail == "" {
			j.t.Fatalf("edit %d: a refusal with more than findings: %+v", i, out)
		}
		if full && j.bytes(before) != was {
			j.t.Fatalf("edit %d: %#v was refused and changed the sheet", i, e)
		}
		return
	}
	j.done[e.Op()]++
	j.near(i, e, before, out, full)
	if full && j.bytes(before) != was {
		j.t.Fatalf("edit %d: %#v changed the sheet before it", i, e)
	}
	j.sheet = out.Next
	j.undo = append(j.undo, out.Inverse)
}

// near checks one edit that was done: counts as recounted in full, and that undoing
// gives every grid that it changed back with the same digits.
func (j *journey) near(i int, e Edit, before *Sheet, out Outcome, full bool) {
	back := Apply(out.Next, j.overTheWire(out.Inverse))
	if len(back.Refused) > 0 {
		j.t.Fatalf("edit %d: %#v cannot be undone: %v", i, e, back.Refused)
	}
	for _, n := range out.Counts {
		was, had := before.Grid(n.Code)
		is, has := back.Next.Grid(n.Code)
		if had != has || !reflect.DeepEqual(was, is) {
			j.t.Fatalf("edit %d: %#v undone gives\n%v\nwant\n%v", i, e, is, was)
		}
		if had && n.Before != was.Households {
			j.t.Fatalf("edit %d: grid %s had %d households, said %d", i, n.Code, was.Households, n.Before)
		}
	}
	if !full {
		return
	}
	if j.bytes(back.Next) != j.bytes(before) {
		j.t.Fatalf("edit %d: %#v undone gives another draft", i, e)
	}
	recount(j.t, j.place, out.Next.Draft())
	exact(j.t, out.Next)
}

// recount counts the households by district.Locator.
func recount(t *testing.T, p place, d *district.Draft) {
	t.Helper()
	l, err := district.NewLocator(d.Grids)
	if err != nil {
		t.Fatal(err)
	}
	homes := map[string]int{}
	for _, b := range p.ground.Buildings {
		homes[l.Locate(b.At, 0).Grid] += b.Households
	}
	for _, g := range d.Grids {
		if g.Households != homes[g.Code] {
			t.Fatalf("grid %s states %d households, counted %d", g.Code, g.Households, homes[g.Code])
		}
	}
}

// exact lays the borders of a sheet out afresh: not a vertex and not an edge more or
// fewer may come out, and a face for each grid.
func exact(t *testing.T, s *Sheet) {
	t.Helper()
	var segments []arrange.Segment
	for _, b := range s.Borders() {
		for i := 1; i < len(b.Line); i++ {
			segments = append(segments, arrange.Segment{A: b.Line[i-1], B: b.Line[i]})
		}
	}
	arr, err := arrange.Build(segments)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range arr.Faces {
		if f.TwiceArea <= 0 {
			t.Fatal("a face without area")
		}
	}
	if len(arr.Edges) != len(segments) || len(arr.Faces) != len(s.Counts()) {
		t.Fatalf("%d edges and %d faces, want %d and %d", len(arr.Edges), len(arr.Faces), len(segments), len(s.Counts()))
	}
}

// edit makes up one edit, reasonable or not.
func (j *journey) edit() Edit {
	c := j.sheet.lock()
	defer c.mu.Unlock()
	e := j.aBorder(c)
	at, to := e.a, e.b
	one, other := c.codeOf(max(e.left, e.right)), c.codeOf(min(e.left, e.right))
	if other == "" {
		other = one
	}
	switch k := j.rng.IntN(100); {
	case k < 22:
		return MoveBlock{j.nearby(at, 15_000), []string{one, other}[j.rng.IntN(2)]}
	case k < 27 && len(c.compounds) > 0:
		m := MoveCompound{Compound: c.compounds[j.rng.IntN(len(c.compounds))].ID, To: one}
		if slot, _ := c.locatePt(j.nearby(arrange.At(c.compounds[0].Outline[0][0]), 10)); slot >= 0 && j.rng.IntN(2) == 0 {
			m.From = c.codeOf(slot)
		}
		return m
	case k < 50:
		return MoveNode{at, j.nearby(at, []int{3, 300, 4_000, 40_000}[j.rng.IntN(4)])}
	case k < 58:
		return InsertNode{at, to, j.nearby(middle(at, to), []int{2, 500, 3_000}[j.rng.IntN(3)])}
	case k < 64:
		return RemoveNode{at}
	case k < 76:
		return j.reroute(c, e, one, other)
	case k < 81:
		return Split{Grid: one}
	case k < 83:
		return Split{Grid: one, Path: []arrange.Pt{at, j.nearby(at, 8_000), c.edges[c.borders[max(e.left, e.right)][0]].a}, Name: "west"}
	case k < 89:
		return Merge{[2]string{one, other}}
	case k < 92:
		return Rename{one, "name " + strconv.Itoa(j.rng.IntN(5))}
	case k < 94:
		return Lock{one}
	case k < 98:
		return j.anUnlock(c, one)
	}
	return j.aRestore(c, e)
}

func (j *journey) aBorder(c *core) edge {
	for {
		slot := j.rng.IntN(len(c.grids))
		if n := len(c.borders[slot]); n > 0 {
			e := c.edges[c.borders[slot][j.rng.IntN(n)]]
			if j.rng.IntN(2) == 0 {
				e.a, e.b = e.b, e.a
			}
			return e
		}
	}
}

func (j *journey) nearby(p arrange.Pt, reach int) arrange.Pt {
	return arrange.Pt{X: p.X + int32(j.rng.IntN(2*reach+1)-reach), Y: p.Y + int32(j.rng.IntN(2*reach+1)-reach)}
}

// reroute asks for another path between two vertices some way apart on a border.
func (j *journey) reroute(c *core, e edge, one, other string) Edit {
	r := Reroute{Grids: [2]string{one, other}, From: e.a, To: e.b}
	at, id := e.b, c.find(min2(e.a, e.b), max2(e.a, e.b))
	for range 1 + j.rng.IntN(40) {
		next := int32(-1)
		for _, o := range c.star[at] {
			if o != id && (c.edges[o].left == e.left && c.edges[o].right == e.right || c.edges[o].left == e.right && c.edges[o].right == e.left) {
				next = o
			}
		}
		if next < 0 {
			break
		}
		id, at = next, c.edges[next].far(at)
		r.To = at
	}
	if j.rng.IntN(3) > 0 {
		r.Via = []arrange.Pt{j.nearby(e.a, 15_000)}
	}
	return r
}

func min2(p, q arrange.Pt) arrange.Pt {
	if q.Less(p) {
		return q
	}
	return p
}

func max2(p, q arrange.Pt) arrange.Pt {
	if q.Less(p) {
		return p
	}
	return q
}

func (j *journey) anUnlock(c *core, code string) Edit {
	for _, r := range c.grids {
		if r.locked {
			return Unlock{r.code}
		}
	}
	return Unlock{code}
}

// aRestore is a restore that no edit gave: it must be refused, or keep the tiling.
func (j *journey) aRestore(c *core, e edge) Edit {
	names := []string{c.codeOf(e.left), c.codeOf(e.right), "", "x"}
	name := func() string { return names[j.rng.IntN(len(names))] }
	r := Restore{Cut: [][]arrange.Pt{{e.a, e.b}}, Lay: []Border{{[]arrange.Pt{e.a, j.nearby(e.a, 2_000), e.b}, name(), name()}}}
	switch j.rng.IntN(4) {
	case 0:
		r.Drop = []string{name()}
	case 1:
		r.Grids = []GridRecord{{"x", "x", "D0", ""}}
	}
	return r
}
