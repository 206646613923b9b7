// Package arc plans routes of several vehicles that serve every required street:
// the arc-routing problem. It deals in numbers only and knows no maps.
//
// Start with Problem and Solve.
package arc
