package api

import (
	"sync"
	"time"
)

// hints are what the store said of its news. Noting one never waits for a reader of the
// log. The zero value is not live.
type hints struct {
	mu   sync.Mutex
	live bool          // the store tells of its news by itself
	some bool          // there may be changes that were not read
	news chan struct{} // closed at the next hint; nil while nobody waits
}

func (h *hints) note(live bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.live, h.some = live, true
	if h.news != nil {
		close(h.news)
		h.news = nil
	}
}

// next is a channel that is closed at the next hint.
func (h *hints) next() <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.news == nil {
		h.news = make(chan struct{})
	}
	return h.news
}

// reading tells that what was hinted at is about to be read.
func (h *hints) reading() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.some = false
}

// pause is how long the store is left alone after it was asked.
func (h *hints) pause() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.some:
		return feedHint
	case h.live:
		return feedLive
	}
	return feedPause
}
