// Package postgis is the store of many stations: PostgreSQL 15 with PostGIS. It keeps
// the contract of data/storetest, as the file of data/gpkg does.
//
// Geometry is decided in Go and kept here digit by digit. Each transaction works for
// one station: every statement names it, and row-level security hides the rows of all
// others.
package postgis
