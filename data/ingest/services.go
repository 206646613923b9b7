package ingest

import (
	"io"
	"strconv"
	"time"

	"gridbeat/routing/patrol"
)

// ReadServices reads which streets patrols visit more often than once, or with one unit
// only, from CSV or JSON: id (of the street), visits (1 where empty), apart_minutes, unit.
// What is wrong is a *geo.InputError with its lines.
func ReadServices(name string, r io.Reader) ([]patrol.Service, error) {
	f, err := readRecords(name, r, "name")
	if err != nil {
		return nil, err
	}
	if err := f.columnsNeeded(idNames); err != nil {
		return nil, err
	}
	var out []patrol.Service
	for _, rec := range f.records {
		s := patrol.Service{Street: f.id(rec, idNames...), Visits: 1, Unit: rec.get("unit")}
		if text := rec.get("visits"); text != "" {
			if s.Visits, err = strconv.Atoi(text); err != nil || s.Visits < 1 {
				f.fault(rec, "visits-no-number", "visits is "+strconv.Quote(text), "give how often the street is visited, such as 2")
			}
		}
		if text := rec.get("apart_minutes"); text != "" {
			minutes, err := strconv.ParseFloat(text, 64)
			if err != nil || !(minutes >= 0 && minutes <= 24*60) {
				f.fault(rec, "apart-no-number", "apart_minutes is "+strconv.Quote(text), "give the minutes from one visit to the next, such as 90")
			}
			s.Apart = time.Duration(minutes * float64(time.Minute))
		}
		if s.Visits == 1 && s.Apart == 0 && s.Unit == "" {
			f.fault(rec, "service-empty", "the line asks for nothing", "give visits, apart_minutes or unit")
		}
		if out = append(out, s); f.full() {
			break
		}
	}
	return out, f.done()
}
