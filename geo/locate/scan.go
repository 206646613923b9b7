package locate

// point is a position in whole steps.
type point struct{ x, y int64 }

// scan is what the borders in one cell tell of a position. Positions count from an
// origin that makes the numbers small.
type scan struct {
	x, y    int64
	side    int64 // the western side of the cell
	touched bool  // a border passes through the position
	lowest  int32 // owner that touches it
	hit     bool  // a border in the cell passes west of the position
	east    int32 // owner east of the nearest such border
	lo, hi  point // that border
}

// scan reads the record of a cell.
func (t *tree) scan(s *scan, r *raster, col, row int64, node int, q *place) {
	midX, midY := r.middle(col, row)
	*s = scan{x: q.x - midX, y: q.y - midY, side: -(1 << r.shiftX >> 1)}
	for node >= 0 {
		var u run
		u, node = t.run(node)
		if u.wide {
			s.wide(&u, midX, midY)
		} else {
			s.narrow(&u)
		}
	}
}

func (s *scan) narrow(u *run) {
	ax, ay := narrow(u.words[0])
	for _, w := range u.words[1:] {
		bx, by := narrow(w)
		if s.mayMeet(ax, ay, bx, by) {
			s.edge(point{ax, ay}, point{bx, by}, u.left, u.right)
		}
		ax, ay = bx, by
	}
}

func (s *scan) wide(u *run, midX, midY int64) {
	ax, ay := int64(u.words[0])-midX, int64(u.words[1])-midY
	for i := 2; i < len(u.words); i += 2 {
		bx, by := int64(u.words[i])-midX, int64(u.words[i+1])-midY
		if s.mayMeet(ax, ay, bx, by) {
			s.edge(point{ax, ay}, point{bx, by}, u.left, u.right)
		}
		ax, ay = bx, by
	}
}

// mayMeet is false when the edge lies north, south or east of the position.
func (s *scan) mayMeet(ax, ay, bx, by int64) bool {
	return (ay >= s.y || by >= s.y) && (ay <= s.y || by <= s.y) && (ax <= s.x || bx <= s.x)
}

// edge takes one edge into account.
func (s *scan) edge(a, b point, left, right int32) {
	lo, hi, east := a, b, right
	if b.y < a.y {
		lo, hi, east = b, a, left
	}
	if west, eastmost := min(a.x, b.x), max(a.x, b.x); s.x <= eastmost {
		if s.x < west {
			return
		}
		switch across := cross(lo, hi, point{s.x, s.y}); {
		case across > 0: // the position lies west of it
			return
		case across == 0:
			s.touch(left)
			s.touch(right)
			return
		}
	}
	// The edge passes west of the position if it spans its height (the lower end
	// included), and is for the cells to the west to judge if that is beyond side.
	if s.y < lo.y || s.y >= hi.y || s.beyond(lo, hi) {
		return
	}
	if !s.hit || eastOf(lo, hi, s.lo, s.hi) {
		s.hit, s.east, s.lo, s.hi = true, east, lo, hi
	}
}

func (s *scan) touch(owner int32) {
	if owner >= 0 && (!s.touched || owner < s.lowest) {
		s.touched, s.lowest = true, owner
	}
}

// beyond tells whether the edge passes the height of the position west of side. Very
// near to side either answer is right: both cells hold the edge.
func (s *scan) beyond(lo, hi point) bool {
	if s.side <= min(lo.x, hi.x) {
		return false
	}
	if s.side > max(lo.x, hi.x) {
		return true
	}
	return cross(lo, hi, point{s.side, s.y}) < 0
}

// eastOf tells whether the edge from lo to hi runs east of another that it does not
// cross, at the heights which both span.
func eastOf(lo, hi, lo2, hi2 point) bool {
	var c int64
	if lo.y >= lo2.y {
		c = -cross(lo2, hi2, lo)
	} else {
		c = cross(lo, hi, lo2)
	}
	if c != 0 {
		return c > 0
	}
	if hi.y <= hi2.y {
		return cross(lo2, hi2, hi) < 0
	}
	return cross(lo, hi, hi2) > 0
}

// cross is positive when p lies left of a to b. It is exact while that is below
// 2^63, as it is for any p in the box of a and b.
func cross(a, b, p point) int64 {
	return (b.x-a.x)*(p.y-a.y) - (b.y-a.y)*(p.x-a.x)
}
