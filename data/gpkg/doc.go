// Package gpkg is the embedded store: one GeoPackage file that opens in QGIS and
// GDAL as it is. It saves and loads domain values; it decides no geometry.
//
// Start with Open. Each method of Store is one transaction: store.go shows how it
// begins and ends, records.go how a slice of domain values becomes the rows of a
// table, and each noun has a file with its SQL. Times are kept to the millisecond
// and come back in UTC; coordinates are kept to the last bit.
package gpkg
