// Package simplex solves linear programmes with few rows added at a time: the
// relaxations that prove how good a plan of routes is. It holds a dual simplex
// method for columns with bounds, warm after every new row.
//
// Start with New and Program.Solve. All numbers are floating point and nothing here
// is proof; who needs a proof takes the duals and counts it out in integers.
package simplex
