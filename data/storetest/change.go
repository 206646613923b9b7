package storetest

import (
	"slices"
	"testing"

	"gridbeat/geo"
	"gridbeat/routing/dispatch"
)

// settle writes one of every thing, one call a kind.
func settle(t *testing.T, s Store) {
	t.Helper()
	ctx := t.Context()
	for _, err := range []error{
		s.SaveStation(ctx, townStation()),
		second(s.SaveStreets(ctx, townMap(), day(1))),
		second(s.SaveDistricts(ctx, townDistricts(), day(1))),
		second(s.SaveCommunities(ctx, townCommunities(), day(1))),
		second(s.SaveCompounds(ctx, townCompounds(), day(1))),
		second(s.SaveBuildings(ctx, townBuildings(), day(1))),
		second(s.SavePeople(ctx, townPeople(), day(1))),
		second(s.SaveIncidents(ctx, townIncidents(), day(3))),
		second(s.SavePositions(ctx, townPositions(), day(3))),
		s.SaveDraft(ctx, townDraft("d1", 1), day(2)),
		second(s.Publish(ctx, "d1", day(5), day(4))),
		s.SavePlan(ctx, townPlan("p1"), day(4)),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func second[V any](_ V, err error) error { return err }

func testChanges(t *testing.T, open Open) {
	ctx, s := t.Context(), open(t)
	settle(t, s)
	all := must(s.Changes(ctx, 0, 1000))(t)

	t.Run("every write stands in the log", func(t *testing.T) {
		want := []geo.Change{
			{Kind: "station.saved"}, {Kind: "streets.imported", At: day(1)}, {Kind: "districts.imported", At: day(1)},
			{Kind: "communities.imported", At: day(1)}, {Kind: "compounds.imported", At: day(1)},
			{Kind: "buildings.imported", At: day(1)}, {Kind: "people.imported", At: day(1)},
			{Kind: "incident.created", ID: "incident-02", Version: 2, At: day(3)},
			{Kind: "incident.created", ID: "incident-01", Version: 1, At: day(3)},
			{Kind: "positions.imported", At: day(3)}, {Kind: "draft.saved", ID: "d1", Version: 1, At: day(2)},
			{Kind: "district.saved", ID: "01", At: day(4)}, // its outline gained a vertex
			{Kind: "edition.published", ID: "1", Version: 1, At: day(4)}, {Kind: "plan.saved", ID: "p1", Version: 1, At: day(4)},
		}
		got := slices.Clone(all)
		for i := range got {
			got[i].Sequence = 0
		}
		got[0].At = want[0].At // the store's own clock
		equal(t, want, got)
	})
	t.Run("the sequence rises", func(t *testing.T) {
		for i := 1; i < len(all); i++ {
			if all[i].Sequence <= all[i-1].Sequence {
				t.Errorf("%d after %d", all[i].Sequence, all[i-1].Sequence)
			}
		}
	})
	t.Run("after and limit page through it without loss", func(t *testing.T) {
		var paged []geo.Change
		for after := int64(0); ; {
			page := must(s.Changes(ctx, after, 4))(t)
			if len(page) == 0 {
				break
			}
			paged, after = append(paged, page...), page[len(page)-1].Sequence
		}
		equal(t, all, paged)
		equal(t, []geo.Change{}, must(s.Changes(ctx, all[len(all)-1].Sequence, 4))(t))
		equal(t, all, must(s.Changes(ctx, 0, 0))(t))
	})
	t.Run("what an import retires is named before the import", func(t *testing.T) {
		must(s.SaveBuildings(ctx, townBuildings()[1:2], day(6)))(t)
		tail := must(s.Changes(ctx, all[len(all)-1].Sequence, 1000))(t)
		var got []string
		for _, c := range tail {
			got = append(got, c.Kind+" "+c.ID)
		}
		slices.Sort(got)
		equal(t, []string{"building.retired b1", "building.retired b3", "buildings.imported "}, got)
		if last := tail[len(tail)-1]; last.Kind != "buildings.imported" {
			t.Errorf("the last entry is %q", last.Kind)
		}
	})
	t.Run("the log tells who did it", func(t *testing.T) {
		before := must(s.Changes(ctx, 0, 0))(t)
		last := before[len(before)-1].Sequence
		for _, err := range []error{
			second(s.SavePeople(geo.ActingAs(ctx, "陈一"), []dispatch.Person{{ID: "p3"}}, day(6))),
			second(s.SaveIncidents(geo.ActingAs(ctx, "an import"), manyIncidents(200)[:150], day(6))),
			second(s.SavePeople(ctx, []dispatch.Person{{ID: "p4"}}, day(6))),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		created(t, s, "incident-77", dispatch.Intake{Day: "20260109", Actor: "desk", At: day(9)})
		tail := must(s.Changes(ctx, last, 0))(t)
		if len(tail) != 153 || tail[0].Actor != "陈一" || tail[1].Actor != "an import" || tail[150].Actor != "an import" || tail[151].Actor != "" || tail[152].Actor != "desk" {
			t.Errorf("%d entries, by %q, %q, %q, %q", len(tail), tail[0].Actor, tail[1].Actor, tail[len(tail)-2].Actor, tail[len(tail)-1].Actor)
		}
	})
	t.Run("an incident that moves on has its own entry", func(t *testing.T) {
		i := townIncidents()[:1]
		i[0].Version, i[0].State = 3, "closed"
		after := must(s.Changes(ctx, 0, 1000))(t)
		must(s.SaveIncidents(ctx, i, day(6)))(t)
		tail := must(s.Changes(ctx, after[len(after)-1].Sequence, 10))(t)
		tail[0].Sequence = 0
		equal(t, []geo.Change{{Kind: "incident.changed", ID: "incident-02", Version: 3, At: day(6)}}, tail)
	})
}
