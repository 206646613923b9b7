package window

// mostExcused is how many grids out of bounds a window may allow.
const mostExcused = 2000

// excused lists the connected sets of named units that are out of bounds, false when
// there are too many.
func (b *board) excused() ([]column, bool) {
	named := b.named()
	var out []column
	seen := map[set]bool{}
	var todo []set
	push := func(s set) {
		if !seen[s] {
			seen[s] = true
			todo = append(todo, s)
		}
	}
	for _, u := range named.units() {
		push(setOf([]int{u}))
	}
	for i := 0; i < len(todo); i++ {
		if len(todo) > mostExcused {
			return nil, false
		}
		l := b.tally(todo[i])
		if !b.inBounds(l.households) {
			out = append(out, column{todo[i], b.price(l)})
		}
		for rest := b.rim(todo[i]).and(named); !rest.empty(); {
			s := todo[i]
			s.add(rest.pop())
			push(s)
		}
	}
	return out, true
}
