package ingest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"gridbeat/geo"
)

const town = "testdata/pbf/town.osm.pbf"

func readTown(t *testing.T) *geo.StreetMap {
	t.Helper()
	m, err := ReadPBF(context.Background(), town, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestReadPBFStreets(t *testing.T) {
	m := readTown(t)
	want := []geo.Street{
		{ID: "w1", Name: "东风路", NameEn: "Dongfeng Road", Class: "residential", Tags: map[string]string{"oneway": "yes"},
			Nodes: []int64{1, 2, 3}, Line: orb.LineString{{112, 21}, {112.001, 21}, {112.002, 21}}},
		{ID: "w2", Class: "service", Tags: map[string]string{"service": "alley"},
			Nodes: []int64{2, 4, 5}, Line: orb.LineString{{112.001, 21}, {112.001, 21.001}, {112.001, 21.002}}},
		{ID: "w5", Class: "footway", Nodes: []int64{3, 5}, Line: orb.LineString{{112.002, 21}, {112.001, 21.002}}},
	}
	if d := cmp.Diff(want, m.Streets); d != "" {
		t.Errorf("streets (-want +got):\n%s", d)
	}
	posts := []geo.Post{
		{Node: 3, At: orb.Point{112.002, 21}, Tags: map[string]string{"barrier": "bollard"}},
		{Node: 5, At: orb.Point{112.001, 21.002}, Tags: map[string]string{"barrier": "gate", "access": "private"}},
	}
	if d := cmp.Diff(posts, m.Posts); d != "" {
		t.Errorf("posts (-want +got):\n%s", d)
	}
	turns := []geo.Restriction{
		{ID: "r1", Kind: "no_left_turn", From: "w1", ViaNode: 2, To: "w2", Except: []string{"bicycle", "psv"}},
		{ID: "r4", Kind: "no_u_turn", From: "w1", ViaWays: []string{"w2"}, To: "w1"},
	}
	if d := cmp.Diff(turns, m.Restrictions); d != "" {
		t.Errorf("restrictions (-want +got):\n%s", d)
	}
}

func TestReadPBFAreas(t *testing.T) {
	m := readTown(t)
	var got []string
	for _, b := range m.Buildings {
		got = append(got, b.ID+" "+b.Kind)
		if locateIn(grainOf(b.At), b.Outline) != inside {
			t.Errorf("%s is counted outside itself", b.ID)
		}
		if twiceArea(b.Outline[0]) <= 0 {
			t.Errorf("%s runs clockwise", b.ID)
		}
	}
	if d := cmp.Diff([]string{"r11 dormitory", "w11 apartments", "w12 yes"}, got); d != "" {
		t.Fatalf("buildings (-want +got):\n%s", d)
	}
	if b := m.Buildings[1]; b.Levels != 6 || b.Households != 24 || b.Source != geo.Given || b.Name != "A" {
		t.Errorf("w11 is %+v", b)
	}
	if holes := len(m.Buildings[0].Outline) - 1; holes != 1 {
		t.Errorf("r11 has %d holes, want 1", holes)
	}
	if l := m.Landuse; len(l) != 1 || l[0].ID != "w21" || l[0].Name != "东风花园" || !l[0].Walled || !l[0].Gated {
		t.Errorf("landuse is %+v", l)
	}
	if b := m.Boundaries; len(b) != 1 || b[0].ID != "r41" || b[0].Ref != "441704001001" || b[0].AdminLevel != 10 {
		t.Errorf("boundaries are %+v", b)
	}
	var lines []string
	for _, b := range m.Barriers {
		lines = append(lines, b.ID+" "+b.Kind)
	}
	if d := cmp.Diff([]string{"w31 water", "w32 rail"}, lines); d != "" {
		t.Errorf("barriers (-want +got):\n%s", d)
	}
	if m.Date != "2024-05-04" || m.Source != "town.osm.pbf" {
		t.Errorf("map of %q, %q", m.Date, m.Source)
	}
	if want := (orb.Bound{Min: orb.Point{112, 21}, Max: orb.Point{112.002, 21.002}}); m.Bounds != want {
		t.Errorf("bounds %v, want those of the streets, %v", m.Bounds, want)
	}
}

func TestReadPBFTellsWhatIsBroken(t *testing.T) {
	var got []string
	for _, f := range readTown(t).Findings {
		got = append(got, f.Feature+" "+f.Rule)
	}
	want := []string{
		"w5 street-nodes-missing", " street-area", "r2 restriction-left-out", "r3 restriction-left-out",
		"w13 ring-open", "w14 ring-crossed", "w12 levels-unreadable", "r42 ring-open", "r43 member-missing",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("findings (-want +got):\n%s", d)
	}
}

func TestReadPBFRefusesBadFiles(t *testing.T) {
	data, err := os.ReadFile(town)
	if err != nil {
		t.Fatal(err)
	}
	nodes, err := os.ReadFile("testdata/pbf/nodes.osm.pbf")
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(data)
	flipped[len(data)-len(data)/3] ^= 0x40
	tests := []struct {
		name string
		data []byte
		rule string
	}{
		{"an empty file", nil, "pbf-empty"},
		{"a text", []byte("<osm version=\"0.6\"></osm>"), "pbf-unknown"},
		{"zeros", make([]byte, 1000), "pbf-unknown"},
		{"a PNG", []byte("\x89PNG\r\n\x1a\n and more of it"), "pbf-unknown"},
		{"the first 50 bytes", data[:50], "pbf-truncated"},
		{"all but the last byte", data[:len(data)-1], "pbf-truncated"},
		{"one bit turned", flipped, "pbf-broken"},
		{"text after the map", append(bytes.Clone(data), "tail of another file"...), "pbf-broken"},
		{"nodes without streets", nodes, "map-without-streets"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "bad.osm.pbf")
			if err := os.WriteFile(path, tt.data, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := ReadPBF(context.Background(), path, nil)
			if rules := refusal(t, err); rules[0] != tt.rule {
				t.Errorf("refused by %v, want %s: %v", rules, tt.rule, err)
			}
			if !strings.HasPrefix(err.Error(), "bad.osm.pbf: ") {
				t.Errorf("the message does not name the file: %v", err)
			}
		})
	}
}

// A file cut anywhere is refused, or was cut between two blocks and is shorter.
func TestGuardOnAFileCutAnywhere(t *testing.T) {
	data, err := os.ReadFile(town)
	if err != nil {
		t.Fatal(err)
	}
	whole := 0
	for n := range data {
		got, err := io.ReadAll(newGuard(context.Background(), bytes.NewReader(data[:n])))
		switch {
		case err == nil:
			whole++
		case !bytes.HasPrefix(data, got):
			t.Errorf("cut at %d: bytes were changed", n)
		}
	}
	if whole != 3 {
		t.Errorf("%d cut files are taken for whole ones; there are 3 places between the 4 blocks", whole)
	}
	if got, err := io.ReadAll(newGuard(context.Background(), bytes.NewReader(data))); err != nil || !bytes.Equal(got, data) {
		t.Errorf("the whole file does not pass: %v", err)
	}
}

// Every byte of an unpacked file is turned in turn: what the guard lets through
// must not make the decoder panic.
func TestReadPBFWithAnyByteTurned(t *testing.T) {
	data, err := os.ReadFile("testdata/pbf/town-plain.osm.pbf")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "turned.osm.pbf")
	for n := 0; n < len(data); n += 11 {
		turned := bytes.Clone(data)
		turned[n] ^= 0x95
		if _, err := io.Copy(io.Discard, newGuard(context.Background(), bytes.NewReader(turned))); err != nil {
			continue
		}
		if err := os.WriteFile(path, turned, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadPBF(context.Background(), path, nil); err != nil {
			refusal(t, err)
		}
	}
}

func TestReadPBFRefusesWhatIsTooLarge(t *testing.T) {
	_, err := readPBF(context.Background(), town, 100, nil)
	if rules := refusal(t, err); rules[0] != "pbf-large" {
		t.Errorf("refused by %v", rules)
	}
}

func TestReadPBFStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := ReadPBF(ctx, town, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if _, err := ReadPBF(context.Background(), "testdata/pbf/none.osm.pbf", nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want os.ErrNotExist", err)
	}
}

func TestReadPBFTellsItsProgress(t *testing.T) {
	var last, total int64
	_, err := ReadPBF(context.Background(), town, func(d, t int64) {
		if d < last {
			last = 1 << 60
		}
		last, total = max(last, d), t
	})
	if err != nil || last != total || total == 0 {
		t.Errorf("progress ends at %d of %d, %v", last, total, err)
	}
}

func TestReadPBFIsTheSameEachTime(t *testing.T) {
	if d := cmp.Diff(readTown(t), readTown(t)); d != "" {
		t.Errorf("two readings differ:\n%s", d)
	}
}

func FuzzReadPBF(f *testing.F) {
	for _, name := range []string{town, "testdata/pbf/town-plain.osm.pbf", "testdata/pbf/nodes.osm.pbf"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		f.Add(data[:len(data)/2])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "f.osm.pbf")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := ReadPBF(context.Background(), path, nil)
		if err != nil {
			var bad *geo.InputError
			if !errors.As(err, &bad) {
				t.Fatalf("%v is no InputError", err)
			}
			return
		}
		checkMap(t, m)
	})
}
