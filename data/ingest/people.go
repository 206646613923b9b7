package ingest

import (
	"fmt"
	"io"
	"strings"

	"gridbeat/geo"
	"gridbeat/routing/dispatch"
)

var roles = map[string]dispatch.Role{
	"leader": dispatch.Leader, "网格长": dispatch.Leader,
	"officer": dispatch.Officer, "社区民警": dispatch.Officer, "指导员": dispatch.Officer,
	"member": dispatch.Member, "网格员": dispatch.Member,
}

var staffColumns = []string{"id", "name", "role", "duty_phone", "grid", "district"}

// ReadPeople reads staff and volunteers, never residents, from CSV or JSON: id,
// name, role (leader, officer or member), duty_phone, grid, district. Any further
// column that looks personal is refused.
func ReadPeople(name string, r io.Reader) ([]dispatch.Person, []geo.Finding, error) {
	f, err := readRecords(name, r, staffColumns...)
	if err != nil {
		return nil, nil, err
	}
	if err := f.columnsNeeded([]string{"id"}, []string{"name"}, []string{"role"}); err != nil {
		return nil, nil, err
	}
	out := make([]dispatch.Person, 0, len(f.records))
	for _, rec := range f.records {
		p := dispatch.Person{
			ID: f.id(rec, "id"), Name: rec.get("name"), Role: roles[strings.ToLower(rec.get("role"))],
			DutyPhone: rec.get("duty_phone"), Grid: rec.get("grid"), District: rec.get("district"),
		}
		if p.Name == "" {
			f.fault(rec, "name-missing", "the name is empty", "give the name of the member of staff")
		}
		if p.Role == "" {
			f.fault(rec, "role-unknown", fmt.Sprintf("the role is %q", rec.get("role")), "use leader, officer or member")
		}
		if p.Grid == "" && p.District == "" {
			f.fault(rec, "post-missing", "neither grid nor district is given", "say where the person serves")
		}
		if strings.Trim(p.DutyPhone, "0123456789+-() ") != "" || len(p.DutyPhone) > 30 {
			f.fault(rec, "phone-unreadable", fmt.Sprintf("duty_phone is %q", p.DutyPhone), "give one number, digits only")
		}
		if f.full() {
			break
		}
		out = append(out, p)
	}
	return out, f.findings, f.done()
}
