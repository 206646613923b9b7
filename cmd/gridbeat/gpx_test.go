package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"gridbeat/data/ingest"
	"gridbeat/geo"
	"gridbeat/routing/patrol"
)

func TestGPXIsWrittenForPhones(t *testing.T) {
	var b strings.Builder
	err := writeGPX(&b, patrol.Plan{
		ID: "plan-1", Profile: "foot", CreatedAt: time.Date(2026, 1, 5, 8, 0, 0, 0, time.FixedZone("CST", 8*3600)),
		Routes: []patrol.Route{{Unit: `一组 <A&B>`, Shift: 2, Metres: 12345, Seconds: 11100, Line: orb.LineString{{113.5337, 22.2739}, {113.5338001, 22.27}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="gridbeat" xmlns="http://www.topografix.com/GPX/1/1">
 <metadata><name>plan-1</name><time>2026-01-05T00:00:00Z</time></metadata>
 <trk><name>一组 &lt;A&amp;B&gt;, shift 2</name><desc>12.3 km, 3 h 05 min, foot</desc><trkseg>
  <trkpt lat="22.2739000" lon="113.5337000"/>
  <trkpt lat="22.2700000" lon="113.5338001"/>
 </trkseg></trk>
</gpx>
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Errorf("GPX (-want +got):\n%s", d)
	}
	timed := strings.ReplaceAll(b.String(), `"/>`, `"><time>2026-01-05T08:00:00Z</time></trkpt>`)
	fixes, _, err := ingest.ReadPositions("plan.gpx", strings.NewReader(timed), geo.WGS84)
	if err != nil || len(fixes) != 2 || fixes[1].Point != (orb.Point{113.5338001, 22.27}) || fixes[0].Unit != "一组 <A&B>, shift 2" {
		t.Errorf("our own reader makes %v of it: %v", fixes, err)
	}
}
