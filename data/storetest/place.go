package storetest

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

// twoGrids is a draft of one district whose two grids meet on a border that runs askew
// over lattice points; the codes of west and east are given.
//
//	(0,2)----(1,2)----(2,2)
//	  |  west  \  east  |        times 1e-6 degree
//	(0,0)---(0.5,0)---(2,0)
func twoGrids(id string, west, east string) district.Draft {
	at := func(x, y float64) orb.Point { return geo.RoundE7(orb.Point{113.5 + x*1e-6, 22.2 + y*1e-6}) }
	grid := func(code string, corners ...orb.Point) district.Grid {
		return district.Grid{Code: code, Name: "网格", District: "01", Households: 200, Outline: orb.Polygon{append(orb.Ring(corners), corners[0])}}
	}
	return district.Draft{ID: id, Version: 1, Bounds: district.DefaultBounds, CreatedAt: day(1),
		Grids: []district.Grid{
			grid(west, at(0, 0), at(0.5, 0), at(1, 2), at(0, 2)),
			grid(east, at(0.5, 0), at(2, 0), at(2, 2), at(1, 2)),
		},
		Districts: []geo.District{{Code: "01", Name: "东区", Households: 400, Outline: orb.MultiPolygon{{{at(0, 0), at(0.5, 0), at(2, 0), at(2, 2), at(1, 2), at(0, 2), at(0, 0)}}}}},
	}
}

func testPlaces(t *testing.T, open Open) {
	t.Run("which grid was this point in on that date", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		if _, err := s.GridAt(ctx, orb.Point{113.5, 22.2}, day(5)); !errors.Is(err, geo.ErrNotFound) {
			t.Errorf("without any edition: %v, want geo.ErrNotFound", err)
		}
		publish(t, s, twoGrids("d1", "440402001900001", "440402001900002"), day(5))
		publish(t, s, twoGrids("d2", "440402001900004", "440402001900003"), day(10)) // the other way round
		west, border, east := orb.Point{113.5000002, 22.2000010}, orb.Point{113.5000007, 22.2000008}, orb.Point{113.5000018, 22.2000010}
		for _, row := range []struct {
			name string
			at   orb.Point
			when time.Time
			want string
		}{
			{"within one", west, day(5), "440402001900001"},
			{"within the other", east, day(7), "440402001900002"},
			{"a lattice point of the slanted border has the lowest code", border, day(9), "440402001900001"},
			{"so has its end", orb.Point{113.5000005, 22.2}, day(9), "440402001900001"},
			{"an instant before the next edition", west, day(10).Add(-time.Millisecond), "440402001900001"},
			{"when it begins", west, day(10), "440402001900004"},
			{"the border then", border, day(10), "440402001900003"},
			{"what rounds to the border is on it", orb.Point{113.50000070000002, 22.2000008}, day(10), "440402001900003"},
			{"outside", orb.Point{113.6, 22.2}, day(10), ""},
			{"beside the edge by the least", orb.Point{113.4999999, 22.200001}, day(10), ""},
		} {
			if got, err := s.GridAt(ctx, row.at, row.when); got != row.want || err != nil {
				t.Errorf("%s: %q, %v, want %q", row.name, got, err, row.want)
			}
		}
		if _, err := s.GridAt(ctx, west, day(5).Add(-time.Second)); !errors.Is(err, geo.ErrNotFound) {
			t.Errorf("before the first edition: %v, want geo.ErrNotFound", err)
		}
		_, err := s.GridAt(ctx, orb.Point{math.NaN(), 22}, day(5))
		refused(t, err)
	})
	t.Run("no edition holds a grid that leaves its district or overlaps another", func(t *testing.T) {
		ctx, s := t.Context(), open(t)
		for name, spoil := range map[string]func(*district.Draft){
			"one that leaves":          func(d *district.Draft) { d.Grids[1].Outline[0][1][0] += 1e-7 },
			"one that overlaps":        func(d *district.Draft) { d.Grids[0].Outline[0][2][0] += 1e-7 },
			"one that crosses itself":  func(d *district.Draft) { o := d.Grids[0].Outline[0]; o[1], o[2] = o[2], o[1] },
			"one of another's ground":  func(d *district.Draft) { d.Grids[0].Outline = d.Grids[1].Outline },
			"one inside out of bounds": func(d *district.Draft) { d.Districts[0].Outline[0][0][3][1] -= 1e-7 },
		} {
			d := twoGrids("bad "+name, "1", "2")
			spoil(&d)
			if err := s.SaveDraft(ctx, d, day(1)); err != nil {
				t.Fatal(err)
			}
			err := unharmed(t, ctx, s, func() error { _, err := s.Publish(ctx, d.ID, day(2), day(2)); return err })
			var bad *geo.InputError
			if !errors.As(err, &bad) || bad.Findings[0].Feature == "" {
				t.Errorf("%s: %v, want a *geo.InputError that names the grid", name, err)
			}
		}
	})
}
