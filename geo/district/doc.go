// Package district divides a territory into grids: it settles compounds and
// household counts, cuts the ground into blocks, groups the blocks into grids
// that keep every hard rule, and publishes them as editions.
//
// Read Draw first: it goes from Ground to a Draft. Edition.Locate answers which
// grid a point belongs to.
package district
