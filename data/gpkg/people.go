package gpkg

import (
	"context"
	"time"

	"gridbeat/geo"
	"gridbeat/routing/dispatch"
)

const personColumns = `id, name, role, duty_phone, grid, district, simulated`

const (
	listPeople = `SELECT ` + personColumns + ` FROM people ORDER BY id`
	findPerson = `SELECT ` + personColumns + ` FROM people WHERE id = ?1`

	insertPerson = `INSERT INTO people (` + personColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`
	updatePerson = `UPDATE people SET name = ?2, role = ?3, duty_phone = ?4, grid = ?5, district = ?6,
		simulated = ?7 WHERE id = ?1`
)

var people = records[dispatch.Person]{
	noun: "person", table: "people", keyed: 1,
	find: findPerson, insert: insertPerson, update: updatePerson,
	bind: func(v dispatch.Person) ([]any, error) {
		return []any{v.ID, v.Name, v.Role, v.DutyPhone, v.Grid, v.District, v.Simulated}, nil
	},
}

func scanPerson(row scanner) (v dispatch.Person, err error) {
	return v, row.Scan(&v.ID, &v.Name, &v.Role, &v.DutyPhone, &v.Grid, &v.District, &v.Simulated)
}

// SavePeople adds or changes people by id.
func (s *Store) SavePeople(ctx context.Context, ps []dispatch.Person, at time.Time) (geo.Counts, error) {
	return addAll(ctx, s, people, "people", ps, at)
}

// People lists the people by id.
func (s *Store) People(ctx context.Context) ([]dispatch.Person, error) {
	return readAll(ctx, s, "people", listPeople, scanPerson)
}
