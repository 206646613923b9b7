package routing

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"gridbeat/routing/cch"
)

// Travel answers travel times on a network on which streets are closed and opened. It
// keeps a customizable contraction hierarchy; the searches of Network stay its judge.
// It may be used from many goroutines.
type Travel struct {
	m   *model
	h   *cch.Hierarchy
	now atomic.Pointer[Times]
	mu  sync.Mutex // of whoever changes now
}

// Times are the travel times of one moment; they never change, whatever is closed or
// opened later.
type Times struct {
	m      *model
	metric *cch.Metric
	closed []Edge // ascending
}

// NewTravel prepares travel times on the network: a few seconds for a whole state, a
// tenth of a second for a town. threads is at least one.
func (n *Network) NewTravel(ctx context.Context, turns TurnModel, threads int) (*Travel, error) {
	m, err := n.newModel(ctx, turns, threads)
	if err != nil {
		return nil, fmt.Errorf("travel times: %w", err)
	}
	h, err := cch.Build(m.graph, m.order)
	if err != nil {
		return nil, fmt.Errorf("travel times: %w", err)
	}
	m.list(h)
	metric, err := h.Customize(m.weight, threads)
	if err != nil {
		return nil, fmt.Errorf("travel times: %w", err)
	}
	t := &Travel{m: m, h: h}
	t.now.Store(&Times{m: m, metric: metric})
	return t, nil
}

// Now is the present travel times.
func (t *Travel) Now() *Times { return t.now.Load() }

// Close closes streets: nobody may enter them any more, who stands on one may leave.
// Whoever asks Now afterwards gets the new times; Times handed out before stay as they
// were.
func (t *Travel) Close(edges ...Edge) error { return t.set(edges, true) }

// Open undoes Close.
func (t *Travel) Open(edges ...Edge) error { return t.set(edges, false) }

func (t *Travel) set(edges []Edge, closed bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now.Load()
	next := &Times{m: t.m, closed: slices.Clone(now.closed)}
	var changes []cch.Change
	for _, e := range edges {
		if e < 0 || int(e) >= t.m.n.Edges() {
			return fmt.Errorf("close or open: edge %d of %d", e, t.m.n.Edges())
		}
		i, is := slices.BinarySearch(next.closed, e)
		if is == closed {
			continue
		}
		if closed {
			next.closed = slices.Insert(next.closed, i, e)
		} else {
			next.closed = slices.Delete(next.closed, i, i+1)
		}
		for _, k := range t.m.edgeIn.of(int32(e)) {
			c := cch.Change{Arc: k, Weight: Never}
			if !closed {
				c.Weight = t.m.weight[k]
			}
			changes = append(changes, c)
		}
	}
	metric, err := now.metric.With(changes)
	if err != nil {
		return err
	}
	next.metric = metric
	t.now.Store(next)
	return nil
}

// Network is the network that the times are on.
func (t *Times) Network() *Network { return t.m.n }

// Closed lists the closed edges, ascending.
func (t *Times) Closed() []Edge { return slices.Clone(t.closed) }

// IsClosed reports whether the edge is closed.
func (t *Times) IsClosed(e Edge) bool {
	_, is := slices.BinarySearch(t.closed, e)
	return is
}

// Between is the time in milliseconds from one spot to another; Never when there is no
// way. It may set off in either direction and turn round at the ends of streets only.
func (t *Times) Between(from, to Spot) int32 {
	if t.IsClosed(to.Edge) {
		return Never
	}
	along, against := t.m.to(to, 0, nil), t.m.to(to, 1, nil)
	if from.Edge == to.Edge {
		return min(t.within(from, to, along, 0), t.within(from, to, against, 1))
	}
	return t.metric.NewQuery().Distance(t.m.from(from, nil), append(along, against...))
}
