package instance

import "sync"

// table is the cost from the end of each mode to the start of each mode, depots
// last. States that modes share are searched once.
func (p *Plan) table(threads int) []int32 {
	all := append(append([]mode(nil), p.modes...), p.depots...)
	size := len(all)
	out := make([]int32, size*size)
	rows := map[int][]int{}
	var states []int
	for i, m := range all {
		if rows[m.after] == nil {
			states = append(states, m.after)
		}
		rows[m.after] = append(rows[m.after], i)
	}
	jobs := make(chan int)
	var wait sync.WaitGroup
	for range max(1, threads) {
		wait.Go(func() {
			s := newSearch(p.net)
			for state := range jobs {
				s.from(state)
				first := rows[state][0]
				row := out[first*size : (first+1)*size]
				for j, m := range all {
					_, row[j] = s.best(m.before)
				}
				for _, i := range rows[state][1:] {
					copy(out[i*size:(i+1)*size], row)
				}
			}
		})
	}
	for _, s := range states {
		jobs <- s
	}
	close(jobs)
	wait.Wait()
	return out
}
