package arc

import (
	"context"
	"fmt"
)

// table is what it costs to go from place to place. A place is where modes or
// depots start or end.
type table struct {
	places    int
	symmetric bool
	rows      [][]int32 // nil where the table would take more than tableMost
	ways      Ways
	names     []int32 // the places in terms of ways
}

// tableMost is the most bytes of costs that are kept; above it rows are computed
// whenever they are asked for.
const tableMost = 640 << 20

// row is the cost from a place to every place. It may be written into spare, which
// has room for it.
func (t *table) row(i int32, spare []int32) []int32 {
	if t.rows != nil {
		return t.rows[i]
	}
	t.ways.Costs(t.names[i], t.names, spare[:t.places])
	return spare[:t.places]
}

// cost is one entry of the table.
func (t *table) cost(i, j int32) int32 {
	if t.rows != nil {
		return t.rows[i][j]
	}
	var out [1]int32
	t.ways.Costs(t.names[i], t.names[j:j+1], out[:])
	return out[0]
}

// tabulate makes the table, and what each task costs alone.
func (p *Problem) tabulate(ctx context.Context, threads int) error {
	if p.spec.Ways == nil {
		if err := p.given(); err != nil {
			return err
		}
	} else if err := p.asked(); err != nil {
		return err
	}
	t, depots := p.table, len(p.spec.Depots)
	// The columns of the depots, kept also where the rest is not.
	home := make([]int32, t.places*depots)
	note := func(i int32, row []int32) {
		for d := range depots {
			home[int(i)*depots+d] = row[p.into[p.depot(d)]]
		}
	}
	if err := p.fillRows(ctx, threads, note); err != nil {
		return err
	}
	spare := make([]int32, t.places)
	p.alone = make([]int32, p.tasks)
	for d := range depots {
		out := t.row(p.from[p.depot(d)], spare)
		for k, m := range p.spec.Modes {
			c := min(Never, int(out[p.into[k]])+int(m.Cost)+int(home[int(p.from[k])*depots+d]))
			if d == 0 && int32(k) == p.first[m.Task] {
				p.alone[m.Task] = int32(c)
			}
			p.alone[m.Task] = min(p.alone[m.Task], int32(c))
		}
	}
	return nil
}

// fillRows computes all rows, keeps them where there is room and shows each to note.
func (p *Problem) fillRows(ctx context.Context, threads int, note func(i int32, row []int32)) error {
	t := p.table
	if t.ways == nil {
		for i, row := range t.rows {
			note(int32(i), row)
		}
		return nil
	}
	keep := t.places*t.places*4 <= tableMost
	var rows [][]int32
	if keep {
		rows = make([][]int32, t.places)
	}
	const block = 8
	inParallel(threads, (t.places+block-1)/block, func(b int) {
		if ctx.Err() != nil {
			return
		}
		lo, hi := b*block, min(t.places, (b+1)*block)
		all, some := make([]int32, t.places*(hi-lo)), make([][]int32, hi-lo)
		for i := range some {
			some[i] = all[i*t.places : (i+1)*t.places : (i+1)*t.places]
		}
		t.ways.Rows(t.names[lo:hi], t.names, some)
		for i, row := range some {
			note(int32(lo+i), row)
		}
		if keep {
			copy(rows[lo:hi], some)
		}
	})
	t.rows = rows
	return ctx.Err()
}

// given takes the distances of the spec: every mode and depot is a place.
func (p *Problem) given() error {
	s := p.spec
	if len(s.Distance) != p.size*p.size {
		return fmt.Errorf("arc problem: %d distances for %d modes and depots", len(s.Distance), p.size)
	}
	for i, d := range s.Distance {
		if d < 0 || d > Never {
			return fmt.Errorf("arc problem: distance %d from %d to %d", d, i/p.size, i%p.size)
		}
	}
	p.table = &table{places: p.size, rows: make([][]int32, p.size)}
	p.from = make([]int32, p.size)
	for i := range p.size {
		p.table.rows[i] = s.Distance[i*p.size : (i+1)*p.size : (i+1)*p.size]
		p.from[i] = int32(i)
	}
	p.into = p.from
	return nil
}

// asked numbers the places that the spec names.
func (p *Problem) asked() error {
	s := p.spec
	if len(s.Homes) != len(s.Depots) {
		return fmt.Errorf("arc problem: %d homes for %d depots", len(s.Homes), len(s.Depots))
	}
	p.table = &table{ways: s.Ways, symmetric: s.Ways.Symmetric()}
	number := map[int32]int32{}
	place := func(name int32) int32 {
		i, ok := number[name]
		if !ok {
			i = int32(len(number))
			number[name] = i
			p.table.names = append(p.table.names, name)
		}
		return i
	}
	for _, m := range s.Modes {
		p.from, p.into = append(p.from, place(m.End)), append(p.into, place(m.Start))
	}
	for _, h := range s.Homes {
		p.from, p.into = append(p.from, place(h.Leave)), append(p.into, place(h.Return))
	}
	p.table.places = len(number)
	return nil
}
