// Package postman finds a short closed walk through all streets of a town of which
// some are one-way: the mixed postman's problem. It knows numbers only. The walk is
// good, not optimal; packages that search for routes begin with it.
//
// Start with Walk.
package postman
