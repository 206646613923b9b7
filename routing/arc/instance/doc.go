// Package instance reads the benchmark files of arc routing and states them as
// problems for package arc, and writes plans in the terms of the file: which street
// is driven in which direction. It knows the formats, arc knows how to solve.
//
// Start with Read, then Instance.Plan.
package instance
