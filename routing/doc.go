// Package routing turns streets into a network that a foot patrol, a bicycle or
// a car can move on: profiles, one-ways, turn restrictions, snapping, shortest
// paths and travel times.
//
// Start with NewNetwork; NewTravel answers travel times on it while streets are
// closed and opened.
package routing
