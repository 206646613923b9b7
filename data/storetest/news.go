package storetest

import (
	"context"
	"testing"
	"time"
)

func testNews(t *testing.T, open Open) {
	ctx, s := t.Context(), open(t)
	hints := make(chan bool, 1000)
	listening, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.News(listening, func(live bool) { hints <- live })
	}()
	t.Cleanup(stop)
	heard := func(within time.Duration) bool {
		select {
		case <-hints:
			return true
		case <-time.After(within):
			return false
		}
	}
	settled := func() { // hears what is on its way, such as that listening has begun
		for heard(300 * time.Millisecond) {
		}
	}
	settled()
	t.Run("a write is hinted at", func(t *testing.T) {
		for n := range 3 {
			must(s.SaveBuildings(ctx, townBuildings()[n:], day(1)))(t)
			if !heard(5 * time.Second) {
				t.Fatalf("nothing was heard of write %d", n+1)
			}
			settled()
		}
	})
	t.Run("what writes nothing is not", func(t *testing.T) {
		must(s.SaveBuildings(ctx, townBuildings()[2:], day(2)))(t) // the same again
		if _, err := s.SavePeople(ctx, townPeople()[:0], day(2)); err != nil {
			t.Fatal(err)
		}
		must(s.Buildings(ctx))(t)
		if heard(300 * time.Millisecond) {
			t.Error("a hint came of nothing")
		}
	})
	t.Run("nobody is told after the end", func(t *testing.T) {
		stop()
		<-ended
		for len(hints) > 0 {
			<-hints
		}
		must(s.SaveBuildings(ctx, townBuildings(), day(3)))(t)
		if heard(300 * time.Millisecond) {
			t.Error("a hint came")
		}
	})
}
