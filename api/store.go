package api

import (
	"context"
	"time"

	"gridbeat/geo"
	"gridbeat/geo/district"
	"gridbeat/geo/district/edit"
	"gridbeat/geo/job"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

// Store is what the server reads and writes. Slices come sorted by id, code or time; what is
// not there is geo.ErrNotFound.
type Store interface {
	Station(ctx context.Context) (district.Station, error)
	Streets(ctx context.Context) ([]geo.Street, error)
	Posts(ctx context.Context) ([]geo.Post, error)
	Restrictions(ctx context.Context) ([]geo.Restriction, error)
	Districts(ctx context.Context) ([]geo.District, error)
	Communities(ctx context.Context) ([]geo.Community, error)
	Compounds(ctx context.Context) ([]geo.Compound, error)
	Buildings(ctx context.Context) ([]geo.Building, error)
	People(ctx context.Context) ([]dispatch.Person, error)
	Incidents(ctx context.Context) ([]dispatch.Incident, error)
	Incident(ctx context.Context, id string) (dispatch.Incident, error)
	History(ctx context.Context, id string) ([]dispatch.Entry, error)
	FindIncidents(ctx context.Context, q dispatch.Query) ([]dispatch.Incident, error)
	CreateIncident(ctx context.Context, i dispatch.Incident, in dispatch.Intake) (stored dispatch.Incident, created bool, err error)
	AdvanceIncident(ctx context.Context, i dispatch.Incident, e dispatch.Entry) error
	Positions(ctx context.Context, since, until time.Time) ([]patrol.Position, error)
	Units(ctx context.Context) ([]patrol.Unit, error)
	Shifts(ctx context.Context, since, until time.Time) ([]patrol.Shift, error)
	Coverage(ctx context.Context) ([]patrol.CoveredStreet, error)
	Edition(ctx context.Context, number int) (district.Edition, error)
	Editions(ctx context.Context) ([]district.EditionInfo, error)
	Plan(ctx context.Context, id string) (patrol.Plan, error)
	NewestPlan(ctx context.Context) (patrol.Plan, error)
	Barriers(ctx context.Context) ([]geo.Barrier, error)
	EditDraft(ctx context.Context, d district.Draft, steps []edit.Step, at time.Time) error
	Draft(ctx context.Context, id string) (district.Draft, error)
	Publish(ctx context.Context, draftID string, from, at time.Time) (district.Edition, error)
	job.Queue
	Changes(ctx context.Context, after int64, limit int) ([]geo.Change, error)
	News(ctx context.Context, hint func(live bool))
}
