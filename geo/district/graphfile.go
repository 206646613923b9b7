package district

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"gridbeat/geo"
)

// The most that a number of a graph file may be; sums of them stay exact enough.
const (
	mostHouseholds = 1_000_000_000
	mostMetres     = 1e12
)

// graphFile is a graph as a file holds it. Without fields the rows are numbers:
//
//	nodes     households, area, perimeter, ... (what follows is not read)
//	edges     u, v, metres of shared border without a road, on local streets,
//	          collectors, arterials
//	barriers  as edges: a river lies between the two, they are no neighbours
//
// With fields they name the columns of the nodes, and an edge is u, v and, where
// given, the length they share; all borders count as local streets.
type graphFile struct {
	Fields   []string
	Nodes    json.RawMessage
	Edges    json.RawMessage
	Barriers json.RawMessage
}

// graphReader reads one file.
type graphReader struct {
	name string
	file graphFile
}

// ReadGraph reads a graph of units and borders. What is wrong is a *geo.InputError
// that names the row.
func ReadGraph(name string, r io.Reader) (*Graph, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	g := graphReader{name: name}
	if err := json.Unmarshal(text, &g.file); err != nil {
		return nil, g.bad("json", syntaxPlace(text, err), "give a graph as {\"nodes\": [...], \"edges\": [...]}")
	}
	if len(g.file.Fields) > 0 {
		return g.named()
	}
	return g.numbered()
}

// bad is an error at a place of the file.
func (g *graphReader) bad(rule, detail, remedy string) error {
	return geo.NewInputError(g.name, geo.Finding{Rule: rule, Detail: detail, Remedy: remedy})
}

// syntaxPlace adds the line to an error of JSON.
func syntaxPlace(text []byte, err error) string {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		line := 1 + bytes.Count(text[:min(int(syntax.Offset), len(text))], []byte("\n"))
		return fmt.Sprintf("line %d: %v", line, err)
	}
	return err.Error()
}

// rows reads a list of lists of numbers.
func (g *graphReader) rows(list string, text json.RawMessage, least int) ([][]float64, error) {
	var rows [][]float64
	if len(text) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(text, &rows); err != nil || bytes.Contains(text, []byte("null")) {
		return nil, g.badRow(list, text)
	}
	for i, row := range rows {
		if len(row) < least {
			return nil, g.bad("row", fmt.Sprintf("%s %d has %d numbers, not %d", list, i, len(row), least), "complete the row")
		}
	}
	return rows, nil
}

// badRow finds the row that is no list of numbers.
func (g *graphReader) badRow(list string, text json.RawMessage) error {
	var rows []json.RawMessage
	if json.Unmarshal(text, &rows) != nil || rows == nil {
		return g.bad("row", list+" is no list", "give a list of rows")
	}
	for i, row := range rows {
		var numbers []float64
		if err := json.Unmarshal(row, &numbers); err != nil || bytes.Contains(row, []byte("null")) {
			return g.bad("row", fmt.Sprintf("%s %d is no list of numbers: %.60s", list, i, row), "give numbers only")
		}
	}
	return g.bad("row", list+" cannot be read", "give lists of numbers")
}

// numbered reads the form without fields.
func (g *graphReader) numbered() (*Graph, error) {
	rows, err := g.rows("nodes", g.file.Nodes, 3)
	if err != nil {
		return nil, err
	}
	units := make([]Unit, len(rows))
	for i, row := range rows {
		if units[i], err = g.unit(i, row[0], row[1], row[2]); err != nil {
			return nil, err
		}
	}
	borders, err := g.borders("edges", g.file.Edges, len(units))
	if err != nil {
		return nil, err
	}
	walls, err := g.borders("barriers", g.file.Barriers, len(units))
	if err != nil {
		return nil, err
	}
	return g.graph(units, borders, walls)
}

func (g *graphReader) graph(units []Unit, borders, walls []Adjacency) (*Graph, error) {
	if len(units) == 0 {
		return nil, g.bad("nodes", "it holds no units", "give at least one row of nodes")
	}
	out, err := NewGraph(units, borders)
	if err == nil {
		out, err = out.WithWalls(walls)
	}
	if err != nil {
		return nil, g.bad("graph", err.Error(), "")
	}
	return out, nil
}

func (g *graphReader) unit(i int, households, area, perimeter float64) (Unit, error) {
	switch {
	case households != math.Trunc(households) || households < 0 || households > mostHouseholds:
		return Unit{}, g.bad("households", fmt.Sprintf("nodes %d has %v households", i, households), "give a whole number from 0")
	case !(area > 0 && area <= mostMetres*mostMetres):
		return Unit{}, g.bad("area", fmt.Sprintf("nodes %d has an area of %v", i, area), "give square metres above 0")
	case !(perimeter >= 0 && perimeter <= mostMetres):
		return Unit{}, g.bad("perimeter", fmt.Sprintf("nodes %d has a perimeter of %v", i, perimeter), "give metres from 0")
	}
	return Unit{Households: int(households), Area: area, Perimeter: perimeter}, nil
}

