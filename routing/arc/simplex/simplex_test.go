package simplex

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// model is a programme written out in full.
type model struct {
	cost, most []float64
	rows       [][]float64
	lo, hi     []float64
}

func (m *model) addTo(p *Program, i int) {
	var at []int32
	var v []float64
	for j, x := range m.rows[i] {
		if x != 0 {
			at, v = append(at, int32(j)), append(v, x)
		}
	}
	p.AddRow(m.lo[i], m.hi[i], at, v)
}

// prove checks the answer by itself: the values keep all bounds, the duals have the
// right signs, and both add up to the same.
func (m *model) prove(t *rapid.T, p *Program) {
	const near = 1e-4
	dual := 0.0
	left := append([]float64(nil), m.cost...)
	for i, y := range p.Duals() {
		sum := 0.0
		for j, a := range m.rows[i] {
			sum += a * p.Value(j)
			left[j] -= y * a
		}
		if sum < m.lo[i]-near || sum > m.hi[i]+near {
			t.Fatalf("row %d adds up to %g, not within %g and %g", i, sum, m.lo[i], m.hi[i])
		}
		switch {
		case y > 0:
			dual += y * m.lo[i]
		case y < 0:
			dual += y * m.hi[i]
		}
	}
	sum := 0.0
	for j, d := range left {
		x := p.Value(j)
		if x < -near || x > m.most[j]+near {
			t.Fatalf("column %d is %g, not within 0 and %g", j, x, m.most[j])
		}
		sum += m.cost[j] * x
		if d < 0 {
			if math.IsInf(m.most[j], 0) {
				if d < -near {
					t.Fatalf("column %d could grow: reduced cost %g", j, d)
				}
				continue
			}
			dual += d * m.most[j]
		}
	}
	if math.Abs(sum-dual) > near*(1+math.Abs(sum)) {
		t.Fatalf("values cost %g, duals prove %g", sum, dual)
	}
}

func TestAnswersProveThemselves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		n, rows := 1+r.IntN(20), 1+r.IntN(15)
		m := &model{}
		p := New()
		inner := make([]float64, n) // a point that keeps all rows, so that there is an answer
		for j := range n {
			m.cost = append(m.cost, float64(r.IntN(10)))
			m.most = append(m.most, [...]float64{Infinite, 1, 3}[r.IntN(3)])
			inner[j] = min(m.most[j], float64(r.IntN(4)))
			p.AddColumn(m.cost[j], m.most[j])
		}
		for i := range rows {
			row, sum := make([]float64, n), 0.0
			for j := range row {
				if r.IntN(3) == 0 {
					row[j] = float64(r.IntN(7) - 3)
					sum += row[j] * inner[j]
				}
			}
			lo, hi := sum-float64(r.IntN(3)), sum+float64(r.IntN(3))
			if r.IntN(3) == 0 {
				hi = Infinite
			}
			m.rows, m.lo, m.hi = append(m.rows, row), append(m.lo, lo), append(m.hi, hi)
			m.addTo(p, i)
			if r.IntN(3) > 0 {
				continue
			}
			if end := p.Solve(nil); end != Optimal {
				t.Fatalf("ends with %d", end)
			}
			m.prove(t, p)
			if r.IntN(4) == 0 && i > 0 {
				k := r.IntN(i)
				if !math.IsInf(m.hi[k], 0) && p.Idle(k) {
					p.Drop(func(row int) bool { return row == k })
					m.rows = append(m.rows[:k:k], m.rows[k+1:]...)
					m.lo, m.hi = append(m.lo[:k:k], m.lo[k+1:]...), append(m.hi[:k:k], m.hi[k+1:]...)
					break
				}
			}
		}
		if end := p.Solve(nil); end != Optimal {
			t.Fatalf("ends with %d", end)
		}
		m.prove(t, p)
	})
}

func TestWhatNothingKeepsIsInfeasible(t *testing.T) {
	p := New()
	x, y := p.AddColumn(1, 2), p.AddColumn(1, 2)
	p.AddRow(5, Infinite, []int32{int32(x), int32(y)}, []float64{1, 1})
	if end := p.Solve(nil); end != Infeasible {
		t.Errorf("ends with %d", end)
	}
}

func TestASolveStopsWhenTold(t *testing.T) {
	p := New()
	x := p.AddColumn(1, Infinite)
	p.AddRow(5, Infinite, []int32{int32(x)}, []float64{1})
	if end := p.Solve(func(int) bool { return true }); end != Stopped {
		t.Errorf("ends with %d", end)
	}
}

// circulation is a random flow with demands, as large as a town's.
func circulation(r *rand.Rand, nodes, ways int) *Program {
	p := New()
	type way struct{ from, to int }
	var all []way
	for i := range ways {
		w := way{r.IntN(nodes), r.IntN(nodes)}
		if i < nodes {
			w = way{i, (i + 1) % nodes}
		}
		all = append(all, w)
		p.AddColumn(float64(1+r.IntN(100)), Infinite)
	}
	net := make([]int, nodes)
	for range nodes {
		net[r.IntN(nodes)]++
		net[r.IntN(nodes)]--
	}
	for v := range nodes {
		var at []int32
		var c []float64
		for j, w := range all {
			if w.from == w.to {
				continue
			}
			if w.from == v {
				at, c = append(at, int32(j)), append(c, 1)
			}
			if w.to == v {
				at, c = append(at, int32(j)), append(c, -1)
			}
		}
		p.AddRow(float64(net[v]), float64(net[v]), at, c)
	}
	return p
}

func BenchmarkCirculation(b *testing.B) {
	for b.Loop() {
		p := circulation(rand.New(rand.NewPCG(1, 1)), 1000, 6000)
		if p.Solve(nil) != Optimal {
			b.Fatal("no optimum")
		}
		b.ReportMetric(float64(p.Pivots()), "pivots")
	}
}
