package patrol

import (
	"slices"
	"time"
)

// Asked is what a plan was asked for beyond its units, depots, profile and shift, so that
// it can be made anew. Times are in nanoseconds where it is written as JSON.
type Asked struct {
	BothSides   bool         `json:"both_sides,omitempty"`
	Closed      []string     `json:"closed,omitempty"` // ids of streets
	Services    []Service    `json:"services,omitempty"`
	Checkpoints []Checkpoint `json:"checkpoints,omitempty"`
	// Starts is when the shift begins, after midnight; nil where that is not told.
	Starts *time.Duration `json:"starts,omitempty"`
}

func (in Input) asked() Asked {
	return Asked{BothSides: in.BothSides, Closed: slices.Clone(in.Closed), Services: slices.Clone(in.Services), Checkpoints: slices.Clone(in.Checkpoints)}
}
