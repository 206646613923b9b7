package gpkg_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"gridbeat/data/gpkg"
	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/geo/job"
)

// sheet is a version of a draft of n grids, each with as many households as the version.
func sheet(n, version int) district.Draft {
	d := district.Draft{ID: "sheet", Version: version, CreatedAt: day}
	for i := range n {
		d.Grids = append(d.Grids, district.Grid{Code: fmt.Sprintf("%06d", i), District: "01", Households: version,
			Outline: box(113+float64(i%100)*1e-3, 22+float64(i/100)*1e-3, 1e-3)})
	}
	return d
}

// draftForever saves the next version of a draft in several steps, and says so.
func draftForever(path string) error {
	ctx := context.Background()
	s, err := gpkg.Open(ctx, path)
	if err != nil {
		return err
	}
	version := 0
	if d, err := s.Draft(ctx, "sheet"); err == nil {
		version = d.Version
	}
	for ; err == nil; version++ {
		if err = s.SaveDraft(ctx, sheet(7_000, version+1), day); err == nil {
			_, err = fmt.Println(version + 1)
		}
	}
	return err
}

// plainFile is openFile with a name that other programs need not be told how to read.
func plainFile(t *testing.T) (*gpkg.Store, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.gpkg")
	return reopen(t, path), path
}

// stray counts the tilings that nobody names, and all rows of grids.
func stray(t *testing.T, path string) (tilings, rows int) {
	t.Helper()
	db := raw(t, path, ``)
	defer db.Close()
	if err := db.QueryRow(`SELECT (SELECT count(*) FROM tilings WHERE draft IS NULL AND edition IS NULL AND station IS NULL),
		(SELECT count(*) FROM tiling_grids)`).Scan(&tilings, &rows); err != nil {
		t.Fatal(err)
	}
	return tilings, rows
}

// aMinuteLater makes the last step of every stray tiling two minutes old.
const aMinuteLater = `UPDATE gridbeat_guard SET writing = 1;
	UPDATE tilings SET laid_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-2 minutes') WHERE draft IS NULL AND edition IS NULL AND station IS NULL AND laid_at <> '';
	UPDATE gridbeat_guard SET writing = 0`

func TestAKilledDraftIsSeenWholeOrNotAtAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.gpkg")
	chance := rand.New(rand.NewPCG(3, 4))
	acknowledged, left := 0, 0
	for round := range 6 {
		if said := killAfter(t, path, "draft", time.Duration(chance.IntN(900))*time.Millisecond); said > 0 {
			acknowledged = said
		}
		tilings, _ := stray(t, path)
		left += tilings
		if round%2 == 1 {
			raw(t, path, aMinuteLater).Close()
		}
		s := reopen(t, path)
		d, err := s.Draft(t.Context(), "sheet")
		if err != nil || len(d.Grids) != 7_000 || d.Version < acknowledged || d.Version > acknowledged+1 {
			t.Fatalf("round %d: version %d with %d grids, %d was acknowledged, %v", round, d.Version, len(d.Grids), acknowledged, err)
		}
		for _, g := range d.Grids {
			if g.Households != d.Version {
				t.Fatalf("round %d: version %d has a grid of version %d", round, d.Version, g.Households)
			}
		}
		whole, err := s.Archive(t.Context())
		if err != nil || len(whole.Changes) != d.Version || len(whole.Check()) > 0 {
			t.Errorf("round %d: %d entries in the log for %d versions, doctor finds %v, %v", round, len(whole.Changes), d.Version, whole.Check(), err)
		}
		if tilings, rows := stray(t, path); round%2 == 1 && (tilings != 0 || rows != 7_000) {
			t.Errorf("round %d: %d tilings are stray and %d rows are there after a minute", round, tilings, rows)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		acknowledged = d.Version
	}
	if left == 0 {
		t.Error("no kill met a save half-way")
	}
	checkWhole(t, path, "tiling_grids")
	need(t, validator)
	if out, err := exec.Command("/usr/bin/python3", validator, "--extra", path).CombinedOutput(); err != nil {
		t.Errorf("validate_gpkg --extra after the kills: %v\n%s", err, out)
	}
}

