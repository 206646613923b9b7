package edit

import (
	"gridbeat/geo"
	"gridbeat/geo/arrange"
)

// Edit is one change by hand. The edits are the types of this package that say so;
// their values may be kept, compared and sent as JSON (Marshal, Unmarshal).
type Edit interface {
	// Op is the name of the edit in JSON.
	Op() string
	// plan tells the change that the edit asks for; findings say why there is none.
	plan(c *core) (*change, []geo.Finding)
}

// MoveBlock gives the block around a place to a neighbouring grid: the face of the
// street map that holds it, as far as it lies in the same grid, or the whole compound.
type MoveBlock struct {
	At arrange.Pt // anywhere inside the block, not on a border
	To string     // code of the grid that takes it
}

// MoveCompound gives a compound to a neighbouring grid.
type MoveCompound struct {
	Compound string // id
	To       string // code of the grid that takes it
	From     string // code of the grid that gives it; "" for the only one that holds it
}

// MoveNode moves a vertex of a border; all grids that share it follow.
type MoveNode struct{ At, To arrange.Pt }

// InsertNode sets a new vertex on the border edge between two vertices.
type InsertNode struct {
	From, To arrange.Pt // the ends of the edge
	At       arrange.Pt
}

// RemoveNode takes out a vertex where two edges of one border meet, and joins them.
type RemoveNode struct{ At arrange.Pt }

// Reroute replaces the border of two grids between two of its vertices by the best
// path along streets: short, and rather on main roads.
type Reroute struct {
	Grids    [2]string // codes
	From, To arrange.Pt
	Via      []arrange.Pt // the path passes the street vertices nearest to these, in order
}

// Split cuts a grid in two along a path from border to border. The part with more
// households keeps code and name. ProposeSplit finds a path.
type Split struct {
	Grid string
	Path []arrange.Pt // from a vertex of the border to another; none takes the proposed path
	Code string       // of the other part; "" takes an unused one
	Name string       // of the other part; "" names it after its district or community
}

// Merge joins two neighbouring grids of one district and community; the lower code
// and its name stay.
type Merge struct{ Grids [2]string }

// Rename gives a grid another name.
type Rename struct{ Grid, Name string }

// Lock keeps the outline and the name of a grid as they are until Unlock.
type Lock struct{ Grid string }

// Unlock undoes Lock.
type Unlock struct{ Grid string }

// Restore puts borders in place of others: the inverse of the edits that change more
// than a vertex or a word. It is checked like any edit.
type Restore struct {
	Cut   [][]arrange.Pt // lines along borders to take away
	Lay   []Border       // borders to lay
	Grids []GridRecord   // grids that come, or change their names
	Drop  []string       // codes of grids that go
}

// Border is a line of border with the grids on its sides, seen along the line.
type Border struct {
	Line        []arrange.Pt
	Left, Right string // codes, "" outside
}

// GridRecord is a grid without its shape.
type GridRecord struct{ Code, Name, District, Community string }

// Op is "move_block".
func (MoveBlock) Op() string { return "move_block" }

// Op is "move_compound".
func (MoveCompound) Op() string { return "move_compound" }

// Op is "move_node".
func (MoveNode) Op() string { return "move_node" }

// Op is "insert_node".
func (InsertNode) Op() string { return "insert_node" }

// Op is "remove_node".
func (RemoveNode) Op() string { return "remove_node" }

// Op is "reroute".
func (Reroute) Op() string { return "reroute" }

// Op is "split".
func (Split) Op() string { return "split" }

// Op is "merge".
func (Merge) Op() string { return "merge" }

// Op is "rename".
func (Rename) Op() string { return "rename" }

// Op is "lock".
func (Lock) Op() string { return "lock" }

// Op is "unlock".
func (Unlock) Op() string { return "unlock" }

// Op is "restore".
func (Restore) Op() string { return "restore" }
