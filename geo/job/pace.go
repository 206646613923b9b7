package job

import "time"

// Pace chooses how many values the next step of a load takes, from how long the last one
// made others wait. A step aims at half a second and grows at most twofold, and only
// after one that took half of that: others never wait two seconds unless the machine
// becomes more than four times as slow from one step to the next.
type Pace struct{ values int }

// FirstStep is how many values the first step of a load takes, whatever they are.
const FirstStep = 2_000

const (
	heldLong    = 500 * time.Millisecond
	fewestStep  = 250
	longestStep = 100_000
)

// Next is how many values the next step takes.
func (p *Pace) Next() int {
	if p.values == 0 {
		p.values = FirstStep
	}
	return p.values
}

// Took tells the pace how long its step made others wait.
func (p *Pace) Took(held time.Duration) {
	switch {
	case held > heldLong:
		p.values = max(fewestStep, p.Next()/2)
	case held <= heldLong/2:
		p.values = min(longestStep, p.Next()*2)
	}
}
