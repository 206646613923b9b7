package ui

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"gridbeat/geo"
)

func TestWithoutNodeThePageSaysHowToBuildIt(t *testing.T) {
	p, err := load(fstest.MapFS{".keep": {}})
	if err != nil {
		t.Fatal(err)
	}
	if p.Built() || !strings.Contains(string(p.Index()), "npm run build") {
		t.Errorf("built %v: %s", p.Built(), p.Index())
	}
}

func TestABuiltPageIsServedAsItIs(t *testing.T) {
	p, err := load(fstest.MapFS{"index.html": {Data: []byte("<p>map</p>")}, "assets/a.js": {Data: []byte("1")}})
	if err != nil {
		t.Fatal(err)
	}
	if !p.Built() || string(p.Index()) != "<p>map</p>" {
		t.Errorf("got %s", p.Index())
	}
	if b, err := p.Asset("assets/a.js"); err != nil || string(b) != "1" {
		t.Errorf("asset %q, %v", b, err)
	}
	for _, name := range []string{"../go.mod", "/etc/passwd", "", "assets", "none"} {
		if _, err := p.Asset(name); err == nil {
			t.Errorf("%q was served", name)
		}
	}
}

func TestFontsComePackedInOrder(t *testing.T) {
	p, err := load(fstest.MapFS{"fonts/sans/1.woff2": {Data: []byte("one")}, "fonts/sans/two-2.woff2": {Data: []byte("22")}})
	if err != nil {
		t.Fatal(err)
	}
	b, err := p.Fonts("sans", []string{"two-2", "1"})
	if err != nil {
		t.Fatal(err)
	}
	want := append(binary.BigEndian.AppendUint32(nil, 2), "22"...)
	want = append(binary.BigEndian.AppendUint32(want, 3), "one"...)
	if string(b) != string(want) {
		t.Errorf("got %q, want %q", b, want)
	}
	for _, subsets := range [][]string{{"3"}, {""}, {"../sans/1"}, make([]string, 1000)} {
		if _, err := p.Fonts("sans", subsets); !errors.Is(err, geo.ErrNotFound) {
			t.Errorf("%d subsets, the first %q: %v", len(subsets), subsets[0], err)
		}
	}
}

func TestThePlaceholderKeepsThePageEmbedded(t *testing.T) {
	if _, err := fs.Stat(dist, "dist/.keep"); err != nil {
		t.Error(err)
	}
	if _, err := Load(); err != nil {
		t.Error(err)
	}
}
