package district

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"gridbeat/geo"
)

func TestOpenGroundIsCutIntoCellsAndStaysWhole(t *testing.T) {
	g := town(rand.New(rand.NewPCG(4, 1)), 5, 1)
	// Fields of about 4 square kilometres around the town.
	field := orb.Ring{{111.99, 21.79}, {112.01, 21.79}, {112.01, 21.81}, {111.99, 21.81}, {111.99, 21.79}}
	g.Districts = []geo.District{{Code: "D0", Name: "fields", Outline: orb.MultiPolygon{{field}}}}
	tr, err := newTerrain(g)
	if err != nil {
		t.Fatal(err)
	}
	faces := len(tr.arr.Faces)
	if n, err := tr.cutOpen(context.Background()); err != nil || n == 0 {
		t.Fatalf("%d pieces of line, error %v", n, err)
	}
	if len(tr.arr.Faces) < faces+4 {
		t.Errorf("%d faces before, %d after", faces, len(tr.arr.Faces))
	}
	draft, _, err := Draw(context.Background(), g, DrawOptions{Seed: 1, Rounds: 50})
	if err != nil {
		t.Fatal(err)
	}
	ground := g
	ground.Districts = draft.Districts
	for _, f := range Check(draft.Grids, ground, DefaultBounds) {
		t.Errorf("%v", f)
	}
}
