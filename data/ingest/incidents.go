package ingest

import (
	"fmt"
	"io"
	"strings"

	"gridbeat/geo"
	"gridbeat/routing/dispatch"
)

// ReadIncidents reads incidents from CSV, GeoJSON or JSON: id, category, priority
// (empty is normal), lon, lat, reported_at and optionally text. They come back
// reported, with their clocks set, without a grid. An id shorter than the 8
// characters that ids have here gets the prefix "import-".
func ReadIncidents(name string, r io.Reader, datum geo.Datum) ([]dispatch.Incident, []geo.Finding, error) {
	f, err := readRecords(name, r)
	if err != nil {
		return nil, nil, err
	}
	if err := f.refuseNames(); err != nil {
		return nil, nil, err
	}
	if err := f.needPlaces(); err != nil {
		return nil, nil, err
	}
	if err := f.columnsNeeded(idNames, []string{"category"}, []string{"reported_at"}); err != nil {
		return nil, nil, err
	}
	out := make([]dispatch.Incident, 0, len(f.records))
	for _, rec := range f.records {
		i := dispatch.Incident{
			ID: f.id(rec, idNames...), Category: dispatch.Category(rec.get("category")), Priority: dispatch.Priority(rec.get("priority")),
			State: dispatch.Reported, Text: rec.get("text"), ReportedAt: f.moment(rec, "reported_at"), Version: 1,
		}
		if len(i.ID) < 8 {
			i.ID = "import-" + i.ID
		}
		if !dispatch.KnownCategory(i.Category) {
			f.fault(rec, "category-unknown", fmt.Sprintf("the category is %q", i.Category), "use one of "+categories())
		}
		switch i.Priority {
		case "":
			i.Priority = dispatch.Normal
		case dispatch.Normal, dispatch.Urgent:
		default:
			f.fault(rec, "priority-unknown", fmt.Sprintf("the priority is %q", i.Priority), "use normal or urgent")
		}
		p, _ := f.place(rec, datum)
		i.Point = geo.RoundE7(p)
		i.AnswerDueAt, i.CloseDueAt = dispatch.Due(i.Priority, i.ReportedAt)
		if f.full() {
			break
		}
		out = append(out, i)
	}
	return out, f.findings, f.done()
}

func categories() string {
	var words []string
	for _, c := range dispatch.Categories {
		words = append(words, string(c))
	}
	return strings.Join(words, ", ")
}

// refuseNames refuses a column name where it can only be the name of a person.
func (f *recordFile) refuseNames() error {
	for _, h := range f.header {
		if strings.EqualFold(h, "name") || h == "名称" || h == "名字" {
			return bad(f.source, "personal-column", "column "+h, fmt.Sprintf("the column %q looks like data about persons", h), personalRemedy)
		}
	}
	return nil
}
