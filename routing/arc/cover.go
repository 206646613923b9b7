package arc

import (
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

// breath is how many sets are looked at between two looks at the work.
const breath = 1 << 18

// cover makes ready for a length; false when there is no more work to do.
func (s *sets) cover(longest int32, w *relax.Work) (*cover, bool) {
	c := &cover{n: s.n, inside: make([]uint32, 1<<s.n)}
	for set, cost := range s.cost {
		if cost <= longest {
			c.inside[set] = 1
		}
	}
	for t := range s.n {
		half := 1 << t
		for low := 0; low < len(c.inside); low += 2 * half {
			without, with := c.inside[low:low+half], c.inside[low+half:low+2*half]
			for i, x := range without {
				with[i] += x
			}
		}
		if w.Spend(1 << s.n) {
			return nil, false
		}
	}
	return c, true
}

// holds reports whether so many vehicles can serve all tasks of a set; not known when
// there is no more work to do. It counts the ways to do so by inclusion and exclusion
// (Bjorklund, Husfeldt and Koivisto, "Set partitioning via inclusion-exclusion", SIAM
// Journal on Computing 39, 2009): modulo 2^64 first, which is for nothing, then modulo
// primes until the product of all is above any such count.
func (c *cover) holds(set uint32, vehicles int, w *relax.Work) (holds, known bool) {
	vehicles = min(vehicles, bits.OnesCount32(set))
	prime := uint64(0) // 2^64
	for sure := 0; sure <= c.n*vehicles; {
		sum, ok := c.count(set, vehicles, prime, w)
		if !ok {
			return false, false
		}
		if sum != 0 {
			return true, true
		}
		if prime == 0 {
			prime = 1 << 31
			sure += 64
		} else {
			sure += 30
		}
		prime = primeBelow(prime)
	}
	return set == 0, true
}

// count is the number of ways modulo a prime, or modulo 2^64 where that is 0.
func (c *cover) count(set uint32, vehicles int, prime uint64, w *relax.Work) (sum uint64, ok bool) {
	size := bits.OnesCount32(set)
	for part, left := set, breath; ; part = (part - 1) & set {
		x := power(uint64(c.inside[part]), vehicles, prime)
		if (size-bits.OnesCount32(part))&1 == 1 && x > 0 {
			x = prime - x
		}
		if sum += x; prime > 0 && sum >= prime {
			sum -= prime
		}
		if part == 0 {
			return sum, true
		}
		if left--; left == 0 {
			if left = breath; w.Spend(8 * breath) {
				return 0, false
			}
		}
	}
}

// routes are sets of tasks, one a vehicle, that serve all tasks with no route above
// a length; nil where there are none or it takes too long.
func (s *sets) routes(longest int32, w *relax.Work) []uint32 {
	c, ok := s.cover(longest, w)
	if !ok {
		return nil
	}
	can := make([][]uint32, s.n+1) // by number of tasks
	for set, cost := range s.cost {
		if set > 0 && cost <= longest {
			size := bits.OnesCount(uint(set))
			can[size] = append(can[size], uint32(set))
		}
	}
	slices.Reverse(can)
	left := uint32(1)<<s.n - 1
	var out []uint32
	for k := s.p.spec.Vehicles; left != 0; k-- {
		set, ok := c.first(can, left, k, w)
		if !ok {
			return nil
		}
		out, left = append(out, set), left&^set
	}
	return out
}

// first is the first set that serves the lowest task left, and leaves to the other
// vehicles what they can serve.
func (c *cover) first(can [][]uint32, left uint32, vehicles int, w *relax.Work) (set uint32, ok bool) {
	for _, sets := range can {
		for _, set := range sets {
			if set&^left != 0 || set&(left&-left) == 0 {
				continue
			}
			switch holds, known := c.holds(left&^set, vehicles-1, w); {
			case !known:
				return 0, false
			case holds:
				return set, true
			}
			if w.Spend(64) {
				return 0, false
			}
		}
	}
	return 0, false
}

// power is x to the k modulo a prime, or modulo 2^64 where that is 0.
func power(x uint64, k int, prime uint64) uint64 {
	out := uint64(1)
	if prime == 0 {
		for ; k > 0; k-- {
			out *= x
		}
		return out
	}
	x %= prime
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
		c, ok := s.cover(int32(mid), w)
		if !ok {
			return lo, false
		}
		switch holds, known := c.holds(1<<s.n-1, s.p.spec.Vehicles, w); {
		case !known:
			return lo, false
		case holds:
			hi = mid
		default:
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
			if set&255 == 0 && w.Spend(256<<(s.n/2)) {
				return 0, false
			}
		}
		best = next
	}
	return int(best[all]), true
}