// borders reads rows of u, v and the metres by class.
func (g *graphReader) borders(list string, text json.RawMessage, units int) ([]Adjacency, error) {
	rows, err := g.rows(list, text, 3)
	if err != nil {
		return nil, err
	}
	out := make([]Adjacency, len(rows))
	for i, row := range rows {
		if out[i], err = g.ends(list, i, row, units); err != nil {
			return nil, err
		}
		if len(row) > 2+int(Arterial)+1 {
			return nil, g.bad("row", fmt.Sprintf("%s %d has %d numbers, more than u, v and 4 classes", list, i, len(row)), "give metres of classes 0 to 3")
		}
		for c, m := range row[2:] {
			if !(m >= 0 && m <= mostMetres) {
				return nil, g.bad("metres", fmt.Sprintf("%s %d has a length of %v", list, i, m), "give metres from 0")
			}
			out[i].Metres[c] = m
		}
	}
	return out, nil
}

// ends reads the two units of an edge.
func (g *graphReader) ends(list string, i int, row []float64, units int) (Adjacency, error) {
	u, v := row[0], row[1]
	for _, end := range row[:2] {
		if end != math.Trunc(end) || end < 0 || end >= float64(units) {
			return Adjacency{}, g.bad("unit", fmt.Sprintf("%s %d joins %v and %v; units are 0 to %d", list, i, u, v, units-1), "give indices of nodes")
		}
	}
	if u == v {
		return Adjacency{}, g.bad("unit", fmt.Sprintf("%s %d joins unit %v with itself", list, i, u), "leave it out")
	}
	return Adjacency{U: int32(u), V: int32(v)}, nil
}

// metresOfDegree is the length of a degree of a meridian.
const metresOfDegree = 111_320

// named reads the form with fields: households or population; area_m2, lat and lengths
// in degrees, or the cells of a lattice.
func (g *graphReader) named() (*Graph, error) {
	c := columns{g: g, area: g.column("area_m2"), outer: g.column("outer_perim_deg")}
	people, lat := g.column("households", "population"), g.column("lat")
	if people < 0 {
		return nil, g.bad("fields", "no field is named households or population", "name the columns of the nodes")
	}
	if err := json.Unmarshal(g.file.Nodes, &c.rows); err != nil {
		return nil, g.bad("row", "nodes is no list of rows", "give a list of lists")
	}
	borders, shared, err := g.lengths(len(c.rows))
	if err != nil {
		return nil, err
	}
	units := make([]Unit, len(c.rows))
	var latitudes float64
	for i := range c.rows {
		households, area, perimeter := c.at(i, people), 1.0, max(4, shared[i])
		if c.area >= 0 {
			area, perimeter = c.at(i, c.area), shared[i]+c.at(i, c.outer)
		}
		latitudes += c.at(i, lat)
		if c.err != nil {
			return nil, c.err
		}
		if units[i], err = g.unit(i, households, area, perimeter); err != nil {
			return nil, err
		}
	}
	metres := 1.0
	if c.area >= 0 {
		metres = metresOfDegree * (1 + math.Cos(latitudes/float64(max(1, len(units)))*math.Pi/180)) / 2
	}
	scaleToTown(units, borders, metres)
	return g.graph(units, borders, nil)
}

// column finds a field by one of its names, -1 for none.
func (g *graphReader) column(names ...string) int {
	return slices.IndexFunc(g.file.Fields, func(f string) bool { return slices.Contains(names, f) })
}

// columns reads numbers of rows that hold other things too; the first that is none
// is kept as the error.
type columns struct {
	g           *graphReader
	rows        [][]any
	area, outer int
	err         error
}

// at is the number in a column, 0 in the column -1.
func (c *columns) at(row, column int) float64 {
	if column < 0 {
		return 0
	}
	if column < len(c.rows[row]) {
		if v, ok := c.rows[row][column].(float64); ok {
			return v
		}
	}
	if c.err == nil {
		c.err = c.g.bad("row", fmt.Sprintf("nodes %d has no number as %s", row, c.g.file.Fields[column]), "complete the row")
	}
	return 0
}

// lengths reads edges of one length each, 1 where it is not given, and sums them by
// unit.
func (g *graphReader) lengths(units int) ([]Adjacency, []float64, error) {
	rows, err := g.rows("edges", g.file.Edges, 2)
	if err != nil {
		return nil, nil, err
	}
	borders, shared := make([]Adjacency, len(rows)), make([]float64, units)
	for i, row := range rows {
		if borders[i], err = g.ends("edges", i, row, units); err != nil {
			return nil, nil, err
		}
		length := 1.0
		if len(row) > 2 {
			length = row[2]
		}
		if !(length >= 0 && length <= mostMetres) {
			return nil, nil, g.bad("metres", fmt.Sprintf("edges %d has a length of %v", i, length), "give a length from 0")
		}
		borders[i].Metres[Local] = length
		shared[borders[i].U] += length
		shared[borders[i].V] += length
	}
	return borders, shared, nil
}

// scaleToTown brings units and borders whose lengths are in another unit, of so many
// metres, to the size for which the weights of an Objective are meant: the median
// border is 100 m. Shapes stay as they are.
func scaleToTown(units []Unit, borders []Adjacency, metres float64) {
	lengths := make([]float64, len(borders))
	for i, b := range borders {
		lengths[i] = b.Metres[Local] * metres
	}
	slices.Sort(lengths)
	scale := 1.0
	if n := len(lengths); n > 0 && lengths[n/2] > 0 {
		scale = 100 / lengths[n/2]
	}
	for i := range units {
		units[i].Area *= scale * scale
		units[i].Perimeter *= scale * metres
	}
	for i := range borders {
		borders[i].Metres[Local] *= scale * metres
	}
}
