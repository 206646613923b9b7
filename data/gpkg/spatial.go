package gpkg

// #cgo LDFLAGS: -Wl,--unresolved-symbols=ignore-in-object-files
// #include "spatial.h"
import "C"

import (
	"fmt"
	"sync"
	"unsafe"
)

// addSpatialFunctions gives every connection of this program that is opened from then
// on the functions that the triggers of spatial indexes call. They answer null for what
// is no geometry.
var addSpatialFunctions = sync.OnceValue(func() error {
	if code := C.gridbeat_spatial(); code != 0 {
		return fmt.Errorf("spatial functions of SQLite: code %d", int(code))
	}
	return nil
})

// envelope returns min x, max x, min y, max y of a GeoPackage geometry, from the header
// where it states them, else from the coordinates; other programs may leave it out.
func envelope(blob []byte) (b box, empty bool, err error) {
	if len(blob) == 0 {
		return b, false, errNotGeometry
	}
	switch C.gridbeat_envelope((*C.uchar)(unsafe.SliceData(blob)), C.int(len(blob)), (*C.double)(unsafe.Pointer(&b))) {
	case 1:
		return b, false, nil
	case 0:
		return box{}, true, nil
	}
	return box{}, false, errNotGeometry
}
