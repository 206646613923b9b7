package relax

import "math"

// roundingUnit is the relative error of one operation on floating-point numbers.
const roundingUnit = 0x1p-52

// certify counts what prices of the rows prove: with prices of at least 0 on the
// inequalities, no plan costs less than the rows' right sides at these prices, plus
// for each column that then still pays, as much of it as any plan may hold. Whatever
// arithmetic may have lost is taken off, so that the number holds whoever made the
// prices.
func (n *Network) certify(rows []row, prices []float64) float64 {
	left := make([]float64, len(n.cost)) // costs less prices
	lost := make([]float64, len(n.cost)) // sizes of all terms: what errors are relative to
	terms := 0.0
	for j, c := range n.cost {
		left[j], lost[j] = float64(c), float64(c)
	}
	sum, size := float64(n.services), float64(n.services)
	for i := range rows {
		r, y := &rows[i], prices[i]
		if !r.equal {
			y = max(0, y)
		}
		if y == 0 || math.IsNaN(y) {
			continue
		}
		for k, j := range r.columns {
			t := y * float64(r.factors[k])
			left[j] -= t
			lost[j] += math.Abs(t)
		}
		t := y * float64(r.least)
		sum += t
		size += math.Abs(t)
		terms++
	}
	for j, c := range left {
		if c -= lost[j] * (terms + 2) * roundingUnit; c < 0 {
			t := c * float64(n.most[j])
			sum += t
			size += math.Abs(t)
		}
	}
	return sum - size*(terms+float64(len(left))+2)*roundingUnit
}
