package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

func testContexts(t *testing.T, open Open) {
	t.Run("a context that has ended changes nothing and reads nothing", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		settle(t, s)
		ended, cancel := context.WithCancel(ctx)
		cancel()
		for name, write := range map[string]func() error{
			"station":   func() error { return s.SaveStation(ended, district.Station{}) },
			"streets":   func() error { return second(s.SaveStreets(ended, &geo.StreetMap{}, day(7))) },
			"buildings": func() error { return second(s.SaveBuildings(ended, nil, day(7))) },
			"draft":     func() error { return s.SaveDraft(ended, townDraft("d1", 2), day(7)) },
			"publish":   func() error { return second(s.Publish(ended, "d1", day(7), day(7))) },
			"plan":      func() error { return s.SavePlan(ended, townPlan("p2"), day(7)) },
			"reading":   func() error { return second(s.Buildings(ended)) },
		} {
			if err := unharmed(t, ctx, s, write); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v, want context.Canceled", name, err)
			}
		}
	})
	t.Run("a write that is stopped half-way leaves nothing behind", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		must(s.SaveBuildings(ctx, manyBuildings(500, 1), day(1)))(t)
		stopped := 0
		for delay := time.Millisecond; delay < 10*time.Second; delay *= 2 {
			short, cancel := context.WithTimeout(ctx, delay)
			before := everything(t, ctx, s)
			_, err := s.SaveBuildings(short, manyBuildings(4000, 2), day(2))
			cancel()
			if err == nil {
				break
			}
			stopped++
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("%v, want context.DeadlineExceeded", err)
			}
			equal(t, before, everything(t, ctx, s))
		}
		if stopped == 0 {
			t.Error("no write was stopped")
		}
		counted(t, geo.Counts{Unchanged: 4000})(s.SaveBuildings(ctx, manyBuildings(4000, 2), day(3)))
	})
}

func testConcurrency(t *testing.T, open Open) {
	t.Run("readers see the state before or after a write, never between", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		must(s.SaveBuildings(ctx, manyBuildings(1000, 1), day(1)))(t)
		var done atomic.Bool
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() {
				for !done.Load() {
					if err := oneState(ctx, s); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		for homes := 2; homes < 8; homes++ {
			counted(t, geo.Counts{Changed: 1000})(s.SaveBuildings(ctx, manyBuildings(1000, homes), day(1)))
		}
		done.Store(true)
		readers.Wait()
	})
	t.Run("writers queue, and every write is in the log once", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		var writers sync.WaitGroup
		for w := range 8 {
			writers.Go(func() {
				for n := range 10 {
					if err := s.SaveDraft(ctx, townDraft(fmt.Sprintf("d%d-%d", w, n), 1), day(1)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		writers.Wait()
		seen := map[string]bool{}
		for _, c := range must(s.Changes(ctx, 0, 1000))(t) {
			seen[c.ID] = true
		}
		if len(seen) != 80 {
			t.Errorf("%d drafts in the log, want 80", len(seen))
		}
	})
	t.Run("of two who publish one draft, or save one version, one wins", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		var saved, published atomic.Int32
		race(func() {
			if s.SaveDraft(ctx, townDraft("d1", 1), day(1)) == nil {
				saved.Add(1)
			}
		})
		race(func() {
			if second(s.Publish(ctx, "d1", day(2), day(2))) == nil {
				published.Add(1)
			}
		})
		if saved.Load() != 1 || published.Load() != 1 || len(must(s.Editions(ctx))(t)) != 1 {
			t.Errorf("%d saved and %d published, want 1 and 1", saved.Load(), published.Load())
		}
	})
}

func testPublishers(t *testing.T, open Open) {
	t.Run("two publishers of two drafts make two editions, of which one is in force", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		for _, id := range []string{"d1", "d2"} {
			if err := s.SaveDraft(ctx, townDraft(id, 1), day(1)); err != nil {
				t.Fatal(err)
			}
		}
		var n atomic.Int32
		race(func() {
			if err := second(s.Publish(ctx, fmt.Sprintf("d%d", n.Add(1)), day(2), day(2))); err != nil {
				t.Error(err)
			}
		})
		infos := must(s.Editions(ctx))(t)
		if len(infos) != 2 || infos[0].Number != 1 || infos[1].Number != 2 || infos[0].ValidTo == nil || infos[1].ValidTo != nil {
			t.Errorf("editions: %+v", infos)
		}
		if e := must(s.EditionAt(ctx, day(3)))(t); e.Number != 2 || len(e.Grids) != 3 {
			t.Errorf("edition %d with %d grids is in force", e.Number, len(e.Grids))
		}
	})
	t.Run("a draft that changes while it is checked is not published half", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		if err := s.SaveDraft(ctx, townDraft("d1", 1), day(1)); err != nil {
			t.Fatal(err)
		}
		stop, _ := background(t, func(i int) error {
			d := townDraft("d1", i+2)
			d.Grids[0].Households = 100 + i
			d.Grids[1].Households = 100 + i
			return s.SaveDraft(ctx, d, day(1))
		})
		for range 20 {
			e, err := s.Publish(ctx, "d1", day(2), day(2))
			var bad *geo.InputError
			switch {
			case errors.Is(err, geo.ErrStale), errors.As(err, &bad): // changed meanwhile, or published already
				continue
			case err != nil:
				t.Error(err)
			}
			stored := must(s.Edition(ctx, e.Number))(t)
			if len(stored.Grids) != 3 || e.Grids[0].Households != stored.Grids[0].Households ||
				stored.Grids[0].Households != 412 && stored.Grids[0].Households != stored.Grids[1].Households {
				t.Errorf("edition %d: %d grids of %d, %d households, told %d", e.Number, len(stored.Grids),
					stored.Grids[0].Households, stored.Grids[1].Households, e.Grids[0].Households)
			}
		}
		stop()
	})
}

func race(do func()) {
	var both sync.WaitGroup
	for range 2 {
		both.Go(do)
	}
	both.Wait()
}

// oneState fails when the buildings come from two writes.
func oneState(ctx context.Context, s Store) error {
	bs, err := s.Buildings(ctx)
	if err != nil {
		return err
	}
	for _, b := range bs {
		if b.Households != bs[0].Households {
			return fmt.Errorf("%s has %d households where %s has %d", b.ID, b.Households, bs[0].ID, bs[0].Households)
		}
	}
	if len(bs) != 1000 {
		return fmt.Errorf("%d buildings, want 1000", len(bs))
	}
	return nil
}
