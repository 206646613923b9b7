package edit

import (
	"encoding/json"
	"fmt"
	"strconv"

	"gridbeat/geo/arrange"
)

// Marshal writes edits as a JSON array that Unmarshal reads: each an object with its
// "op" and its fields, positions as [lon, lat] with at most seven decimals.
func Marshal(edits []Edit) ([]byte, error) {
	out := make([]any, len(edits))
	for i, e := range edits {
		w, err := wireOf(e)
		if err != nil {
			return nil, fmt.Errorf("write edit %d: %w", i, err)
		}
		out[i] = w
	}
	return json.Marshal(out)
}

// position is a place as it stands in JSON.
type position arrange.Pt

// MarshalJSON writes [lon, lat], exact.
func (p position) MarshalJSON() ([]byte, error) {
	out := []byte{'['}
	q := arrange.Pt(p).Point()
	out = strconv.AppendFloat(out, q[0], 'f', -1, 64)
	out = append(out, ',')
	out = strconv.AppendFloat(out, q[1], 'f', -1, 64)
	return append(out, ']'), nil
}

func positions(ps []arrange.Pt) []position {
	out := make([]position, len(ps))
	for i, p := range ps {
		out[i] = position(p)
	}
	return out
}

// wire is an edit in JSON. Which fields an op has is told by ops.
type wire struct {
	Op       string       `json:"op"`
	Grid     *string      `json:"grid,omitempty"`
	Grids    []string     `json:"grids,omitempty"`
	To       any          `json:"to,omitempty"`
	From     any          `json:"from,omitempty"`
	At       *position    `json:"at,omitempty"`
	Compound *string      `json:"compound,omitempty"`
	Via      []position   `json:"via,omitempty"`
	Path     []position   `json:"path,omitempty"`
	Code     string       `json:"code,omitempty"`
	Name     *string      `json:"name,omitempty"`
	Cut      [][]position `json:"cut,omitempty"`
	Lay      []wireBorder `json:"lay,omitempty"`
	Records  []wireGrid   `json:"records,omitempty"`
	Drop     []string     `json:"drop,omitempty"`
}

// wireBorder and wireGrid are parts of a restore.
type (
	wireBorder struct {
		Line  []position `json:"line"`
		Left  string     `json:"left"`
		Right string     `json:"right"`
	}
	wireGrid struct {
		Code      string `json:"code"`
		Name      string `json:"name"`
		District  string `json:"district"`
		Community string `json:"community"`
	}
)

func wireOf(e Edit) (*wire, error) {
	if e == nil {
		return nil, fmt.Errorf("there is no edit")
	}
	w := &wire{Op: e.Op()}
	at := func(p arrange.Pt) *position { q := position(p); return &q }
	switch e := e.(type) {
	case MoveBlock:
		w.At, w.To = at(e.At), e.To
	case MoveCompound:
		w.Compound, w.To = &e.Compound, e.To
		if e.From != "" {
			w.From = e.From
		}
	case MoveNode:
		w.At, w.To = at(e.At), at(e.To)
	case InsertNode:
		w.From, w.To, w.At = at(e.From), at(e.To), at(e.At)
	case RemoveNode:
		w.At = at(e.At)
	case Reroute:
		w.Grids, w.From, w.To, w.Via = e.Grids[:], at(e.From), at(e.To), positions(e.Via)
	case Split:
		w.Grid, w.Path, w.Code = &e.Grid, positions(e.Path), e.Code
		if e.Name != "" {
			w.Name = &e.Name
		}
	case Merge:
		w.Grids = e.Grids[:]
	case Rename:
		w.Grid, w.Name = &e.Grid, &e.Name
	case Lock:
		w.Grid = &e.Grid
	case Unlock:
		w.Grid = &e.Grid
	case Restore:
		w.restore(e)
	default:
		return nil, fmt.Errorf("%T is no edit of this package", e)
	}
	return w, nil
}

func (w *wire) restore(r Restore) {
	for _, line := range r.Cut {
		w.Cut = append(w.Cut, positions(line))
	}
	for _, b := range r.Lay {
		w.Lay = append(w.Lay, wireBorder{positions(b.Line), b.Left, b.Right})
	}
	for _, g := range r.Grids {
		w.Records = append(w.Records, wireGrid(g))
	}
	w.Drop = r.Drop
}
