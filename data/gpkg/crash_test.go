package gpkg_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gridbeat/data/gpkg"
	"gridbeat/geo"
)

const (
	crashFile = "GRIDBEAT_CRASH_FILE"
	crashWhat = "GRIDBEAT_CRASH_WHAT"
)

// TestMain lets the test's own program play the server that is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv(crashFile); path != "" {
		write := writeForever
		if os.Getenv(crashWhat) == "draft" {
			write = draftForever
		}
		if err := write(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// writeForever saves the buildings with one household more each time, and says so
// on standard output once a save has returned.
func writeForever(path string) error {
	ctx := context.Background()
	s, err := gpkg.Open(ctx, path)
	if err != nil {
		return err
	}
	homes, err := onlyCount(ctx, s)
	for ; err == nil; homes++ {
		if _, err = s.SaveBuildings(ctx, sameHomes(800, homes+1), day); err == nil {
			_, err = fmt.Println(homes + 1)
		}
	}
	return err
}

func sameHomes(n, homes int) []geo.Building {
	bs := crowd(n, 0.01*float64(1+homes%3)) // the extent moves too
	for i := range bs {
		bs[i].Households = homes
	}
	return bs
}

// onlyCount is the households that every building has, 0 when there is none; it
// fails when the buildings come from two saves.
func onlyCount(ctx context.Context, s *gpkg.Store) (int, error) {
	bs, err := s.Buildings(ctx)
	if err != nil || len(bs) == 0 {
		return 0, err
	}
	for _, b := range bs {
		if b.Households != bs[0].Households {
			return 0, fmt.Errorf("half-written: %d and %d households", b.Households, bs[0].Households)
		}
	}
	if len(bs) != 800 {
		return 0, fmt.Errorf("half-written: %d buildings", len(bs))
	}
	return bs[0].Households, nil
}

func TestKilledWriterLosesNothingAndLeavesNothingHalf(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.gpkg")
	chance := rand.New(rand.NewPCG(1, 2))
	acknowledged := 0
	for round := range 8 {
		if said := killAfter(t, path, "buildings", time.Duration(chance.IntN(400))*time.Millisecond); said > 0 {
			acknowledged = said
		}
		s := reopen(t, path)
		homes, err := onlyCount(t.Context(), s)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if homes < acknowledged || homes > acknowledged+1 {
			t.Errorf("round %d: state %d, %d was acknowledged", round, homes, acknowledged)
		}
		changes, err := s.Changes(t.Context(), 0, 0)
		if err != nil || len(changes) != homes {
			t.Errorf("round %d: %d entries in the log for %d saves, %v", round, len(changes), homes, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		acknowledged = homes
	}
	if acknowledged == 0 {
		t.Error("no round wrote anything")
	}
	checkWhole(t, path, "buildings")
	need(t, validator)
	if out, err := exec.Command("/usr/bin/python3", validator, "--extra", path).CombinedOutput(); err != nil {
		t.Errorf("validate_gpkg --extra after the kills: %v\n%s", err, out)
	}
}

// killAfter runs the writer on the file, kills it with no warning and returns the
// last save it acknowledged.
func killAfter(t *testing.T, path, what string, delay time.Duration) (last int) {
	t.Helper()
	writer := exec.Command(os.Args[0])
	writer.Env = append(os.Environ(), crashFile+"="+path, crashWhat+"="+what)
	out, err := writer.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var trouble strings.Builder
	writer.Stderr = &trouble
	if err := writer.Start(); err != nil {
		t.Fatal(err)
	}
	// The clock starts when the first save has returned: a busy machine may take
	// long to get that far.
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if last == 0 {
			timer := time.AfterFunc(delay, func() { writer.Process.Kill() })
			defer timer.Stop()
		}
		fmt.Sscan(lines.Text(), &last)
	}
	writer.Wait()
	if trouble.Len() > 0 {
		t.Fatal(trouble.String())
	}
	return last
}

func checkWhole(t *testing.T, path, table string) {
	t.Helper()
	db := raw(t, path, ``)
	for _, check := range []string{`PRAGMA integrity_check`, `SELECT rtreecheck('rtree_` + table + `_geom')`} {
		var verdict string
		if err := db.QueryRow(check).Scan(&verdict); err != nil || verdict != "ok" {
			t.Errorf("%s: %q %v", check, verdict, err)
		}
	}
	boxes, err := reopen(t, path).Boxes(t.Context(), table)
	if err != nil {
		t.Fatal(err)
	}
	checkIndex(t, db, table, boxes)
	if table == "buildings" {
		checkExtent(t, db, table, boxes)
	}
}
