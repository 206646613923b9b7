package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing/dispatch"
)

func fresh(id string, reported time.Time) dispatch.Incident {
	answer, closing := dispatch.Due(dispatch.Normal, reported)
	return dispatch.Incident{ID: id, Category: dispatch.Dispute, Priority: dispatch.Normal, State: dispatch.Reported,
		Point: orb.Point{113.5055555, 22.2055555}, Grid: "440402001900001", District: "01", How: "inside", Level: "member",
		Responsible: "陈一", Text: "噪音", ReportedAt: reported, AnswerDueAt: answer, CloseDueAt: closing}
}

// created saves a new incident and returns it as it is stored.
func created(t *testing.T, s Store, id string, in dispatch.Intake) dispatch.Incident {
	t.Helper()
	i, isNew, err := s.CreateIncident(t.Context(), fresh(id, in.At), in)
	if err != nil || !isNew {
		t.Fatalf("create %s: new %v, %v", id, isNew, err)
	}
	return i
}

// advance takes one step and returns the incident after it.
func advance(t *testing.T, s Store, i dispatch.Incident, to string) dispatch.Incident {
	t.Helper()
	after, entry, err := i.Advance(dispatch.Step{To: to, Actor: "值班", Reason: "因为", At: day(9).Add(time.Hour)}, dispatch.NewLadder(nil))
	if err == nil {
		err = s.AdvanceIncident(t.Context(), after, entry)
	}
	if err != nil {
		t.Fatal(err)
	}
	return after
}

