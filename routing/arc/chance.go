package arc

import (
	"math"
	"math/bits"
)

// chance is a small fast source of random numbers: a 64-bit counter through a
// multiplication (Wang Yi's wyrand). The search draws some ten of them a step.
type chance struct{ state uint64 }

func (c *chance) next() uint64 {
	c.state += 0xa0761d6478bd642f
	hi, lo := bits.Mul64(c.state, c.state^0xe7037ed1a0b428db)
	return hi ^ lo
}

// below is a number from 0 to n-1.
func (c *chance) below(n int) int {
	hi, _ := bits.Mul64(c.next(), uint64(n))
	return int(hi)
}

// share is a number from 0 to 1, 1 excluded.
func (c *chance) share() float64 { return float64(c.next()>>11) / (1 << 53) }

// wait is how many trials pass until one of that probability succeeds.
func (c *chance) wait(p float64) int {
	return int(math.Log(1-c.share()) / math.Log1p(-p))
}
