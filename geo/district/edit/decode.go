package edit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

// Limits of what Unmarshal takes in one go.
const (
	MaxEdits     = 10_000  // edits in one array
	MaxPositions = 200_000 // positions in one array of edits
)

// Unmarshal reads a JSON array of edits, strictly: an unknown op, a field that the op
// does not have or that comes twice, a missing field, a wrong type, a position off
// the globe are input errors (geo.InputError) whose finding names the edit and the
// field, such as "edits[2].at". What is read is not yet checked against a sheet.
func Unmarshal(data []byte) ([]Edit, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	d := &decoder{}
	if open, err := dec.Token(); err != nil || open != json.Delim('[') {
		return nil, bad("edits", "json", "the body is no JSON array of edits", "send [{\"op\": ...}, ...]")
	}
	edits := []Edit{}
	for dec.More() {
		place := fmt.Sprintf("edits[%d]", len(edits))
		if len(edits) == MaxEdits {
			return nil, bad(place, "too-many", fmt.Sprintf("there are more than %d edits", MaxEdits), "send them in several requests")
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return nil, bad(place, "json", "the edit is no valid JSON", "send [{\"op\": ...}, ...]")
		}
		e, err := d.edit(place, raw)
		if err != nil {
			return nil, err
		}
		edits = append(edits, e)
	}
	if _, err := dec.Token(); err != nil {
		return nil, bad("edits", "json", "the array does not close", "send [{\"op\": ...}, ...]")
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, bad("edits", "json", "something follows the array", "send one JSON array")
	}
	return edits, nil
}

func bad(place, rule, detail, remedy string) error {
	return geo.NewInputError("edits", geo.Finding{Rule: rule, Feature: place, Detail: detail, Remedy: remedy})
}

// fields are the names that an object has, each with its value as it stands.
type fields map[string]json.RawMessage

// readFields reads one JSON object and refuses a name that comes twice.
func readFields(place string, raw json.RawMessage) (fields, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return nil, bad(place, "type", "want an object", "send {\"op\": ...}")
	}
	out := fields{}
	for dec.More() {
		key, err := dec.Token()
		name, ok := key.(string)
		if err != nil || !ok {
			return nil, bad(place, "json", "the object is no valid JSON", "")
		}
		if _, twice := out[name]; twice {
			return nil, bad(place+"."+name, "twice", "the field comes twice", "give it once")
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, bad(place+"."+name, "json", "the value is no valid JSON", "")
		}
		out[name] = value
	}
	return out, nil
}

// allow refuses names other than those given; those before "?" must be there.
func (f fields) allow(place, what, names string) error {
	need, may, _ := strings.Cut(names, "?")
	known := append(strings.Fields(need), strings.Fields(may)...)
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if !slices.Contains(known, name) {
			return bad(place+"."+name, "unknown-field", what+" has no such field", "use "+strings.Join(known, ", "))
		}
	}
	for _, name := range strings.Fields(need) {
		if _, ok := f[name]; !ok {
			return bad(place+"."+name, "missing-field", what+" needs this field", "give "+strings.Join(strings.Fields(need), ", "))
		}
	}
	return nil
}

// ops are the fields of each op besides "op": those it needs, then those it may have.
var ops = map[string]string{
	"move_block":    "op at to",
	"move_compound": "op compound to ? from",
	"move_node":     "op at to",
	"insert_node":   "op from to at",
	"remove_node":   "op at",
	"reroute":       "op grids from to ? via",
	"split":         "op grid ? path code name",
	"merge":         "op grids",
	"rename":        "op grid name",
	"lock":          "op grid",
	"unlock":        "op grid",
	"restore":       "op ? cut lay records drop",
}

// decoder counts positions over all edits and keeps the first error of an edit.
type decoder struct {
	positions int
	err       error
}

func (d *decoder) edit(place string, raw json.RawMessage) (Edit, error) {
	f, err := readFields(place, raw)
	if err != nil {
		return nil, err
	}
	op := d.text(place+".op", f["op"])
	if d.err != nil {
		return nil, d.err
	}
	names, known := ops[op]
	if !known {
		return nil, bad(place+".op", "unknown-op", fmt.Sprintf("there is no edit %q", op), "use "+strings.Join(slices.Sorted(maps.Keys(ops)), ", "))
	}
	if err := f.allow(place, op, names); err != nil {
		return nil, err
	}
	e := d.fill(place, op, f)
	if d.err != nil {
		return nil, d.err
	}
	return e, nil
}

