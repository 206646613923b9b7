package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmpbf"

	"gridbeat/geo"
)

// MaxMapBytes is the size above which ReadPBF refuses a file: the map of a
// province, of which a station needs a small part.
const MaxMapBytes = 2 << 30

// ReadPBF reads an OpenStreetMap PBF file in two passes, first relations and ways,
// then the nodes that those need. onProgress, which may be nil, is called from time
// to time with the bytes read in both passes together and twice the file's size.
//
// A file that is empty, cut, damaged, larger than MaxMapBytes or without streets
// is a *geo.InputError; single broken features are left out and told in the
// Findings of the map. A stopped ctx ends the reading with its error.
func ReadPBF(ctx context.Context, path string, onProgress func(doneBytes, totalBytes int64)) (*geo.StreetMap, error) {
	return readPBF(ctx, path, MaxMapBytes, onProgress)
}

func readPBF(ctx context.Context, path string, maxBytes int64, onProgress func(doneBytes, totalBytes int64)) (*geo.StreetMap, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read map: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read map: %w", err)
	}
	name := filepath.Base(path)
	if info.IsDir() {
		return nil, geo.NewInputError(name, geo.Finding{
			Rule: "pbf-unknown", Detail: "this is a folder", Remedy: "give an .osm.pbf file",
		})
	}
	if info.Size() > maxBytes {
		return nil, geo.NewInputError(name, geo.Finding{
			Rule:   "pbf-large",
			Detail: fmt.Sprintf("the file has %d bytes, at most %d are read", info.Size(), maxBytes),
			Remedy: "cut out the territory with: osmium extract -b W,S,E,N -o part.osm.pbf " + name,
		})
	}
	if onProgress == nil {
		onProgress = func(int64, int64) {}
	}
	c := newCollector(name)
	r := &passes{file: f, size: info.Size(), onProgress: onProgress}
	if err := r.read(ctx, c); err != nil {
		return nil, mapError(name, err)
	}
	m := c.build()
	if len(m.Streets) == 0 {
		return nil, geo.NewInputError(name, geo.Finding{
			Rule:   "map-without-streets",
			Detail: fmt.Sprintf("the map holds %d ways, none of them a street", c.ways),
			Remedy: "extract the map again with its highway ways and their nodes",
		})
	}
	return m, nil
}

// mapError turns a broken rule of the format into bad input with its remedy.
func mapError(name string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("read map %s: %w", name, err)
	}
	var b *breach
	if !errors.As(err, &b) {
		b = &breach{rule: "pbf-broken", detail: err.Error()}
	}
	remedy := "download or extract the file again and compare its checksum"
	if b.rule == "pbf-unknown" {
		remedy = "give an .osm.pbf file; other OpenStreetMap formats become one with: osmium cat -o map.osm.pbf " + name
	}
	return geo.NewInputError(name, geo.Finding{Rule: b.rule, Detail: b.detail, Remedy: remedy})
}

// passes reads the same file twice.
type passes struct {
	file       *os.File
	size       int64
	onProgress func(doneBytes, totalBytes int64)
}

func (p *passes) read(ctx context.Context, c *collector) error {
	first := func(s *osmpbf.Scanner) { s.SkipNodes = true }
	if err := p.pass(ctx, 0, first, c.header, c.first); err != nil {
		return err
	}
	c.choose()
	var newest atomic.Int64 // of all nodes, also those that are not kept
	second := func(s *osmpbf.Scanner) {
		s.SkipWays, s.SkipRelations = true, true
		s.FilterNode = func(n *osm.Node) bool {
			keepNewest(&newest, n.Timestamp)
			return c.wants(n)
		}
	}
	err := p.pass(ctx, p.size, second, func(*osmpbf.Header) {}, c.second)
	c.sawTime(time.Unix(newest.Load(), 0))
	return err
}

func keepNewest(newest *atomic.Int64, t time.Time) {
	if t.IsZero() {
		return
	}
	for s, old := t.Unix(), newest.Load(); s > old; old = newest.Load() {
		if newest.CompareAndSwap(old, s) {
			return
		}
	}
}

// pass scans the file once and hands each object to take. The decoder is told of
// a stopped ctx by the guard that feeds it: given the ctx itself, it races.
func (p *passes) pass(ctx context.Context, before int64, set func(*osmpbf.Scanner), header func(*osmpbf.Header), take func(osm.Object)) error {
	if _, err := p.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	g := newGuard(ctx, p.file)
	s := osmpbf.New(context.WithoutCancel(ctx), g, min(4, runtime.GOMAXPROCS(0)))
	defer s.Close()
	set(s)
	h, err := s.Header()
	if err != nil {
		return err
	}
	header(h)
	for n := 0; s.Scan(); n++ {
		take(s.Object())
		if n%4096 == 0 {
			p.onProgress(before+g.done.Load(), 2*p.size)
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	if err := s.Err(); err != nil {
		return err
	}
	p.onProgress(before+p.size, 2*p.size)
	return nil
}

// OpenStreetMap began in 2004; some writers put 1970 where they know no time.
const firstYear = 2004

// sawTime keeps the newest time of any object.
func (c *collector) sawTime(t time.Time) {
	if t.Year() >= firstYear && t.After(c.newest) {
		c.newest = t
	}
}

func (c *collector) header(h *osmpbf.Header) {
	if h == nil || h.Bounds == nil {
		return
	}
	b := orb.Bound{
		Min: geo.RoundE7(orb.Point{h.Bounds.MinLon, h.Bounds.MinLat}),
		Max: geo.RoundE7(orb.Point{h.Bounds.MaxLon, h.Bounds.MaxLat}),
	}
	if geo.ValidPosition(b.Min) && geo.ValidPosition(b.Max) && b.Min[0] < b.Max[0] && b.Min[1] < b.Max[1] {
		c.bounds = &b
	}
}
