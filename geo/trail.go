package geo

import "context"

// Trail follows one request through a store that has copies: how new a copy must be to
// read from it, and what the request itself wrote. Positions are the store's own words;
// nobody else reads them. It belongs to one request and is not safe for concurrent use.
type Trail struct {
	After string // the position that the asker has seen, "" for none
	Wrote string // the position of the request's last write, "" for none
}

type (
	trailKey struct{}
	copyKey  struct{}
)

// WithTrail returns a context whose writes are noted in the trail.
func WithTrail(ctx context.Context, t *Trail) context.Context {
	return context.WithValue(ctx, trailKey{}, t)
}

// TrailOf is the trail of a context, nil for none.
func TrailOf(ctx context.Context) *Trail {
	t, _ := ctx.Value(trailKey{}).(*Trail)
	return t
}

// MayReadCopy returns a context in which a store may read from a copy that has reached
// what the trail has seen. What is kept in a cache is never read so.
func MayReadCopy(ctx context.Context) context.Context { return context.WithValue(ctx, copyKey{}, true) }

// CopyWillDo reports whether MayReadCopy was said.
func CopyWillDo(ctx context.Context) bool { return ctx.Value(copyKey{}) != nil && TrailOf(ctx) != nil }
