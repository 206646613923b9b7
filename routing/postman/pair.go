package postman

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"gridbeat/routing/arc/match"
)

// zonePlaces is how many places are paired at a time. The pairs are found anew once, in
// zones whose borders lie elsewhere.
const zonePlaces = 64

// nearPlaces is to how many other places of the zone ways are looked for from each. What
// lies farther counts as twice as far as the last of them.
const nearPlaces = 14

// pairOdd adds connections without a direction so that an even number of edges without
// a direction meets everywhere: within zones the cheapest ones.
func (w *walk) pairOdd(threads int) error {
	degree := make([]int32, len(w.t.X))
	for _, e := range w.loose {
		degree[w.edges[e].from]++
		degree[w.edges[e].to]++
	}
	var odd [][]int32
	for v, d := range degree {
		if d%2 == 1 {
			odd = append(odd, []int32{int32(v)})
		}
	}
	for _, first := range []float64{0.5, 0.33} {
		pairs, err := w.pairZones(w.zones(odd, first), threads)
		if err != nil {
			return err
		}
		odd = pairs
	}
	for _, p := range odd {
		w.loose = append(w.loose, int32(len(w.edges)))
		w.edges = append(w.edges, edge{p[0], p[1], Leg{Street: -1, Way: -1}})
	}
	return nil
}

// zones parts groups of places, single ones or pairs, by halving along the longer side;
// the first cut is at the share first. Each zone has an even number of places.
func (w *walk) zones(groups [][]int32, first float64) [][][]int32 {
	size := 0
	for _, g := range groups {
		size += len(g)
	}
	if size <= zonePlaces {
		return [][][]int32{groups}
	}
	middle := func(g []int32, axis []float64) float64 {
		sum := 0.0
		for _, v := range g {
			sum += axis[v]
		}
		return sum / float64(len(g))
	}
	spread := func(axis []float64) float64 {
		lo, hi := middle(groups[0], axis), middle(groups[0], axis)
		for _, g := range groups {
			m := middle(g, axis)
			lo, hi = min(lo, m), max(hi, m)
		}
		return hi - lo
	}
	axis := w.t.X
	if spread(w.t.Y) > spread(w.t.X) {
		axis = w.t.Y
	}
	sorted := slices.Clone(groups)
	slices.SortStableFunc(sorted, func(a, b []int32) int { return cmp.Compare(middle(a, axis), middle(b, axis)) })
	cut := int(first*float64(len(sorted))) / 2 * 2
	return append(w.zones(sorted[:cut], 0.5), w.zones(sorted[cut:], 0.5)...)
}

// pairZones pairs the places of each zone at least cost.
func (w *walk) pairZones(zones [][][]int32, threads int) ([][]int32, error) {
	pairs, errs := make([][][]int32, len(zones)), make([]error, len(zones))
	jobs := make(chan int)
	var wait sync.WaitGroup
	for range max(1, min(threads, len(zones))) {
		wait.Go(func() {
			l := newLabels(len(w.t.X))
			for i := range jobs {
				pairs[i], errs[i] = w.pairZone(slices.Concat(zones[i]...), &l)
			}
		})
	}
	for i := range zones {
		jobs <- i
	}
	close(jobs)
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return slices.Concat(pairs...), nil
}

func (w *walk) pairZone(places []int32, l *labels) ([][]int32, error) {
	n := len(places)
	if n == 0 {
		return nil, nil
	}
	table := make([]int64, n*n)
	number := map[int32]int{}
	for i, v := range places {
		number[v] = i
	}
	for i, v := range places {
		row := table[i*n : (i+1)*n]
		for j := range row {
			row[j] = -1
		}
		l.clear()
		l.reach(v, 0, -1)
		last := int64(0)
		for left := min(n, nearPlaces+1); left > 0; {
			u, d, ok := l.settle()
			if !ok {
				return nil, ErrCut
			}
			if j, of := number[u]; of {
				row[j], last = d, d
				left--
			}
			w.spread(l, u, d)
		}
		for j, d := range row {
			if d < 0 {
				row[j] = 2 * last
			}
		}
	}
	partner, err := match.Complete(n, 8, func(i, j int) int { return int(table[i*n+j] + table[j*n+i]) })
	if err != nil {
		return nil, fmt.Errorf("postman: pair %d places: %w", n, err)
	}
	var out [][]int32
	for i, j := range partner {
		if i < j {
			out = append(out, []int32{places[i], places[j]})
		}
	}
	return out, nil
}

// spread reaches what ways lead to from a place.
func (w *walk) spread(l *labels, v int32, d int64) {
	for _, i := range w.out[w.start[v]:w.start[v+1]] {
		l.reach(w.t.Ways[i].To, d+int64(w.t.Ways[i].Cost), i)
	}
}
