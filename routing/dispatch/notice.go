package dispatch

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Aim is why a notice is sent.
type Aim string

// The aims.
const (
	Campaign Aim = "campaign" // 宣传
	Warning  Aim = "warning"  // 预警
)

// Notice is a warning or a piece of advice for the households of chosen grids.
type Notice struct {
	ID         string
	Aim        Aim
	Title      string
	Text       string
	Grids      []string // codes, at least one
	Author     string
	CreatedAt  time.Time
	ValidUntil time.Time // zero for no end
	Deliveries []Delivery
	Simulated  bool
	Version    int
}

// Delivery tells who passed a notice on in a grid, and how many households were reached:
// a count, never which.
type Delivery struct {
	Grid       string // code
	Person     string // id of a member of staff or a volunteer
	At         time.Time
	Households int
}

// Check says why a notice cannot be kept, nil when it can.
func (n Notice) Check() error {
	switch {
	case n.Aim != Campaign && n.Aim != Warning:
		return fmt.Errorf("its aim %q is neither %s nor %s", n.Aim, Campaign, Warning)
	case n.Title == "":
		return errors.New("it has no title")
	case len(n.Grids) == 0:
		return errors.New("it is for no grid")
	}
	for _, d := range n.Deliveries {
		switch {
		case !slices.Contains(n.Grids, d.Grid):
			return fmt.Errorf("it was passed on in grid %s, for which it is not", d.Grid)
		case d.Households < 0:
			return fmt.Errorf("it reached %d households in grid %s", d.Households, d.Grid)
		}
	}
	return nil
}
