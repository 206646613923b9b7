package storetest

import "testing"

func testStation(t *testing.T, open Open) {
	ctx, s := t.Context(), open(t)
	want := townStation()
	if err := s.SaveStation(ctx, want); err != nil {
		t.Fatal(err)
	}
	equal(t, want, must(s.Station(ctx))(t))

	t.Run("a second save takes the place of the first", func(t *testing.T) {
		want.Name, want.Demo, want.DemoSeed = "另一所", false, 0
		if err := s.SaveStation(ctx, want); err != nil {
			t.Fatal(err)
		}
		equal(t, want, must(s.Station(ctx))(t))
	})
}
