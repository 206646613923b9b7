package arc

// Bound returns a number that no plan's objective can be below, and what proved it:
// "farthest task" (the dearest single task has to be reached by some route) or
// "services" (each task has to be served, and k routes share that at best equally).
func Bound(p *Problem) (bound int, by string) {
	farthest, services := 0, 0
	for t := range p.tasks {
		farthest = max(farthest, p.Alone(t))
		lo, hi := p.Modes(t)
		least := int(p.spec.Modes[lo].Cost)
		for m := lo + 1; m < hi; m++ {
			least = min(least, int(p.spec.Modes[m].Cost))
		}
		services += least
	}
	share := services
	if p.spec.Objective == MinMax {
		share = (services + p.spec.Vehicles - 1) / p.spec.Vehicles
	}
	if share > farthest {
		return share, "services"
	}
	return farthest, "farthest task"
}
