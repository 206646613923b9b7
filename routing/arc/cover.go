package arc

import (
	"cmp"
	"math/bits"
	"slices"

	"gridbeat/routing/arc/relax"
)

// cover tells which sets of tasks so many vehicles can serve with no route above a
// length.
type cover struct {
	n      int
	inside []uint32 // how many routes' sets lie inside a set
}

func (s *sets) cover(longest int32) *cover {
	c := &cover{n: s.n, inside: make([]uint32, 1<<s.n)}
	for set, cost := range s.cost {
		if cost <= longest {
			c.inside[set] = 1
		}
	}
	for t := range s.n {
		for set := range c.inside {
			if set>>t&1 == 1 {
				c.inside[set] += c.inside[set^1<<t]
			}
		}
	}
	return c
}

// holds reports whether so many vehicles can serve all tasks of a set. It counts the
// ways to do so by inclusion and exclusion, modulo primes whose product is above any
// such count (Bjorklund, Husfeldt and Koivisto, "Set partitioning via
// inclusion-exclusion", SIAM Journal on Computing 39, 2009).
func (c *cover) holds(set uint32, vehicles int) bool {
	size := bits.OnesCount32(set)
	vehicles = min(vehicles, size)
	prime := uint64(1 << 31)
	for known := 0; known <= c.n*vehicles; known += 30 {
		prime = primeBelow(prime)
		sum := uint64(0)
		for part := set; ; part = (part - 1) & set {
			x := power(uint64(c.inside[part]), vehicles, prime)
			if (size-bits.OnesCount32(part))&1 == 1 && x > 0 {
				x = prime - x
			}
			if sum += x; sum >= prime {
				sum -= prime
			}
			if part == 0 {
				break
			}
		}
		if sum != 0 {
			return true
		}
	}
	return set == 0
}

// routes are sets of tasks, one a vehicle, that serve all tasks with no route above
// a length; nil where there are none or it takes too long.
func (s *sets) routes(longest int32, w *relax.Work) []uint32 {
	c := s.cover(longest)
	var can []uint32
	for set, cost := range s.cost {
		if set > 0 && cost <= longest {
			can = append(can, uint32(set))
		}
	}
	slices.SortStableFunc(can, func(a, b uint32) int { return cmp.Compare(bits.OnesCount32(b), bits.OnesCount32(a)) })
	left := uint32(1)<<s.n - 1
	var out []uint32
	for k := s.p.spec.Vehicles; left != 0; k-- {
		found := false
		for _, set := range can {
			if set&^left != 0 || set&(left&-left) == 0 {
				continue
			}
			rest := left &^ set
			if w.Spend(32 << bits.OnesCount32(rest)) {
				return nil
			}
			if c.holds(rest, k-1) {
				out, left, found = append(out, set), rest, true
				break
			}
		}
		if !found {
			return nil
		}
	}
	return out
}

func power(x uint64, k int, prime uint64) uint64 {
	x %= prime
	out := uint64(1)
	for ; k > 0; k >>= 1 {
		if k&1 == 1 {
			out = out * x % prime
		}
		x = x * x % prime
	}
	return out
}

// primeBelow is the next prime below x, which is more than 3.
func primeBelow(x uint64) uint64 {
	for x--; ; x-- {
		prime := true
		for d := uint64(2); d*d <= x && prime; d++ {
			prime = x%d != 0
		}
		if prime {
			return x
		}
	}
}

// shortest is the least longest route, from known on, which must be a bound; false
// when all plans are at the bar or above.
func (s *sets) shortest(known int, w *relax.Work) (longest int, ok bool) {
	lo, hi := known, int(s.bar)
	for lo < hi {
		mid := (lo + hi - 1) / 2
		if lo == known && hi == int(s.bar) {
			mid = hi - 1 // most often the plan that is known is the best
		}
		if w.Spend(int64(s.n+8) << s.n) {
			return lo, false
		}
		if s.cover(int32(mid)).holds(1<<s.n-1, s.p.spec.Vehicles) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo, lo < int(s.bar)
}

// cheapest is the least total of a plan, Never where there is none below the bar.
func (s *sets) cheapest(w *relax.Work) (total int, ok bool) {
	all := uint32(1)<<s.n - 1
	best := make([]int32, 1<<s.n)
	copy(best, s.cost)
	for range min(s.p.spec.Vehicles, s.n) - 1 {
		next := append([]int32(nil), best...)
		for set := uint32(1); set <= all; set++ {
			low := set & -set
			rest := set &^ low
			for part := rest; ; part = (part - 1) & rest {
				if c := s.cost[part|low]; c < next[set] {
					next[set] = min(next[set], c+best[rest&^part])
				}
				if part == 0 {
					break
				}
			}
		}
		best = next
		if w.Spend(1 << (s.n * 3 / 2)) {
			return 0, false
		}
	}
	return int(best[all]), true
}
