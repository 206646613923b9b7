package demo

import (
	"cmp"
	"fmt"
	"slices"

	"gridbeat/geo/district"
	"gridbeat/routing/dispatch"
)

// People simulates the 1 + 1 + N of every grid: one leader and two to four
// members each, and one officer for every district. Their names are posts, such
// as "网格长 03-01 (模拟)": district 3, its first grid. Nobody has a phone.
func People(grids []district.Grid, seed uint64) []dispatch.Person {
	rng := chance(seed, peopleStream)
	sorted := slices.SortedFunc(slices.Values(grids), func(a, b district.Grid) int {
		return cmp.Or(cmp.Compare(a.District, b.District), cmp.Compare(a.Code, b.Code))
	})
	var people []dispatch.Person
	districtNo, gridNo := 0, 0
	for i, g := range sorted {
		if i == 0 || g.District != sorted[i-1].District {
			districtNo, gridNo = districtNo+1, 0
			people = append(people, dispatch.Person{
				ID:   "sim-officer-" + g.District,
				Name: fmt.Sprintf("社区民警 %02d (模拟)", districtNo),
				Role: dispatch.Officer, District: g.District, Simulated: true,
			})
		}
		gridNo++
		people = append(people, staff(g, fmt.Sprintf("%02d-%02d", districtNo, gridNo), 2+rng.IntN(3))...)
	}
	slices.SortFunc(people, func(a, b dispatch.Person) int { return cmp.Compare(a.ID, b.ID) })
	return people
}

// staff returns the leader and the members of one grid.
func staff(g district.Grid, label string, members int) []dispatch.Person {
	people := []dispatch.Person{{
		ID:   "sim-leader-" + g.Code,
		Name: fmt.Sprintf("网格长 %s (模拟)", label),
		Role: dispatch.Leader, Grid: g.Code, District: g.District, Simulated: true,
	}}
	for n := 1; n <= members; n++ {
		people = append(people, dispatch.Person{
			ID:   fmt.Sprintf("sim-member-%s-%d", g.Code, n),
			Name: fmt.Sprintf("网格员 %s-%d (模拟)", label, n),
			Role: dispatch.Member, Grid: g.Code, District: g.District, Simulated: true,
		})
	}
	return people
}
