//go:build !race

package edit

// underRace is true where the race detector, which takes five times as long, watches.
const underRace = false
