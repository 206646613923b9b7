package arc

import (
	"slices"
)

// neighbours lists for each task the tasks that can follow or lead to it at least
// cost, nearest first, at most most of them.
func neighbours(p *Problem, most int) [][]int32 {
	out := make([][]int32, p.tasks)
	apart := make([]int32, p.tasks)
	all := make([]int32, 0, p.tasks)
	for t := range p.tasks {
		for u := range apart {
			apart[u] = Never
		}
		lo, hi := p.Modes(t)
		for m := lo; m < hi; m++ {
			row := p.spec.Distance[m*p.size : (m+1)*p.size]
			for k, mode := range p.spec.Modes {
				apart[mode.Task] = min(apart[mode.Task], row[k])
			}
		}
		all = all[:0]
		for u := range p.tasks {
			if u != t {
				all = append(all, int32(u))
			}
		}
		slices.SortFunc(all, func(a, b int32) int {
			if d := apart[a] - apart[b]; d != 0 {
				return int(d)
			}
			return int(a - b)
		})
		out[t] = slices.Clone(all[:min(most, len(all))])
	}
	return out
}
