// Package window parts a few blocks into grids at the least J, and proves it: the last
// step of the districting search, on neighbourhoods of some 8 to 12 grids and on pieces
// of up to some 60 blocks as a whole. It knows numbers, no maps.
//
// Solve is where to start. It is column generation: a linear program of set
// partitioning (simplex.go) over a pool of grids; grids that the pool lacks are found
// near others (climb.go) and, when there are none there, by an exact branch and bound
// over minimum cuts (pricing.go, cut.go), which also gives the lower bound; what is
// left between bound and plan is searched to the end (cover.go).
package window
