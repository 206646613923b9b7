package patrol

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"gridbeat/geo"
	"gridbeat/routing"
)

// tracing is the number of the rules by which visits are found. It rises with every
// change that may change a visit, so that stored trips are found anew.
const tracing = 2

// basis is a digest of all that visits follow from but the fixes.
func basis(streets []geo.Street, posts []geo.Post, restrictions []geo.Restriction, profile routing.Profile) []byte {
	h := sha256.New()
	fmt.Fprintf(h, "%d %s %d %d %d\n", tracing, profile, len(streets), len(posts), len(restrictions))
	for _, s := range streets {
		fmt.Fprintf(h, "%q %q %v ", s.ID, s.Class, s.Nodes)
		hashTags(h, s.Tags)
		hashPoints(h, s.Line...)
	}
	for _, p := range posts {
		hashPoints(h, p.At)
		hashTags(h, p.Tags)
	}
	for _, r := range restrictions {
		fmt.Fprintf(h, "%q\n", fmt.Sprint(r))
	}
	return h.Sum(nil)
}

func hashTags(h hash.Hash, tags map[string]string) {
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		fmt.Fprintf(h, "%q=%q ", k, tags[k])
	}
}

func hashPoints(h hash.Hash, points ...orb.Point) {
	var b [16]byte
	for _, p := range points {
		binary.LittleEndian.PutUint64(b[:8], math.Float64bits(p[0]))
		binary.LittleEndian.PutUint64(b[8:], math.Float64bits(p[1]))
		h.Write(b[:])
	}
}

// digest tells a trip's fixes and their basis from any others.
func (t *Tracer) digest(fixes []Position) string {
	h := sha256.New()
	h.Write(t.basis)
	fmt.Fprintf(h, "%q %v\n", fixes[0].Unit, fixes[0].Simulated)
	var b [16]byte
	for _, f := range fixes {
		binary.LittleEndian.PutUint64(b[:8], uint64(f.At.UnixMilli()))
		binary.LittleEndian.PutUint64(b[8:], math.Float64bits(f.Accuracy))
		h.Write(b[:])
		hashPoints(h, f.Point)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
