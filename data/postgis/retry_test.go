package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"gridbeat/data/postgis"
	"gridbeat/geo"
	"gridbeat/routing/dispatch"
)

// jam makes the server refuse writes of some actors: those by "jam at once CODE" when
// their entry is written, those by "jam at the end CODE" when they commit. It refuses
// as often as is asked for, and counts how often it was tried; what it counts outlasts
// the transactions that it undoes.
const jam = `
CREATE SEQUENCE IF NOT EXISTS gridbeat.jam;
CREATE OR REPLACE FUNCTION gridbeat.jam() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gridbeat, pg_temp AS $$
BEGIN
  IF nextval('gridbeat.jam') <= NEW.version THEN
    RAISE EXCEPTION 'jammed' USING ERRCODE = right(NEW.actor, 5);
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS jam_at_once ON gridbeat.changes;
CREATE TRIGGER jam_at_once BEFORE INSERT ON gridbeat.changes FOR EACH ROW
  WHEN (NEW.actor LIKE 'jam at once%') EXECUTE FUNCTION gridbeat.jam();
DROP TRIGGER IF EXISTS jam_at_the_end ON gridbeat.changes;
CREATE CONSTRAINT TRIGGER jam_at_the_end AFTER INSERT ON gridbeat.changes DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.actor LIKE 'jam at the end%') EXECUTE FUNCTION gridbeat.jam();`

// TestWritesThatConflictAreTriedAgain injects what PostgreSQL says when a transaction
// conflicts with another one. The version of the incident is how often.
func TestWritesThatConflictAreTriedAgain(t *testing.T) {
	owner := session(t, database(t).owner)
	if _, err := owner.Exec(t.Context(), jam); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		owner.Exec(context.Background(), `DROP TRIGGER jam_at_once ON gridbeat.changes; DROP TRIGGER jam_at_the_end ON gridbeat.changes`)
	})
	const always = 1000
	for n, row := range []struct {
		name  string
		actor string
		jams  int
		tries int
		want  error // nil: it is saved; errOther: as the server said
	}{
		{"one serialization failure", "jam at once 40001", 1, 2, nil},
		{"as many as there are attempts but one", "jam at once 40001", postgis.Attempts - 1, postgis.Attempts, nil},
		{"one at the commit", "jam at the end 40001", 1, 2, nil},
		{"several at the commit", "jam at the end 40001", 3, 4, nil},
		{"a deadlock", "jam at once 40P01", 2, 3, nil},
		{"serialization failures without end", "jam at once 40001", always, postgis.Attempts, geo.ErrBusy},
		{"the same at the commit", "jam at the end 40001", always, postgis.Attempts, geo.ErrBusy},
		{"deadlocks without end", "jam at once 40P01", always, postgis.Attempts, geo.ErrBusy},
		{"a division by zero is no conflict", "jam at once 22012", always, 1, errOther},
		{"nor is a broken check at the commit", "jam at the end 23514", always, 1, errOther},
	} {
		t.Run(row.name, func(t *testing.T) {
			ctx := t.Context()
			s := openStation(t, fmt.Sprintf("jam %d", n))
			tried := counting(t)
			i := dispatch.Incident{ID: "incident-01", Version: row.jams, ReportedAt: at(1)}
			_, err := s.SaveIncidents(geo.ActingAs(ctx, row.actor), []dispatch.Incident{i}, at(1))
			if n := tried(); n != row.tries {
				t.Errorf("it was tried %d times, want %d", n, row.tries)
			}
			there, log := contentsOf(t, s)
			switch {
			case row.want == nil && (err != nil || there != 1 || log != 1):
				t.Errorf("%v, %d incidents and %d entries; want one of each", err, there, log)
			case row.want != nil && (err == nil || there+log > 0):
				t.Errorf("%v, %d incidents and %d entries; want none", err, there, log)
			case row.want == geo.ErrBusy && !errors.Is(err, geo.ErrBusy):
				t.Errorf("%v, want geo.ErrBusy", err)
			case row.want == errOther && errors.Is(err, geo.ErrBusy):
				t.Errorf("%v, want what the server said", err)
			}
		})
	}
	t.Run("a write whose context ends is not tried again", func(t *testing.T) {
		s := openStation(t, "jam and cancel")
		ctx, cancel := context.WithCancel(geo.ActingAs(t.Context(), "jam at once 40001"))
		defer cancel()
		tried, written := counting(t), 0
		err := s.SaveSlowly(ctx, dispatch.Incident{ID: "incident-01", Version: always, ReportedAt: at(1)}, at(1), func() {
			if written++; written == 2 {
				cancel()
			}
		})
		if !errors.Is(err, context.Canceled) || written != 2 || tried() != 1 {
			t.Errorf("%v after %d tries, %d of them refused; want context.Canceled in the second", err, written, tried())
		}
		if there, log := contentsOf(t, s); there+log > 0 {
			t.Errorf("%d incidents and %d entries are there", there, log)
		}
	})
}

var errOther = errors.New("what the server said")

// counting starts the jam's count anew and returns how far it is.
func counting(t *testing.T) func() int {
	t.Helper()
	owner := session(t, database(t).owner)
	if _, err := owner.Exec(t.Context(), `ALTER SEQUENCE gridbeat.jam RESTART`); err != nil {
		t.Fatal(err)
	}
	return func() int {
		return number(t, owner, `SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM gridbeat.jam`)
	}
}

func contentsOf(t *testing.T, s *postgis.Store) (incidents, entries int) {
	t.Helper()
	is, e1 := s.Incidents(t.Context())
	cs, e2 := s.Changes(t.Context(), 0, 0)
	if err := errors.Join(e1, e2); err != nil {
		t.Fatal(err)
	}
	return len(is), len(cs)
}
