package match

import (
	"time"

	"gridbeat/routing"
)

// Options are the model's figures. Start from DefaultOptions.
type Options struct {
	Sigma      float64 // metres: standard deviation of a position each way where a fix does not tell its own
	LeastSigma float64 // metres: no position is taken to be better; maps are not
	MostSigma  float64 // metres: a position that says it is worse is left out

	Against float64 // how many times a metre against a one-way of the network counts; 0: one-ways bind

	Reach      float64 // how many sigma from a position its street may lie
	LeastReach float64 // metres: at least so far
	MostReach  float64 // metres: at most so far
	Candidates int     // directions of street pieces kept for a position, the nearest first

	Thin float64 // positions closer than this many sigma are taken together

	Away float64 // a lone position that lies three paces and so many sigma off is left out

	// A way of one metre more than another costs 1/scale (as minus the logarithm of
	// a likelihood); scale is ScaleSigma*sigma + ScaleStep*(metres between the positions).
	ScaleSigma float64
	ScaleStep  float64
	TimeShare  float64 // how far the way between positions is the quickest (1) or the shortest (0)
	PaceMetres float64 // metres that a second is worth
	TurnShare  float64 // how much of the network's turn times counts
	Back       float64 // so many sigma a position may lie behind the one before without a turn
	Round      float64 // cost of a U-turn where another way leads on, or inside a street

	Window int           // positions that may be open before what all ways agree on is decided
	Beam   float64       // states that cost so much more than the best are given up
	Gap    time.Duration // silence that breaks a track
	Leap   float64       // metres between positions that break a track
	Speed  float64       // metres a second that no unit exceeds
	Detour float64       // how many times the straight way a way may be, beside a fixed allowance

	Share float64 // share of a street piece that must be passed for it to count
	Tail  float64 // or so many sigma of it
	Sure  float64 // confidence that it must have
	Agree int     // positions that must lie beyond a place for a turn inside a street to be believed
}

// DefaultOptions are figures for patrol units that move by the profile, settled on
// synthetic tracks (see the measurement in this package's tests).
func DefaultOptions(profile routing.Profile) Options {
	o := Options{
		Sigma: 7, LeastSigma: 4, MostSigma: 50,
		Reach: 4, LeastReach: 35, MostReach: 120, Candidates: 16,
		Thin: 2, Away: 15,
		ScaleSigma: 1, ScaleStep: 0.05, TimeShare: 0.5, PaceMetres: 10, TurnShare: 1, Back: 4, Round: 8,
		Window: 512, Beam: 10, Gap: 2 * time.Minute, Leap: 3000, Speed: 70, Detour: 3,
		Share: 0.5, Tail: 4, Sure: 0.4, Agree: 2,
	}
	switch profile {
	case routing.Foot:
		o.Against, o.TimeShare, o.Speed = 2, 0, 6
	case routing.Bicycle, routing.Ebike:
		o.Against, o.TimeShare, o.Speed = 2, 0, 15
	}
	return o
}
