package postgis_test

import (
	"context"
	"testing"
	"time"

	"gridbeat/data/postgis"
	"gridbeat/geo"
)

// ears follow the news of a store until the test ends.
func ears(t *testing.T, s *postgis.Store) <-chan bool {
	t.Helper()
	hints := make(chan bool, 1000)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.News(ctx, func(live bool) { hints <- live })
	}()
	t.Cleanup(func() { stop(); <-ended })
	if live := within(t, hints, 10*time.Second); !live {
		t.Fatal("it does not listen")
	}
	return hints
}

func within(t *testing.T, hints <-chan bool, d time.Duration) (live bool) {
	t.Helper()
	select {
	case live := <-hints:
		return live
	case <-time.After(d):
		t.Fatalf("nothing was heard for %v", d)
		return false
	}
}

func save(t *testing.T, s *postgis.Store, homes int) {
	t.Helper()
	if _, err := s.SaveBuildings(t.Context(), []geo.Building{building("b1", homes)}, at(1)); err != nil {
		t.Fatal(err)
	}
}

// TestNewsReachOtherServersOfTheStation and nobody else's.
func TestNewsReachOtherServersOfTheStation(t *testing.T) {
	writer, replica, stranger := openStation(t, "news"), openStation(t, "news"), openStation(t, "no news")
	hints, none := ears(t, replica), ears(t, stranger)
	save(t, writer, 1)
	if !within(t, hints, 5*time.Second) {
		t.Error("the replica is not live")
	}
	select {
	case <-none:
		t.Error("another station heard of it")
	case <-time.After(300 * time.Millisecond):
	}
}

// TestTheLastWriteOfAProgramIsTold though it closes its store at once.
func TestTheLastWriteOfAProgramIsTold(t *testing.T) {
	hints := ears(t, openStation(t, "last news"))
	writer, err := postgis.Open(t.Context(), stationURL(database(t).app, "last news"))
	if err != nil {
		t.Fatal(err)
	}
	save(t, writer, 1)
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	within(t, hints, 5*time.Second)
}

// TestAListenerThatIsCutOffSaysSo and listens again by itself.
func TestAListenerThatIsCutOffSaysSo(t *testing.T) {
	s := openStation(t, "cut off")
	hints := ears(t, s)
	number(t, session(t, database(t).owner), `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
		WHERE datname = current_database() AND query LIKE 'LISTEN gridbeat_station_%'`)
	if within(t, hints, 5*time.Second) {
		t.Error("it still calls itself live")
	}
	if !within(t, hints, 10*time.Second) {
		t.Error("it did not come back")
	}
	save(t, s, 1)
	if !within(t, hints, 5*time.Second) {
		t.Error("it came back deaf")
	}
}
