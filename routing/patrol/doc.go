// Package patrol plans patrols: routes that cover every street of an area with
// the units there are, balanced and within the shift.
//
// Start with Build.
package patrol
