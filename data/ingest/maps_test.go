package ingest

import (
	"context"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gridbeat/geo"
)

const sharedMaps = "../../../shared/data/maps/"

// sharedMap reads one of the development maps, which are not part of this
// repository.
func sharedMap(t *testing.T, name string) *geo.StreetMap {
	t.Helper()
	path := sharedMaps + name + ".osm.pbf"
	if _, err := os.Stat(path); err != nil {
		t.Skip("../shared is absent")
	}
	m, err := ReadPBF(context.Background(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The figures were compared with those of osmium-tool when they were written.
func TestReadPBFOnRealMaps(t *testing.T) {
	type figures struct {
		Date                                                         string
		Streets, Posts, Restrictions, Buildings, Landuse, Boundaries int
	}
	tests := []struct {
		name string
		want figures
	}{
		{"demo/zhuhai-xiangzhou", figures{"2022-03-17", 750, 1, 36, 358, 23, 1}},
		{"dev/nanjing-gulou", figures{"", 383, 6, 4, 1277, 11, 0}},
		{"dev/shenzhen-longgang", figures{"2019-11-03", 513, 14, 0, 140, 4, 0}},
		{"dev/monaco-riviera", figures{"2016-03-04", 2897, 65, 27, 23327, 14, 13}},
		{"dev/zhuhai-tangjia", figures{"2022-03-26", 81, 0, 0, 1, 3, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := sharedMap(t, tt.name)
			got := figures{m.Date, len(m.Streets), len(m.Posts), len(m.Restrictions), len(m.Buildings), len(m.Landuse), len(m.Boundaries)}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			checkMap(t, m)
		})
	}
}

// checkMap checks what must hold for every map.
func checkMap(t *testing.T, m *geo.StreetMap) {
	t.Helper()
	ids := map[string]bool{}
	for _, s := range m.Streets {
		if ids[s.ID] || len(s.Nodes) != len(s.Line) || len(s.Line) < 2 {
			t.Errorf("street %s: twice, or %d nodes on %d positions", s.ID, len(s.Nodes), len(s.Line))
		}
		ids[s.ID] = true
		for _, p := range s.Line {
			if geo.RoundE7(p) != p {
				t.Fatalf("street %s is not rounded at %v", s.ID, p)
			}
		}
	}
	clear(ids)
	for _, b := range m.Buildings {
		if ids[b.ID] || checkPolygon(b.Outline) != nil || twiceArea(b.Outline[0]) <= 0 {
			t.Errorf("building %s: twice, or its outline is no counter-clockwise polygon", b.ID)
		}
		ids[b.ID] = true
		if locateIn(grainOf(b.At), b.Outline) != inside || geo.RoundE7(b.At) != b.At {
			t.Errorf("building %s is counted at %v, which is not inside", b.ID, b.At)
		}
	}
	for _, b := range m.Boundaries {
		for _, p := range b.Outline {
			if f := checkPolygon(p); f != nil {
				t.Errorf("boundary %s %s", b.ID, f.detail)
			}
		}
	}
}
