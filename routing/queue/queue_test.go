package queue

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestEntriesComeOutInOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		var q Queue[int64]
		var want []Entry[int64]
		take := func() {
			slices.SortFunc(want, func(a, b Entry[int64]) int {
				return cmp.Or(cmp.Compare(a.Cost, b.Cost), cmp.Compare(a.Number, b.Number))
			})
			cost, number := q.Pop()
			if got := (Entry[int64]{cost, number}); got != want[0] {
				t.Fatalf("%v comes first, want %v", got, want[0])
			}
			want = want[1:]
		}
		for range 1 + r.IntN(60) {
			if len(q) > 0 && r.IntN(3) == 0 {
				take()
				continue
			}
			x := Entry[int64]{int64(r.IntN(20)), int32(r.IntN(20))}
			q.Push(x.Cost, x.Number)
			want = append(want, x)
		}
		for len(q) > 0 {
			take()
		}
		if len(want) != 0 {
			t.Fatalf("%d entries are lost", len(want))
		}
	}
}
