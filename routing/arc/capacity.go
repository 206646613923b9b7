package arc

// Loads above the capacity are allowed during the search and cost a fine, which
// grows while the present plan is overloaded and shrinks while it is not, so that
// the search stays near the border (Gendreau, Hertz and Laporte, "A tabu search
// heuristic for the vehicle routing problem", Management Science 40, 1994).
const (
	fineUp, fineDown   = 1.25, 0.9
	fineLeast, fineTop = 1, 1 << 24
)

// fineStart is the fine that makes an average load cost several times as much as
// what a task takes.
func (s *solver) fineStart() float64 {
	if s.p.spec.Capacity == 0 {
		return 0
	}
	sum := 0.0
	for _, d := range s.p.spec.Demands {
		sum += float64(d)
	}
	mean := sum / float64(max(1, s.p.tasks))
	return min(fineTop, max(fineLeast, 4*s.scale/max(mean, 1)))
}

// adjust sets the fine for the next round.
func (c *chain) adjust(p *Problem) {
	if p.spec.Capacity == 0 {
		return
	}
	for _, d := range c.routes {
		if p.excess(d.load) > 0 {
			c.fine = min(fineTop, c.fine*fineUp)
			return
		}
	}
	c.fine = max(fineLeast, c.fine*fineDown)
}
