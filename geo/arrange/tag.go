package arrange

import "slices"

// Tag says that a line of the caller runs along an edge.
type Tag struct {
	Line int32 // the caller's number for the line or area outline
	Net  int32 // times it runs from A to B less times it runs from B to A
}

func reversed(tags []Tag) []Tag {
	out := make([]Tag, len(tags))
	for i, t := range tags {
		out[i] = Tag{t.Line, -t.Net}
	}
	return out
}

// joinTags adds the runs of both, sorted by line. The inputs are sorted and stay as
// they are.
func joinTags(s, t []Tag) []Tag {
	out := make([]Tag, 0, len(s)+len(t))
	out = append(append(out, s...), t...)
	slices.SortFunc(out, func(a, b Tag) int { return int(a.Line) - int(b.Line) })
	n := 0
	for _, tag := range out {
		if n > 0 && out[n-1].Line == tag.Line {
			out[n-1].Net += tag.Net
			continue
		}
		out[n] = tag
		n++
	}
	return out[:n]
}