func (d *decoder) fill(place, op string, f fields) Edit {
	text := func(name string) string { return d.text(place+"."+name, f[name]) }
	at := func(name string) arrange.Pt { return d.position(place+"."+name, f[name]) }
	line := func(name string, least int) []arrange.Pt { return d.line(place+"."+name, f[name], least) }
	optional := func(name string) string {
		if _, ok := f[name]; !ok {
			return ""
		}
		return text(name)
	}
	switch op {
	case "move_block":
		return MoveBlock{At: at("at"), To: text("to")}
	case "move_compound":
		return MoveCompound{Compound: text("compound"), To: text("to"), From: optional("from")}
	case "move_node":
		return MoveNode{At: at("at"), To: at("to")}
	case "insert_node":
		return InsertNode{From: at("from"), To: at("to"), At: at("at")}
	case "remove_node":
		return RemoveNode{At: at("at")}
	case "reroute":
		return Reroute{Grids: d.pair(place+".grids", f["grids"]), From: at("from"), To: at("to"), Via: line("via", 0)}
	case "split":
		return Split{Grid: text("grid"), Path: line("path", 2), Code: optional("code"), Name: optional("name")}
	case "merge":
		return Merge{Grids: d.pair(place+".grids", f["grids"])}
	case "rename":
		return Rename{Grid: text("grid"), Name: text("name")}
	case "lock":
		return Lock{Grid: text("grid")}
	case "unlock":
		return Unlock{Grid: text("grid")}
	}
	return d.restore(place, f)
}

func (d *decoder) fail(place, rule, detail, remedy string) {
	if d.err == nil {
		d.err = bad(place, rule, detail, remedy)
	}
}

func (d *decoder) text(place string, raw json.RawMessage) string {
	var s *string
	if raw == nil || json.Unmarshal(raw, &s) != nil || s == nil {
		d.fail(place, "type", "want a string", "codes, ids and names are strings")
		return ""
	}
	return *s
}

func (d *decoder) list(place string, raw json.RawMessage) []json.RawMessage {
	if raw == nil {
		return nil
	}
	var out *[]json.RawMessage
	if json.Unmarshal(raw, &out) != nil || out == nil {
		d.fail(place, "type", "want an array", "")
		return nil
	}
	return *out
}

func (d *decoder) pair(place string, raw json.RawMessage) (out [2]string) {
	list := d.list(place, raw)
	if len(list) != 2 {
		d.fail(place, "type", "want the codes of two grids", "give [\"code\", \"code\"]")
		return out
	}
	for i, v := range list {
		out[i] = d.text(fmt.Sprintf("%s[%d]", place, i), v)
	}
	return out
}

func (d *decoder) position(place string, raw json.RawMessage) arrange.Pt {
	var lonLat []*float64
	if raw == nil || json.Unmarshal(raw, &lonLat) != nil || len(lonLat) != 2 || lonLat[0] == nil || lonLat[1] == nil {
		d.fail(place, "type", "want a position", "give [longitude, latitude] in degrees")
		return arrange.Pt{}
	}
	p := [2]float64{*lonLat[0], *lonLat[1]}
	if !geo.ValidPosition(p) {
		d.fail(place, "position", "the position is off the globe", "give longitude, then latitude, in degrees")
	}
	if d.positions++; d.positions > MaxPositions {
		d.fail(place, "too-many", fmt.Sprintf("there are more than %d positions", MaxPositions), "send the edits in several requests")
	}
	return arrange.At(p)
}

// line reads positions; absent, it is nil.
func (d *decoder) line(place string, raw json.RawMessage, least int) []arrange.Pt {
	list := d.list(place, raw)
	if raw != nil && len(list) < least {
		d.fail(place, "type", fmt.Sprintf("want %d positions or more", least), "")
	}
	var out []arrange.Pt
	for i, v := range list {
		out = append(out, d.position(fmt.Sprintf("%s[%d]", place, i), v))
		if d.err != nil {
			return nil
		}
	}
	return out
}

func (d *decoder) restore(place string, f fields) Edit {
	var r Restore
	for i, v := range d.list(place+".cut", f["cut"]) {
		r.Cut = append(r.Cut, d.line(fmt.Sprintf("%s.cut[%d]", place, i), v, 2))
	}
	for i, v := range d.list(place+".lay", f["lay"]) {
		at := fmt.Sprintf("%s.lay[%d]", place, i)
		g := d.object(at, "a border", "line left right", v)
		r.Lay = append(r.Lay, Border{d.line(at+".line", g["line"], 2), d.text(at+".left", g["left"]), d.text(at+".right", g["right"])})
	}
	for i, v := range d.list(place+".records", f["records"]) {
		at := fmt.Sprintf("%s.records[%d]", place, i)
		g := d.object(at, "a record", "code name district community", v)
		r.Grids = append(r.Grids, GridRecord{d.text(at+".code", g["code"]), d.text(at+".name", g["name"]), d.text(at+".district", g["district"]), d.text(at+".community", g["community"])})
	}
	for i, v := range d.list(place+".drop", f["drop"]) {
		r.Drop = append(r.Drop, d.text(fmt.Sprintf("%s.drop[%d]", place, i), v))
	}
	return r
}

func (d *decoder) object(place, what, names string, raw json.RawMessage) fields {
	f, err := readFields(place, raw)
	if err == nil {
		err = f.allow(place, what, names)
	}
	if err != nil && d.err == nil {
		d.err = err
	}
	return f
}