func testFlow(t *testing.T, open Open) {
	in := dispatch.Intake{Day: "20260109", Actor: "duty", At: day(9)}
	t.Run("a new incident has version 1, a number, an entry and a change", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		want := fresh("incident-10", day(9))
		want.Version, want.Number = 1, "20260109-0001"
		equal(t, want, created(t, s, "incident-10", in))
		equal(t, want, must(s.Incident(ctx, "incident-10"))(t))
		equal(t, []dispatch.Entry{{Incident: "incident-10", Version: 1, At: day(9), Actor: "duty", To: dispatch.Reported,
			Level: "member", Responsible: "陈一"}}, must(s.History(ctx, "incident-10"))(t))
		log := must(s.Changes(ctx, 0, 0))(t)
		if len(log) != 1 || log[0].Kind != "incident.created" || log[0].ID != "incident-10" || log[0].Version != 1 {
			t.Errorf("the log says %v", log)
		}
	})
	t.Run("numbers go on within their day, also after imported ones", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		imported := fresh("imported", day(9))
		imported.Number, imported.Version = "20260109-0041", 1
		must(s.SaveIncidents(ctx, []dispatch.Incident{imported}, day(9)))(t)
		for n, want := range []string{"20260109-0042", "20260109-0043"} {
			if i := created(t, s, fmt.Sprintf("incident-%d", n), in); i.Number != want {
				t.Errorf("number %s, want %s", i.Number, want)
			}
		}
		if i := created(t, s, "incident-9", dispatch.Intake{Day: "20260110", At: day(10)}); i.Number != "20260110-0001" {
			t.Errorf("the next day begins with %s", i.Number)
		}
	})
	t.Run("an id that is taken is refused", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		created(t, s, "incident-10", in)
		other := fresh("incident-10", day(9))
		other.Text = "another"
		refused(t, unharmed(t, ctx, s, func() error { _, _, err := s.CreateIncident(ctx, other, in); return err }))
	})
	t.Run("a key that comes again makes nothing new", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		keyed := in
		keyed.Key, keyed.Fingerprint = "k1", "f1"
		first := created(t, s, "incident-10", keyed)
		again, isNew, err := s.CreateIncident(ctx, fresh("incident-11", day(9)), keyed)
		if err != nil || isNew {
			t.Fatalf("new %v, %v", isNew, err)
		}
		equal(t, first, again)
		keyed.Fingerprint = "f2"
		if err := unharmed(t, ctx, s, func() error { _, _, err := s.CreateIncident(ctx, fresh("incident-12", day(9)), keyed); return err }); !errors.Is(err, geo.ErrKeyReused) {
			t.Errorf("%v, want geo.ErrKeyReused", err)
		}
		keyed.At = keyed.At.Add(dispatch.KeyLifetime + 2*time.Hour)
		other := keyed
		other.Key = "k2"
		created(t, s, "incident-13", other) // forgets what is old
		created(t, s, "incident-14", keyed)
	})
	t.Run("one key from many clients at once makes one incident", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		keyed := in
		keyed.Key, keyed.Fingerprint = "k1", "f1"
		var clients sync.WaitGroup
		for n := range 8 {
			clients.Go(func() {
				if _, _, err := s.CreateIncident(ctx, fresh(fmt.Sprintf("incident-%d", n), day(9)), keyed); err != nil {
					t.Error(err)
				}
			})
		}
		clients.Wait()
		if all := must(s.Incidents(ctx))(t); len(all) != 1 || all[0].Number != "20260109-0001" {
			t.Errorf("there are %d incidents, want one", len(all))
		}
	})
	t.Run("each step is a version, an entry and a change", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		i := created(t, s, "incident-10", in)
		for _, to := range []string{dispatch.Filed, dispatch.Dispatched, dispatch.Returned, dispatch.Dispatched, dispatch.Answered} {
			i = advance(t, s, i, to)
		}
		equal(t, i, must(s.Incident(ctx, "incident-10"))(t))
		history := must(s.History(ctx, "incident-10"))(t)
		if len(history) != 6 {
			t.Fatalf("%d entries, want 6", len(history))
		}
		equal(t, dispatch.Entry{Incident: "incident-10", Version: 4, At: day(9).Add(time.Hour), Actor: "值班", From: dispatch.Dispatched,
			To: dispatch.Returned, Reason: "因为", Level: "member", Responsible: "陈一"}, history[3])
		log := must(s.Changes(ctx, 0, 0))(t)
		if last := log[len(log)-1]; len(log) != 6 || last.Kind != "incident.changed" || last.Version != 6 {
			t.Errorf("the log ends with %v after %d entries", last, len(log))
		}
	})
	t.Run("a stale step and one of nothing change nothing", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		first := created(t, s, "incident-10", in)
		advance(t, s, first, dispatch.Filed)
		after, entry, _ := first.Advance(dispatch.Step{To: dispatch.Dispatched, At: day(9)}, dispatch.NewLadder(nil))
		if err := unharmed(t, ctx, s, func() error { return s.AdvanceIncident(ctx, after, entry) }); !errors.Is(err, geo.ErrStale) {
			t.Errorf("%v, want geo.ErrStale", err)
		}
		after.ID, entry.Incident = "nobody", "nobody"
		if err := unharmed(t, ctx, s, func() error { return s.AdvanceIncident(ctx, after, entry) }); !errors.Is(err, geo.ErrNotFound) {
			t.Errorf("%v, want geo.ErrNotFound", err)
		}
		if _, err := s.Incident(ctx, "nobody"); !errors.Is(err, geo.ErrNotFound) {
			t.Errorf("%v, want geo.ErrNotFound", err)
		}
	})
	t.Run("of many who take the same step one wins", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		i := created(t, s, "incident-10", in)
		var clients sync.WaitGroup
		won := make(chan bool, 8)
		for range cap(won) {
			clients.Go(func() {
				after, entry, _ := i.Advance(dispatch.Step{To: dispatch.Filed, At: day(9)}, dispatch.NewLadder(nil))
				err := s.AdvanceIncident(ctx, after, entry)
				if err != nil && !errors.Is(err, geo.ErrStale) {
					t.Error(err)
				}
				won <- err == nil
			})
		}
		clients.Wait()
		close(won)
		winners := 0
		for w := range won {
			if w {
				winners++
			}
		}
		if winners != 1 {
			t.Errorf("%d won", winners)
		}
	})
	t.Run("queries choose, and pages lose nothing while others write", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		var all []dispatch.Incident
		for n := range 300 {
			i := fresh(fmt.Sprintf("incident-%04d", n), day(9).Add(time.Duration(n/3)*time.Second)) // three at each moment
			i.Number, i.Version = fmt.Sprintf("20260109-%04d", n+1), 1
			if n%5 == 0 {
				i.State, i.Category = dispatch.Closed, dispatch.Hazard
			}
			all = append(all, i)
		}
		must(s.SaveIncidents(ctx, all, day(9)))(t)
		seen := paged(t, s, 7, func(last dispatch.Incident) {
			created(t, s, "later-"+last.ID, dispatch.Intake{Day: "20260110", At: day(10)})
		})
		for _, i := range all {
			if !seen[i.ID] {
				t.Errorf("%s was lost", i.ID)
			}
		}
		for name, row := range map[string]struct {
			q    dispatch.Query
			want int
		}{
			"closed":           {dispatch.Query{State: dispatch.Closed}, 60},
			"hazards":          {dispatch.Query{Category: string(dispatch.Hazard), Limit: 1000}, 60},
			"open in the grid": {dispatch.Query{Open: true, Grid: "440402001900001", District: "01", Limit: 100}, 100},
			"another grid":     {dispatch.Query{Grid: "440402001900002"}, 0},
		} {
			if got := must(s.FindIncidents(ctx, row.q))(t); len(got) != row.want {
				t.Errorf("%s: %d, want %d", name, len(got), row.want)
			}
		}
		if newest := must(s.FindIncidents(ctx, dispatch.Query{Limit: 1}))(t); !newest[0].ReportedAt.Equal(day(10)) {
			t.Errorf("the first is not the newest: %v", newest[0])
		}
	})
}