// TestALargeDraftHoldsTheLockForShortSteps: others write between them, and see nothing.
func TestALargeDraftHoldsTheLockForShortSteps(t *testing.T) {
	s, path := openFile(t)
	other := reopen(t, path)
	ctx := t.Context()
	steps := 0
	held := scripted(time.Second)
	s.SetClock(func() time.Time {
		steps++ // asked when the lock is taken and when it was given back
		if steps%2 == 0 {
			if _, err := other.SaveBuildings(ctx, sameHomes(1, steps), day); err != nil {
				t.Error(err)
			}
			d, err := other.Draft(ctx, "sheet")
			if err == nil && len(d.Grids) != 5_000 {
				t.Errorf("after %d steps the draft has %d grids", steps/2, len(d.Grids))
			}
		}
		return held()
	})
	if err := s.SaveDraft(ctx, sheet(5_000, 1), day); err != nil {
		t.Fatal(err)
	}
	if steps/2 < 4 {
		t.Errorf("%d steps, want four or more when each is slow", steps/2)
	}
	if log, err := s.Changes(ctx, 0, 0); err != nil || log[len(log)-2].Kind != "draft.saved" {
		t.Errorf("the last step has no entry of its own: %v, %v", log, err)
	}
}

func TestAFewChangesStayInTheDraftsOwnTiling(t *testing.T) {
	s, path := plainFile(t)
	ctx := t.Context()
	number := func() (n int) {
		if err := raw(t, path, ``).QueryRow(`SELECT id FROM tilings WHERE draft = 'sheet'`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	d := sheet(3_000, 1)
	if err := s.SaveDraft(ctx, d, day); err != nil {
		t.Fatal(err)
	}
	first := number()
	d.Version, d.Grids[5].Name = 2, "五"
	if err := s.SaveDraft(ctx, d, day); err != nil || number() != first {
		t.Errorf("one change moved the draft to tiling %d from %d, %v", number(), first, err)
	}
	if err := s.SaveDraft(ctx, sheet(3_000, 3), day); err != nil || number() == first {
		t.Errorf("3,000 changes were made at once, %v", err)
	}
	if tilings, rows := stray(t, path); tilings != 0 || rows != 3_000 {
		t.Errorf("%d tilings are stray and %d rows are there; what is replaced goes at once", tilings, rows)
	}
}

// TestASaveThatSleptTooLongIsRefused: its first steps were swept away meanwhile.
func TestASaveThatSleptTooLongIsRefused(t *testing.T) {
	s, path := plainFile(t)
	asked := 0
	s.SetClock(func() time.Time {
		if asked++; asked == 2 { // after the first step
			raw(t, path, aMinuteLater)
			reopen(t, path)
		}
		return day
	})
	err := s.SaveDraft(t.Context(), sheet(5_000, 1), day)
	if !errors.Is(err, geo.ErrBusy) {
		t.Errorf("%v, want geo.ErrBusy", err)
	}
	if _, err := s.Draft(t.Context(), "sheet"); !errors.Is(err, geo.ErrNotFound) {
		t.Errorf("the draft is there: %v", err)
	}
	if err := s.SaveDraft(t.Context(), sheet(5_000, 1), day); err != nil {
		t.Errorf("the same again: %v", err)
	}
}

// TestAJobsDraftEndsItInTheLastStep, and a worker that lost its job adds nothing to see.
func TestAJobsDraftEndsItInTheLastStep(t *testing.T) {
	s, path := plainFile(t)
	ctx := t.Context()
	if _, _, err := s.AddJob(ctx, job.New{ID: "j1", Kind: "draw", At: day}); err != nil {
		t.Fatal(err)
	}
	ticket := job.Ticket{Job: "j1", Attempt: 1}
	if _, err := s.TakeJob(ctx, ticket, "w", time.Hour, day); err != nil {
		t.Fatal(err)
	}
	worker := s.ForJob(ticket, []byte(`{}`), day)
	if err := worker.SaveDraft(ctx, sheet(5_000, 1), day); err != nil {
		t.Fatal(err)
	}
	if j, err := s.Job(ctx, "j1"); err != nil || j.State != job.Done {
		t.Errorf("the job is %s, %v", j.State, err)
	}
	if err := worker.SaveDraft(ctx, sheet(5_000, 2), day); !errors.Is(err, job.ErrLost) {
		t.Errorf("a worker whose job is over saves: %v, want job.ErrLost", err)
	}
	if d, err := s.Draft(ctx, "sheet"); err != nil || d.Version != 1 {
		t.Errorf("version %d, %v", d.Version, err)
	}
	if tilings, rows := stray(t, path); tilings != 0 || rows != 5_000 {
		t.Errorf("%d tilings are stray, %d rows are there", tilings, rows)
	}
}

func TestARehearsedDraftLeavesNothing(t *testing.T) {
	_, path := plainFile(t)
	s, err := gpkg.OpenOptions(t.Context(), path, gpkg.Options{Rehearse: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.SaveDraft(t.Context(), sheet(5_000, 1), day); err != nil {
		t.Fatal(err)
	}
	if tilings, rows := stray(t, path); tilings+rows != 0 {
		t.Errorf("%d tilings and %d rows are left", tilings, rows)
	}
}

func manyBlocks(n, homes int) []geo.Block {
	bs := make([]geo.Block, n)
	for i := range bs {
		bs[i] = geo.Block{ID: fmt.Sprintf("%06d", i), District: "01", Households: homes, Outline: box(113+float64(i%100)*1e-3, 22+float64(i/100)*1e-3, 1e-3)}
	}
	return bs
}

func TestBlocksAreReplacedWhole(t *testing.T) {
	s, path := plainFile(t)
	ctx := t.Context()
	few := manyBlocks(5_000, 2)
	few[7].Compound = "k"
	for _, row := range []struct {
		name   string
		blocks []geo.Block
		want   geo.Counts
	}{
		{"none", nil, geo.Counts{}},
		{"many new ones", manyBlocks(5_000, 1), geo.Counts{Added: 5_000}},
		{"the same again", manyBlocks(5_000, 1), geo.Counts{Unchanged: 5_000}},
		{"all of them changed", manyBlocks(5_000, 2), geo.Counts{Changed: 5_000}},
		{"one of them changed", few, geo.Counts{Changed: 1, Unchanged: 4_999}},
		{"some of them gone", few[:4_000], geo.Counts{Unchanged: 4_000, Retired: 1_000}},
		{"all of them gone", nil, geo.Counts{Retired: 4_000}},
	} {
		before, err := s.Changes(ctx, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		c, err := s.SaveBlocks(ctx, row.blocks, day)
		got, e2 := s.Blocks(ctx)
		if err != nil || e2 != nil || c != row.want || !slices.EqualFunc(got, row.blocks, func(a, b geo.Block) bool {
			return a.ID == b.ID && a.Households == b.Households && a.Compound == b.Compound
		}) {
			t.Errorf("%s: %+v, want %+v, %d blocks, %v %v", row.name, c, row.want, len(got), err, e2)
		}
		after, err := s.Changes(ctx, 0, 0)
		if entries := min(1, row.want.Added+row.want.Changed+row.want.Retired); err != nil || len(after)-len(before) != entries {
			t.Errorf("%s: %d entries in the log, want %d, %v", row.name, len(after)-len(before), entries, err)
		}
	}
	var rows int
	if err := raw(t, path, ``).QueryRow(`SELECT (SELECT count(*) FROM tiling_blocks) + (SELECT count(*) FROM tilings WHERE station IS NULL)`).Scan(&rows); err != nil || rows != 0 {
		t.Errorf("%d rows are left, %v", rows, err)
	}
}

// TestBlocksOfAnOldFile: before 0019 they were a table of their own.
func TestBlocksOfAnOldFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.gpkg")
	if err := gpkg.PrepareUpTo(t.Context(), path, 17); err != nil {
		t.Fatal(err)
	}
	raw(t, path, `UPDATE gridbeat_guard SET writing = 1;
		INSERT INTO blocks (id, district, community, compound, households) VALUES ('b1', '01', '', 'k', 7);
		UPDATE gridbeat_guard SET writing = 0`).Close()
	got, err := reopen(t, path).Blocks(t.Context())
	if err != nil || len(got) != 1 || got[0].ID != "b1" || got[0].Compound != "k" || got[0].Households != 7 {
		t.Errorf("the blocks are %+v, %v", got, err)
	}
}

// TestOfTwoWhoSaveBlocksOneIsSeen: whatever each of them compared its blocks with.
func TestOfTwoWhoSaveBlocksOneIsSeen(t *testing.T) {
	s, path := plainFile(t)
	other := reopen(t, path)
	ctx := t.Context()
	if _, err := s.SaveBlocks(ctx, manyBlocks(30, 0), day); err != nil {
		t.Fatal(err)
	}
	for round := range 40 {
		var both sync.WaitGroup
		for n, store := range []*gpkg.Store{s, other} {
			both.Go(func() {
				mine := manyBlocks(30, 2*round+n+1)[:20+10*n-(round%3)]
				if _, err := store.SaveBlocks(ctx, mine, day); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		got, err := s.Blocks(ctx)
		if err != nil || len(got) == 0 {
			t.Fatal(err)
		}
		homes := got[0].Households
		want := 20 + 10*((homes+1)%2) - round%3
		for _, b := range got {
			if b.Households != homes || len(got) != want {
				t.Fatalf("round %d: %d blocks, want %d; with %d and %d households", round, len(got), want, homes, b.Households)
			}
		}
	}
}
