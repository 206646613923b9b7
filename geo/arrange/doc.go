// Package arrange lays lines over each other exactly: borders, streets, compound
// outlines and barriers go in as segments between integer points of 1e-7 degree,
// and a planar arrangement comes out in which no two edges cross and no vertex
// lies on another edge. Its faces are the blocks that grids are made of.
//
// Everything is decided by integer arithmetic, so that what is computed is what
// is written to a file, digit by digit. Lengths and areas in degrees of 1e-7 are
// not metres: measure with geo.Plane.
//
// Start with Build.
package arrange
