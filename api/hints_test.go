package api

import (
	"testing"
	"time"
)

func TestHints(t *testing.T) {
	var h hints
	want := func(when string, pause time.Duration) {
		t.Helper()
		if got := h.pause(); got != pause {
			t.Errorf("%s the pause is %v, want %v", when, got, pause)
		}
	}
	want("before any hint", feedPause)
	a, b := h.next(), h.next()
	h.note(false)
	for _, waiting := range []<-chan struct{}{a, b} {
		select {
		case <-waiting:
		default:
			t.Error("somebody who waits was not woken")
		}
	}
	want("after a hint", feedHint)
	select {
	case <-h.next():
		t.Error("one hint woke twice")
	default:
	}
	h.reading()
	want("of a store that is not live", feedPause)
	h.note(true)
	want("after a hint of a live one", feedHint)
	h.reading()
	want("of a live store without news", feedLive)
	h.note(true)
	h.note(false)
	h.reading()
	want("when it is live no more", feedPause)
}
