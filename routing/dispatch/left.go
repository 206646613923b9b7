package dispatch

import (
	"fmt"
	"time"

	"gridbeat/geo"
	"gridbeat/routing"
)

// Cover measures what units leave uncovered; *routing.Reach does. Its units are those
// of Left in the same order, and those that are not free have no place in it.
type Cover interface {
	Without(within int32, unit int) routing.Loss
	Fill(within int32, away int, loss routing.Loss, to []routing.Spot) [][]geo.Metres
}

// Left is the response coverage before and after a unit is sent.
type Left struct {
	Before, After routing.Holes
	Move          Move
	HasMove       bool
}

// Move is one unit's move that fills the hole best.
type Move struct {
	Unit   int
	To     routing.Spot
	Beyond geo.Metres // metres that stay beyond the limit once it is there
}

// LeftAfter tells what coverage is left when a unit is sent: metres of street beyond the
// limit, the worst place, and which single move of another free unit, to that place or
// to where the sent one stood, leaves the fewest metres beyond. It offers no move that
// gains no more than least metres.
func LeftAfter(cover Cover, units []Unit, sent int, within time.Duration, least geo.Metres) (Left, error) {
	if sent < 0 || sent >= len(units) {
		return Left{}, fmt.Errorf("coverage left: unit %d of %d", sent, len(units))
	}
	if units[sent].Spot.Edge == routing.None {
		return Left{}, fmt.Errorf("coverage left: nobody knows where unit %d is", sent)
	}
	limit := within.Milliseconds()
	if limit <= 0 || limit >= routing.Never {
		return Left{}, fmt.Errorf("coverage left: a limit of %v is not above zero and below six days", within)
	}
	loss := cover.Without(int32(limit), sent)
	l := Left{Before: loss.Before, After: loss.After}
	l.Move.Beyond = l.After.Metres - least
	to := []routing.Spot{units[sent].Spot}
	if l.After.Worst.Edge != routing.None {
		to = append(to, l.After.Worst)
	}
	for k, beyond := range cover.Fill(int32(limit), sent, loss, to) {
		for u, metres := range beyond[:len(units)] {
			if u != sent && !units[u].Busy && units[u].Spot.Edge != routing.None && metres < l.Move.Beyond {
				l.Move, l.HasMove = Move{u, to[k], metres}, true
			}
		}
	}
	if !l.HasMove {
		l.Move = Move{}
	}
	return l, nil
}
