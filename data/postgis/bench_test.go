package postgis_test

import (
	"fmt"
	"testing"

	"gridbeat/data/storetest"
)

// BenchmarkBulk needs a server that keeps what it says it keeps:
// GRIDBEAT_PG_DURABLE=1 .ci/with-postgres go test -run '^$' -bench Bulk -benchtime 1x ./data/postgis
func BenchmarkBulk(b *testing.B) {
	stations := 0
	storetest.Bulk(b, func(t testing.TB) storetest.Store {
		stations++
		return openStation(t, fmt.Sprintf("bulk %d", stations))
	})
}
