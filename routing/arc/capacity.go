package arc

// Loads above the capacity are allowed during the search and cost a fine, which
// grows while the present plan is overloaded and shrinks while it is not, so that
// the search stays near the border (Gendreau, Hertz and Laporte, "A tabu search
// heuristic for the vehicle routing problem", Management Science 40, 1994).
const (
	fineUp, fineDown   = 1.25, 0.9
	fineLeast, fineTop = 1, 1 << 24
)

// fineStart is the fine that makes an average load cost as much as its service,
// several times over.
func (s *solver) fineStart() float64 {
	if s.p.spec.Capacity == 0 {
		return 0
	}
	sum := 0.0
	for _, d := range s.p.spec.Demands {
		sum += float64(d)
	}
	mean := sum / float64(max(1, s.p.tasks))
	return min(fineTop, max(fineLeast, 4*s.mean/max(mean, 1)))
}

// adjust sets the fine for the next round.
func (s *solver) adjust() {
	if s.p.spec.Capacity == 0 {
		return
	}
	for _, t := range s.tours {
		if s.p.excess(t.load) > 0 {
			s.fine = min(fineTop, s.fine*fineUp)
			return
		}
	}
	s.fine = max(fineLeast, s.fine*fineDown)
}
