package district

import "gridbeat/geo"

// Import is what one import writes together, in one transaction. A part that is nil
// stays as it is; a part that is not replaces its whole collection.
type Import struct {
	Streets     *geo.StreetMap // its streets, posts, restrictions and barriers
	Districts   []geo.District
	Communities []geo.Community
	Compounds   []geo.Compound
	Buildings   []geo.Building
	Station     *Station
}

// ImportCounts tells what an import did to each collection.
type ImportCounts struct {
	Streets, Districts, Communities, Compounds, Buildings geo.Counts
}
