package arc

// Bound returns a number that no plan's objective can be below, and what proved it:
//
//   - "farthest task": some route has to go to the dearest single task and return.
//   - "services": each task has to be served, and k routes share that at best equally.
//   - "postman": the same with the cheapest pairing of the places where an odd
//     number of tasks end, see Spec.Links.
//
// The first call for a problem computes the pairing and takes seconds where
// thousands of places are odd; beyond 3,000 it is left out.
func Bound(p *Problem) (bound int, by string) {
	if p.tasks == 0 {
		return 0, "no task"
	}
	farthest := 0
	for t := range p.tasks {
		farthest = max(farthest, p.Alone(t))
	}
	r := p.postman()
	share, by := r.services, "services"
	if r.done {
		share, by = r.services+r.deadhead, "postman"
	}
	if p.spec.Objective == MinMax {
		share = (share + p.spec.Vehicles - 1) / p.spec.Vehicles
	}
	if share > farthest {
		return share, by
	}
	return farthest, "farthest task"
}
