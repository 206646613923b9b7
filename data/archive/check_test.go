package archive_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/data/archive"
	"gridbeat/geo"
	"gridbeat/geo/account"
	"gridbeat/geo/district"
	"gridbeat/geo/district/edit"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

var noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

func square(west, side float64) orb.Polygon {
	return orb.Polygon{{{west, 22}, {west + side, 22}, {west + side, 22 + side}, {west, 22 + side}, {west, 22}}}
}

// well is an archive of two incidents, a draft, two editions and a plan.
func well() archive.Archive {
	edition := func(number int, from time.Time, to *time.Time) archive.Edition {
		return archive.Edition{Draft: "d1", DraftVersion: number, Edition: district.Edition{Number: number, ValidFrom: from, ValidTo: to,
			Grids:     []district.Grid{{Code: "g1", District: "01", Outline: square(113, 1)}, {Code: "g2", District: "01", Outline: square(114, 1)}},
			Districts: []geo.District{{Code: "01", Outline: orb.MultiPolygon{square(113, 1), square(114, 1)}}}}}
	}
	next := noon.Add(time.Hour)
	a := archive.Archive{
		Incidents: []dispatch.Incident{{ID: "i1", Version: 2, Grid: "g1"}, {ID: "i2", Version: 1}},
		Histories: []dispatch.Entry{{Incident: "i1", Version: 1}, {Incident: "i1", Version: 2}},
		People:    []dispatch.Person{{ID: "p1", Grid: "g2"}},
		Users:     []account.User{{ID: "u1", Person: "p1", Grid: "g1", Version: 1}},
		Tokens:    []account.Token{{ID: "k1", User: "u1", Version: 2}},
		Units:     []patrol.Unit{{ID: "car", Version: 1}},
		Shifts:    []patrol.Shift{{ID: "s1", Unit: "car", People: []string{"p1"}, Plan: "plan", Version: 1}},
		Notices:   []dispatch.Notice{{ID: "n1", Grids: []string{"g1"}, Deliveries: []dispatch.Delivery{{Grid: "g1", Person: "p1"}}, Version: 1}},
		Drafts:    []archive.Draft{{Draft: district.Draft{ID: "d1", Version: 2}, Published: 2}},
		Edits:     []edit.Step{{Draft: "d1", Number: 1, Version: 2}, {Draft: "d1", Number: 2, Version: 2}},
		Districts: []geo.District{{Code: "01"}},
		Blocks:    []geo.Block{{ID: "b1", District: "01", Compound: "k1", Outline: square(113, 1)}},
		Compounds: []geo.Compound{{ID: "k1"}},
		Editions:  []archive.Edition{edition(1, noon, &next), edition(2, next, nil)},
		Plans:     []patrol.Plan{{ID: "plan"}},
	}
	for n, c := range []geo.Change{
		{Kind: "streets.imported"}, {Kind: "incident.created", ID: "i1", Version: 1}, {Kind: "draft.saved", ID: "d1", Version: 1},
		{Kind: "edition.published", ID: "1", Version: 1}, {Kind: "incident.changed", ID: "i1", Version: 2},
		{Kind: "incident.created", ID: "i2", Version: 1}, {Kind: "draft.saved", ID: "d1", Version: 2},
		{Kind: "edition.published", ID: "2", Version: 2}, {Kind: "plan.saved", ID: "plan", Version: 1}, {Kind: "building.retired", ID: "gone"},
		{Kind: "user.saved", ID: "u1", Version: 1}, {Kind: "token.saved", ID: "k1", Version: 1}, {Kind: "token.saved", ID: "k1", Version: 2},
		{Kind: "unit.saved", ID: "car", Version: 1}, {Kind: "shift.saved", ID: "s1", Version: 1}, {Kind: "notice.saved", ID: "n1", Version: 1},
	} {
		c.Sequence = int64(3 * (n + 1))
		a.Changes = append(a.Changes, c)
	}
	return a
}

