// Package dispatch keeps incidents: what happened where, which grid and which
// person answers for it, and the clocks that run until it is closed.
//
// Start with Incident; Rank tells whom to send, LeftAfter what stays covered.
package dispatch
