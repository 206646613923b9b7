package gpkg_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gridbeat/data/gpkg"
	"gridbeat/routing/dispatch"
)

func TestTheNewestOpenIncidentsComeFromTheirIndex(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.gpkg")
	reopen(t, path)
	rows, err := raw(t, path, "").Query(`EXPLAIN QUERY PLAN `+gpkg.OpenPage, "", "", "", "", 100)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, detail)
	}
	if got := strings.Join(plan, "; "); got != "SCAN incidents USING INDEX incidents_open" {
		t.Errorf("the plan is %s", got)
	}
}

// BenchmarkNewestOpen reads the newest 100 of 5,000 open incidents among 200,000.
func BenchmarkNewestOpen(b *testing.B) {
	s, _ := openFile(b)
	all := make([]dispatch.Incident, 200_000)
	for n := range all {
		all[n] = dispatch.Incident{ID: fmt.Sprintf("incident-%06d", n), Version: 1, State: dispatch.Closed, ReportedAt: day.Add(time.Duration(n) * time.Second)}
		if n < 5_000 {
			all[n].State = dispatch.Filed
		}
	}
	if _, err := s.SaveIncidents(b.Context(), all, day); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if page, err := s.FindIncidents(b.Context(), dispatch.Query{Open: true, Limit: 100}); err != nil || len(page) != 100 {
			b.Fatal(len(page), err)
		}
	}
}