func TestCheck(t *testing.T) {
	for _, row := range []struct {
		name  string
		spoil func(*archive.Archive)
		want  string // the rule and the feature, "" for none
	}{
		{"all is well", func(*archive.Archive) {}, ""},
		{"an empty store is well", func(a *archive.Archive) { *a = archive.Archive{} }, ""},
		{"a sequence that comes twice", func(a *archive.Archive) { a.Changes[4].Sequence = a.Changes[3].Sequence }, "log-order 12"},
		{"a version that the log lacks", func(a *archive.Archive) { a.Incidents[0].Version = 3 }, "log-versions incident i1"},
		{"a version that it has twice", func(a *archive.Archive) { a.Changes[4].Version = 1 }, "log-versions incident i1"},
		{"a record that it has not", func(a *archive.Archive) { a.Changes = slices.Delete(a.Changes, 8, 9) }, "log-versions plan plan"},
		{"an entry of nothing", func(a *archive.Archive) { a.Incidents = a.Incidents[:1] }, "log-orphan incident i2"},
		{"a step past the incident", func(a *archive.Archive) { a.Histories[1].Version = 9 }, "history incident i1"},
		{"editions at the same time", func(a *archive.Archive) { a.Editions[0].ValidTo = nil }, "edition-order edition 1"},
		{"no edition in force", func(a *archive.Archive) { a.Editions[1].ValidTo = &noon }, "edition-order edition 2"},
		{"a grid that leaves its district", func(a *archive.Archive) { a.Editions[1].Grids[0].Outline = square(112.5, 1) }, "overshoot g1"},
		{"an incident of no grid", func(a *archive.Archive) { a.Incidents[0].Grid = "g9" }, "reference incident i1"},
		{"a token whose version the log lacks", func(a *archive.Archive) { a.Tokens[0].Version = 3 }, "log-versions token k1"},
		{"a user that went without a word", func(a *archive.Archive) { a.Users, a.Tokens[0].User = nil, "" }, "log-orphan user u1"},
		{"a token of nobody", func(a *archive.Archive) { a.Tokens[0].User = "u9" }, "reference token k1"},
		{"a user who is nobody", func(a *archive.Archive) { a.Users[0].Person = "p9" }, "reference user u1"},
		{"a user of no grid", func(a *archive.Archive) { a.Users[0].Grid = "g9" }, "reference user u1"},
		{"an edit that is missing", func(a *archive.Archive) { a.Edits = a.Edits[1:] }, "edits draft d1"},
		{"an edit of a version that never was", func(a *archive.Archive) { a.Edits[1].Version = 3 }, "edits draft d1"},
		{"an edit that came before", func(a *archive.Archive) { a.Edits[1].Version = 1 }, "edits draft d1"},
		{"an edit of no draft", func(a *archive.Archive) { a.Edits[1] = edit.Step{Draft: "d9", Number: 1, Version: 1} }, "edits draft d9"},
		{"a block without an outline", func(a *archive.Archive) { a.Blocks[0].Outline = nil }, "block block b1"},
		{"a shift of no unit", func(a *archive.Archive) { a.Shifts[0].Unit = "bus" }, "reference shift s1"},
		{"a shift of nobody", func(a *archive.Archive) { a.Shifts[0].People[0] = "p9" }, "reference shift s1"},
		{"a shift on no plan", func(a *archive.Archive) { a.Shifts[0].Plan = "p9" }, "reference shift s1"},
		{"a shift that the log lacks", func(a *archive.Archive) { a.Shifts[0].Version = 2 }, "log-versions shift s1"},
		{"a unit that the log lacks", func(a *archive.Archive) { a.Units[0].Version = 2 }, "log-versions unit car"},
		{"a notice for no grid", func(a *archive.Archive) { a.Notices[0].Grids[0] = "g9" }, "reference notice n1"},
		{"a notice passed on by nobody", func(a *archive.Archive) { a.Notices[0].Deliveries[0].Person = "p9" }, "reference notice n1"},
		{"a notice that the log lacks", func(a *archive.Archive) { a.Notices[0].Version = 2 }, "log-versions notice n1"},
		{"a person of no grid", func(a *archive.Archive) { a.People[0].Grid = "g9" }, "reference person p1"},
	} {
		a := well()
		row.spoil(&a)
		var got []string
		for _, f := range a.Check() {
			got = append(got, f.Rule+" "+f.Feature)
			if f.Remedy == "" || f.Detail == "" {
				t.Errorf("%s: %v does not say what to do", row.name, f)
			}
		}
		if text := strings.Join(got, "; "); text != row.want {
			t.Errorf("%s: found %q, want %q", row.name, text, row.want)
		}
	}
}

func TestBlocksOfGroundThatIsGoneAreCounted(t *testing.T) {
	for name, spoil := range map[string]func(*archive.Archive){
		"a district":  func(a *archive.Archive) { a.Blocks[0].District = "09" },
		"a community": func(a *archive.Archive) { a.Blocks[0].Community = "c9" },
		"a compound":  func(a *archive.Archive) { a.Compounds = nil },
	} {
		a := well()
		if n := a.StaleBlocks(); n != 0 {
			t.Fatalf("%d blocks of %d are stale where nothing has changed", n, len(a.Blocks))
		}
		spoil(&a)
		if n := a.StaleBlocks(); n != 1 || len(a.Check()) > 0 {
			t.Errorf("%s is gone: %d blocks are stale, and %v is wrong", name, n, a.Check())
		}
	}
}
