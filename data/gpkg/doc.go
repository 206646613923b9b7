// Package gpkg is the embedded store: one GeoPackage file that opens in QGIS and
// GDAL as it is. It saves and loads domain values; it decides no geometry.
//
// Start with Open.
package gpkg
