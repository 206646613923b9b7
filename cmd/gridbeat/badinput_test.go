package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gridbeat/data/demo"
	"gridbeat/data/gpkg"
	"gridbeat/geo"
)

// badInput is one file that no command may take.
type badInput struct {
	name    string
	args    []string // the command; FILE stands for the file
	file    string   // its name
	content string
	says    []string // what the message must hold: place, rule, remedy
}

// outline is a GeoJSON ring of a rectangle in degrees.
func outline(w, s, e, n float64) string {
	return fmt.Sprintf("[[[%v,%v],[%v,%v],[%v,%v],[%v,%v],[%v,%v]]]", w, s, e, s, e, n, w, n, w, s)
}

func districtFile(outlines ...string) string {
	var features []string
	for i, o := range outlines {
		features = append(features, fmt.Sprintf(`{"type":"Feature","properties":{"code":"%d","name":"d%d"},"geometry":{"type":"Polygon","coordinates":%s}}`, i+1, i+1, o))
	}
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",\n") + `]}`
}

// mapBytes returns the embedded map, and where its first block ends.
func mapBytes(t *testing.T) (all []byte, head int) {
	t.Helper()
	path, err := demo.WriteMap(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	all, err = os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	size := int(binary.BigEndian.Uint32(all))
	header := all[4 : 4+size]
	// field 3 of the blob header is the size of the blob, the last varint in it
	at := size - 1
	for at > 0 && header[at-1]&0x80 != 0 {
		at--
	}
	blob, _ := binary.Uvarint(header[at:])
	return all, 4 + size + int(blob)
}

func badMaps(t *testing.T) []badInput {
	all, head := mapBytes(t)
	broken := []byte(string(all))
	for i := len(broken) / 2; i < len(broken)/2+64; i++ {
		broken[i] ^= 0x5a
	}
	streets := []string{"import", "streets", "FILE"}
	return []badInput{
		{"an empty map", streets, "m.osm.pbf", "", []string{"m.osm.pbf", "pbf-empty"}},
		{"a map that is none", streets, "m.osm.pbf", "<osm version=\"0.6\"/>", []string{"m.osm.pbf", "pbf-unknown"}},
		{"a map that is cut off", streets, "m.osm.pbf", string(all[:len(all)-1000]), []string{"m.osm.pbf", "pbf-truncated", "byte"}},
		{"a map with damaged bytes", streets, "m.osm.pbf", string(broken), []string{"m.osm.pbf", "pbf-broken"}},
		{"a map without streets", streets, "m.osm.pbf", string(all[:head]), []string{"m.osm.pbf", "street"}},
		{"a map that is no PBF by name", streets, "m.geojson", "{}", []string{"m.geojson", ".osm.pbf"}},
		{"a map in another datum", []string{"import", "streets", "FILE", "--datum", "gcj02"}, "m.osm.pbf", string(all), []string{"wgs84"}},
		{"boundaries of a level that is not there", []string{"import", "districts", "FILE", "--admin-level", "3"}, "m.osm.pbf", string(all), []string{"m.osm.pbf", "admin_level 3", "level"}},
		{"boundaries of no stated level", []string{"import", "districts", "FILE"}, "m.osm.pbf", string(all), []string{"--admin-level"}},
	}
}

func badDistricts() []badInput {
	districts := []string{"import", "districts", "FILE"}
	west, east := outline(113.52, 22.267, 113.54, 22.287), outline(113.54, 22.267, 113.556, 22.287)
	return []badInput{
		{"districts that overlap", districts, "d.geojson", districtFile(west, outline(113.53, 22.267, 113.556, 22.287)), []string{"d.geojson", "overlap"}},
		{"districts that leave a gap", districts, "d.geojson", districtFile(west, outline(113.5401, 22.267, 113.556, 22.287)), []string{"d.geojson", "gap"}},
		{"a district that crosses itself", districts, "d.geojson", districtFile("[[[113.52,22.267],[113.54,22.287],[113.54,22.267],[113.52,22.287],[113.52,22.267]]]"), []string{"d.geojson", "cross"}},
		{"a district that lies off the map", districts, "d.geojson", districtFile(west, east, outline(121.4, 31.2, 121.5, 31.3)), []string{"d.geojson", "off-map"}},
		{"a district with its axes exchanged", districts, "d.geojson", districtFile(outline(22.267, 113.52, 22.287, 113.54)), []string{"d.geojson", "axes-swapped"}},
		{"a district with a ring that is open", districts, "d.geojson", districtFile("[[[113.52,22.267],[113.54,22.267],[113.54,22.287],[113.52,22.287]]]"), []string{"d.geojson", "ring-open"}},
		{"two districts of one code", districts, "d.geojson", strings.Replace(districtFile(west, east), `"code":"2"`, `"code":"1"`, 1), []string{"d.geojson", "id-twice"}},
		{"a position of 1e308", districts, "d.geojson", strings.Replace(districtFile(west), "113.52", "1e308", 1), []string{"d.geojson", "position"}},
		{"a community off the map", []string{"import", "communities", "FILE"}, "c.geojson", districtFile(outline(121.4, 31.2, 121.5, 31.3)), []string{"c.geojson", "community 1", "off-map"}},
		{"a compound whose axes are exchanged to a place on earth", []string{"import", "compounds", "FILE"}, "c.geojson", districtFile(outline(22.27, 80, 22.28, 80.01)), []string{"c.geojson", "compound 1", "off-map"}},
		{"districts without features", districts, "d.geojson", `{"type":"FeatureCollection","features":[]}`, []string{"d.geojson", "file-empty"}},
		{"GeoJSON that is cut off", districts, "d.geojson", districtFile(west)[:100], []string{"d.geojson", "json"}},
	}
}

func badTables() []badInput {
	buildings, incidents := []string{"import", "buildings", "FILE"}, []string{"import", "incidents", "FILE"}
	const head = "id,lon,lat,households\nb1,113.53,22.27,10\n"
	return []badInput{
		{"negative households", buildings, "b.csv", head + "b2,113.53,22.27,-5\n", []string{"b.csv", "line 3", "households-negative", "0 or more"}},
		{"absurd households", buildings, "b.csv", head + "b2,113.53,22.27,9999999\n", []string{"b.csv", "line 3", "households-absurd"}},
		{"households of 1e308", buildings, "b.csv", head + "b2,113.53,22.27,1e308\n", []string{"b.csv", "line 3", "households-absurd"}},
		{"households that are no number", buildings, "b.csv", head + "b2,113.53,22.27,NaN\n", []string{"b.csv", "line 3", "households-unreadable"}},
		{"a position that is no number", buildings, "b.csv", head + "b2,NaN,22.27,5\n", []string{"b.csv", "line 3", "position"}},
		{"a position off the earth", buildings, "b.csv", head + "b2,1e308,22.27,5\n", []string{"b.csv", "line 3", "position"}},
		{"axes exchanged in a table", buildings, "b.csv", "id,lon,lat,households\nb1,22.27,113.53,10\n", []string{"b.csv", "line 2", "axes-swapped"}},
		{"an id that occurs twice", buildings, "b.csv", head + "b1,113.53,22.27,5\n", []string{"b.csv", "line 3", "id-twice"}},
		{"a row that is too short", buildings, "b.csv", head + "b2,113.53\n", []string{"b.csv", "line 3"}},
		{"a table without households", buildings, "b.csv", "id,lon,lat\nb1,113.53,22.27\n", []string{"b.csv", "column-missing", "households"}},
		{"a column with names of persons", buildings, "b.csv", "id,lon,lat,households,户主姓名\nb1,113.53,22.27,1,某某\n", []string{"b.csv", "户主姓名", "personal-column", "delete the column"}},
		{"a column with identity cards under another name", buildings, "b.csv", "id,lon,lat,households,note\nb1,113.53,22.27,1,11010519491231002X\n", []string{"b.csv", "note", "personal-column"}},
		{"person columns in GBK", buildings, "b.csv", "id,lon,lat,households,\xca\xd6\xbb\xfa\nb1,113.53,22.27,1,0\n", []string{"b.csv", "手机", "personal-column"}},
		{"an unknown category", incidents, "i.csv", "id,lon,lat,category,reported_at\nincident-1,113.53,22.27,ghost,2026-01-01T08:00:00+08:00\n", []string{"i.csv", "line 2", "category-unknown", "hazard"}},
		{"a time without its offset", incidents, "i.csv", "id,lon,lat,category,reported_at\nincident-1,113.53,22.27,hazard,yesterday\n", []string{"i.csv", "line 2", "time-unreadable"}},
		{"residents among the staff", []string{"import", "people", "FILE"}, "p.csv", "id,name,role,grid,idcard\np1,网格长 1,leader,g1,x\n", []string{"p.csv", "idcard", "personal-column"}},
	}
}

// shifted is a table of incidents on the streets' vertices, in GCJ-02.
func shifted(t *testing.T, store string) string {
	t.Helper()
	st, err := gpkg.Open(context.Background(), store)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	streets, err := st.Streets(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("id,lon,lat,category,reported_at\n")
	for i, s := range streets {
		p := geo.GCJ02.FromWGS84(s.Line[0])
		fmt.Fprintf(&b, "incident-%d,%.7f,%.7f,hazard,2026-01-01T08:00:00+08:00\n", i, p[0], p[1])
	}
	return b.String()
}

func TestBadInputIsRefusedAndTheStoreIsUnchanged(t *testing.T) {
	store := newTown(t)
	moved := shifted(t, store)
	all := append(append(badMaps(t), badDistricts()...), badTables()...)
	for _, command := range [][]string{{"import", "incidents", "FILE"}, {"assign", "FILE"}} {
		all = append(all, badInput{"positions in another datum: " + command[0], command, "i.csv", moved,
			[]string{"i.csv", "datum-suspect", "--datum gcj02", "wgs84", "bd09", "%"}})
	}
	before := fingerprint(t, store)
	for _, b := range all {
		t.Run(b.name, func(t *testing.T) {
			file := writeFile(t, b.file, b.content)
			var args []string
			for _, a := range b.args {
				args = append(args, strings.Replace(a, "FILE", file, 1))
			}
			args = append(args, "--store", store)
			got := gridbeat(t, args...)
			if got.code != exitBad {
				t.Fatalf("exit code %d, want %d\n%s", got.code, exitBad, got.stderr)
			}
			message := got.stderr[strings.Index(got.stderr, "gridbeat: "):]
			for _, word := range b.says {
				if !strings.Contains(message, word) {
					t.Errorf("the message does not hold %q: %s", word, message)
				}
			}
			if got.stdout != "" {
				t.Errorf("a result is printed: %s", got.stdout)
			}
			if after := fingerprint(t, store); after != before {
				t.Error("the store has changed")
			}
		})
	}
}

func TestBadInputMakesNoStore(t *testing.T) {
	store := filepath.Join(t.TempDir(), "new.gpkg")
	file := writeFile(t, "b.csv", "id,lon,lat,households\nb1,113.53,22.27,-1\n")
	if got := gridbeat(t, "import", "buildings", file, "--store", store); got.code != exitBad {
		t.Errorf("exit code %d", got.code)
	}
	if fingerprint(t, store) != "absent" {
		t.Error("a store was made for a file that is refused")
	}
}

func TestDryRunSavesNothingAndGivesItsVerdict(t *testing.T) {
	store := newTown(t)
	before := fingerprint(t, store)
	good := writeFile(t, "good.csv", "id,lon,lat,households\nb1,113.53,22.27,10\n")
	bad := writeFile(t, "bad.csv", "id,lon,lat,households\nb1,113.53,22.27,-1\n")
	got := gridbeat(t, "import", "buildings", good, "--dry-run", "--store", store)
	if got.code != exitDone || !strings.Contains(got.stdout, "1 added") || !strings.Contains(got.stdout, "nothing is saved") {
		t.Errorf("a good file: exit code %d\n%s%s", got.code, got.stdout, got.stderr)
	}
	got = gridbeat(t, "import", "buildings", bad, "--dry-run", "--store", store)
	if got.code != exitFailed || !strings.Contains(got.stdout, "would be refused") {
		t.Errorf("a bad file: exit code %d\n%s%s", got.code, got.stdout, got.stderr)
	}
	if fingerprint(t, store) != before {
		t.Error("the store has changed")
	}
}
