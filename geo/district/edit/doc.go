// Package edit is the kernel under the planner's screen: it changes the grids of a
// draft by hand, one edit at a time, and never lets an edit break the tiling.
//
// A Sheet is a draft laid out for editing: the borders of its grids as one planar
// arrangement in exact steps of 1e-7 degree, each edge once with the grid on its
// left and on its right. New makes one, Apply answers an edit with the next sheet,
// the inverse edit and the households of the grids that changed, or with findings
// that say why it is refused. Sheet.Draft gives the grids back, shared borders equal
// digit by digit.
//
// Pairs of half-edges and a sum of areas prove no tiling: grids may overlap and both
// still fit. What is checked instead, near the edit only, is all of these: no two
// borders cross or touch but at common vertices; around each vertex neighbouring
// edges agree on the grid between them; each grid has one outer ring; each ring that
// stands free lies in the grid that it says; and the borders of districts and
// communities stay as they are.
package edit
