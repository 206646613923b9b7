package gpkg_test

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"gridbeat/data/gpkg"
	"gridbeat/data/storetest"
	"gridbeat/geo/job"
)

var _ storetest.Store = (*gpkg.Store)(nil)

// openFile opens a store for one test and returns its file too.
func openFile(t testing.TB) (*gpkg.Store, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store 100%? #1.gpkg") // what a URI would misread
	return reopen(t, path), path
}

func reopen(t testing.TB, path string) *gpkg.Store {
	t.Helper()
	s, err := gpkg.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Store { s, _ := openFile(t); return s },
		func(s storetest.Store, ticket job.Ticket, result json.RawMessage, at time.Time) storetest.Store {
			return s.(*gpkg.Store).ForJob(ticket, result, at)
		})
}
