package arc_test

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"gridbeat/routing/arc"
	"gridbeat/routing/arc/instance"
)

// TestBoundsStayBelowKnownPlans proves what a little work can on benchmark files
// whose best known plan is told, and compares.
func TestBoundsStayBelowKnownPlans(t *testing.T) {
	const folder = "../../../shared/data/arc-routing"
	f, err := os.Open(filepath.Join(folder, "best-known.csv"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("../shared is absent")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, row := range rows[1:] {
		family, file, needed, vehicles, known := row[0], row[1], row[4], row[5], row[8]
		best, err := strconv.Atoi(known)
		if tasks, _ := strconv.Atoi(needed); err != nil || tasks > 400 {
			continue
		}
		k, _ := strconv.Atoi(vehicles)
		if family != "mm-kwrpp" && family != "wrpp-large" {
			k = 0 // what the file tells
		}
		p := problemOf(t, filepath.Join(folder, family, file), k)
		proof := arc.BoundWithin(t.Context(), p, arc.BoundOptions{Work: 500_000, Incumbent: func() int { return best + 1 }})
		if proof.Bound > best {
			t.Errorf("%s: bound %d (%s) is above %d, which is known", file, proof.Bound, proof.By, best)
		}
		compared++
	}
	if compared < 80 {
		t.Errorf("only %d files compared", compared)
	}
}

func problemOf(t *testing.T, path string, vehicles int) *arc.Problem {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in, err := instance.Read(f, path)
	if err != nil {
		t.Fatal(err)
	}
	o := instance.Options{Vehicles: vehicles, Threads: 1}
	if in.Capacity > 0 {
		o.Objective = arc.Total
	}
	plan, err := in.Plan(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	return plan.Problem
}
