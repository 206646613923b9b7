package window

import "math/bits"

// MostUnits is the most units that a window may have: the bits of a set.
const MostUnits = 128

// set is some units of a window, one bit for each.
type set [2]uint64

func (s set) has(unit int) bool { return s[unit>>6]>>(unit&63)&1 != 0 }
func (s *set) add(unit int)     { s[unit>>6] |= 1 << (unit & 63) }
func (s *set) remove(unit int)  { s[unit>>6] &^= 1 << (unit & 63) }
func (s set) or(t set) set      { return set{s[0] | t[0], s[1] | t[1]} }
func (s set) and(t set) set     { return set{s[0] & t[0], s[1] & t[1]} }
func (s set) without(t set) set { return set{s[0] &^ t[0], s[1] &^ t[1]} }
func (s set) empty() bool       { return s[0]|s[1] == 0 }
func (s set) within(t set) bool { return s[0]&^t[0]|s[1]&^t[1] == 0 }

// first is the least unit of a set that is not empty.
func (s set) first() int {
	if s[0] != 0 {
		return bits.TrailingZeros64(s[0])
	}
	return 64 + bits.TrailingZeros64(s[1])
}

// pop takes the least unit out of a set that is not empty.
func (s *set) pop() int {
	u := s.first()
	s[u>>6] &= s[u>>6] - 1
	return u
}

func (s set) size() int { return bits.OnesCount64(s[0]) + bits.OnesCount64(s[1]) }

// units lists a set, ascending.
func (s set) units() []int {
	out := make([]int, 0, s.size())
	for !s.empty() {
		out = append(out, s.pop())
	}
	return out
}

// setOf is the set of some units.
func setOf(units []int) set {
	var s set
	for _, u := range units {
		s.add(u)
	}
	return s
}
