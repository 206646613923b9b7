// Package match finds the streets that a unit truly passed from noisy, dense or
// sparse positions, and leaves holes where it cannot tell.
//
// It is a hidden Markov model in the manner of Newson and Krumm, "Hidden Markov Map
// Matching Through Noise and Sparseness", ACM SIGSPATIAL GIS 2009: a state is a
// direction of a street piece near a position, a position costs the square of its
// distance, a transition the length of the way between. The package knows networks
// and numbers, no units, plans or stores.
//
// Read Matcher.Match first.
package match
