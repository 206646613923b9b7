package gpkg

import (
	"context"
	"sync"
)

// news tells those who follow the log of an open store of its writes. Other programs that
// write the file it does not hear.
type news struct {
	mu    sync.Mutex
	hints map[*func(bool)]struct{}
}

// spread calls every hint.
func (n *news) spread() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for hint := range n.hints {
		(*hint)(false)
	}
}

// News calls hint whenever the log may have grown by a write through this store, until
// ctx ends. It never says that it is live: another program may write the file, so that
// the log must be read from time to time.
func (s *Store) News(ctx context.Context, hint func(live bool)) {
	s.news.mu.Lock()
	s.news.hints[&hint] = struct{}{}
	s.news.mu.Unlock()
	<-ctx.Done()
	s.news.mu.Lock()
	delete(s.news.hints, &hint)
	s.news.mu.Unlock()
}
