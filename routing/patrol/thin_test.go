package patrol

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"gridbeat/routing/arc"
	"gridbeat/routing/arc/ways"
)

func TestThinKeepsWhatItCostsFromEndToEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const places = 14
		var all []arc.Arc
		for range rapid.IntRange(1, 60).Draw(t, "ways") {
			v := rapid.Int32Range(0, places-1)
			all = append(all, arc.Arc{From: v.Draw(t, "from"), To: v.Draw(t, "to"), Cost: rapid.Int32Range(0, 9).Draw(t, "cost")})
		}
		ends := rapid.SliceOfN(rapid.Int32Range(0, places-1), 1, 6).Draw(t, "ends")
		thinned, number := thin(all, ends)
		if len(thinned) > len(all) {
			t.Fatalf("%d ways have become %d", len(all), len(thinned))
		}
		was, is := tableOf(t, all, places), tableOf(t, thinned, len(number))
		for _, u := range ends {
			for _, v := range ends {
				if was[u][v] != is[number[u]][number[v]] {
					t.Fatalf("from %d to %d it costs %d, and %d when thinned", u, v, was[u][v], is[number[u]][number[v]])
				}
			}
		}
	})
}

func tableOf(t *rapid.T, all []arc.Arc, places int) [][]int32 {
	var in []ways.Arc
	for _, a := range all {
		in = append(in, ways.Arc(a))
	}
	n, err := ways.New(context.Background(), places, in)
	if err != nil {
		t.Fatal(err)
	}
	to := make([]int32, places)
	for v := range to {
		to[v] = int32(v)
	}
	out := make([][]int32, places)
	for v := range out {
		out[v] = make([]int32, places)
		n.Costs(int32(v), to, out[v])
	}
	return out
}
