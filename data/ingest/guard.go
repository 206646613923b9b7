package ingest

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
)

// Limits of the PBF format and of what one block may unfold to.
const (
	maxBlobHeaderBytes = 64 << 10
	maxBlobBytes       = 32 << 20
	maxBlockObjects    = 1 << 18 // writers put 8,000 into a block
)

// breach is a rule of the file format that a file breaks.
type breach struct {
	rule, detail string
}

func (b *breach) Error() string { return b.detail }

func breachf(rule, format string, args ...any) error {
	return &breach{rule: rule, detail: fmt.Sprintf(format, args...)}
}

// guard is a reader of a PBF file that hands on only whole blocks which it has
// checked: osmpbf panics in its own goroutines, where nobody can catch it, when a
// block points outside its string table, and it takes a file cut in the wrong
// place for a complete one. After an error every further Read returns it again.
type guard struct {
	ctx     context.Context
	r       io.Reader
	pending []byte
	raw     bytes.Buffer
	blocks  int
	done    atomic.Int64 // bytes read, for progress
	err     error
}

func newGuard(ctx context.Context, r io.Reader) *guard { return &guard{ctx: ctx, r: r} }

// Read hands on checked bytes.
func (g *guard) Read(p []byte) (int, error) {
	for len(g.pending) == 0 {
		if g.err == nil {
			g.err = g.ctx.Err()
		}
		if g.err == nil {
			g.pending, g.err = g.next()
		}
		if g.err != nil {
			return 0, g.err
		}
	}
	n := copy(p, g.pending)
	g.pending = g.pending[n:]
	return n, nil
}

// next reads one framed block, checks it and returns its bytes as they were read.
func (g *guard) next() ([]byte, error) {
	var size [4]byte
	at := g.done.Load()
	if n, err := io.ReadFull(g.r, size[:]); err != nil {
		if n == 0 && errors.Is(err, io.EOF) {
			if g.blocks == 0 {
				return nil, breachf("pbf-empty", "the file is empty")
			}
			return nil, io.EOF
		}
		return nil, cut(err, at)
	}
	headerSize := binary.BigEndian.Uint32(size[:])
	if headerSize == 0 || headerSize >= maxBlobHeaderBytes {
		return nil, g.alien(at)
	}
	header := make([]byte, headerSize)
	if _, err := io.ReadFull(g.r, header); err != nil {
		if g.blocks == 0 {
			return nil, g.alien(at)
		}
		return nil, cut(err, at)
	}
	kind, dataSize, err := blobHeader(header)
	if err != nil || g.blocks == 0 && kind != "OSMHeader" {
		return nil, g.alien(at)
	}
	if g.blocks > 0 && kind != "OSMData" {
		return nil, breachf("pbf-broken", "the block at byte %d is a %q, not map data", at, kind)
	}
	frame := make([]byte, 4+int(headerSize)+dataSize)
	copy(frame, size[:])
	copy(frame[4:], header)
	blob := frame[4+headerSize:]
	if _, err := io.ReadFull(g.r, blob); err != nil {
		return nil, cut(err, at)
	}
	if err := g.check(kind, blob); err != nil {
		return nil, breachf("pbf-broken", "the block at byte %d is damaged: %v", at, err)
	}
	g.blocks++
	g.done.Add(int64(len(frame)))
	return frame, nil
}

func (g *guard) alien(at int64) error {
	if g.blocks == 0 {
		return breachf("pbf-unknown", "this is not an OpenStreetMap PBF file")
	}
	return breachf("pbf-broken", "what stands at byte %d is no PBF block", at)
}

func cut(err error, at int64) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return breachf("pbf-truncated", "the file ends in the middle of the block at byte %d", at)
	}
	return err
}

// blobHeader reads the kind and the length of the blob that follows.
func blobHeader(data []byte) (kind string, size int, err error) {
	size = -1
	err = eachField(data, func(f field) error {
		switch {
		case f.number == 1 && f.wire == wireBytes:
			kind = string(f.data)
		case f.number == 3 && f.wire == wireVarint && f.value < maxBlobBytes:
			size = int(f.value)
		case f.number == 1 || f.number == 3:
			return errors.New("bad blob header")
		}
		return nil
	})
	if err == nil && size < 0 {
		err = errors.New("blob without a size")
	}
	return kind, size, err
}

// check unpacks one blob and looks through what is in it.
func (g *guard) check(kind string, blob []byte) error {
	var raw, packed []byte
	rawSize, hasRaw := -1, false
	err := eachField(blob, func(f field) error {
		switch {
		case f.number == 1 && f.wire == wireBytes && !hasRaw:
			raw, hasRaw = f.data, true
		case f.number == 2 && f.wire == wireVarint && f.value <= maxBlobBytes:
			rawSize = int(f.value)
		case f.number == 3 && f.wire == wireBytes && packed == nil:
			packed = f.data
		default:
			return fmt.Errorf("it is packed in a way (field %d) that is not read here; only plain and zlib are", f.number)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !hasRaw {
		if raw, err = g.unpack(packed, rawSize); err != nil {
			return err
		}
	}
	if kind == "OSMHeader" {
		return nil
	}
	return checkBlock(raw)
}

func (g *guard) unpack(packed []byte, size int) ([]byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	g.raw.Reset()
	n, err := g.raw.ReadFrom(io.LimitReader(z, maxBlobBytes+1))
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	if n != int64(size) {
		return nil, fmt.Errorf("it unpacks to %d bytes where %d are stated", n, size)
	}
	return g.raw.Bytes(), nil
}
