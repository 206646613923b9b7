// Package api serves gridbeat over HTTP: the map page, the JSON resources under
// /api/v1, and live events. It reads a request, makes one call into the domain or
// the store, and writes the answer; echo is known here and nowhere else.
//
// Start with New; every route stands in routes.go, and problem.go alone knows
// which error has which status.
package api
