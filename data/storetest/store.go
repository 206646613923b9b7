// Package storetest is the one contract that every store passes. Run is called
// by each store's own test with a function that opens an empty store.
package storetest

import (
	"context"
	"time"

	"github.com/paulmach/orb"

	"gridbeat/data/archive"
	"gridbeat/geo"
	"gridbeat/geo/account"
	"gridbeat/geo/district"
	"gridbeat/geo/district/edit"
	"gridbeat/geo/job"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

// Store is the union of what the layers above ask of a store. Each method is one
// transaction; each write appends to the change log in the same transaction.
// Slices come back sorted by id, code or time, so that output is deterministic.
// Times are kept to the millisecond, coordinates to the last bit.
//
// A value without an id, an id that stands twice in one call (the lines of one
// barrier share theirs) and a position that is no place on earth are refused with a
// *geo.InputError. A write that fails, or whose context ends, changes nothing.
//
// The kinds in the change log: station.saved; streets, districts, communities,
// compounds, buildings, blocks, people and positions with .imported, once a call and only
// when something differs, after an entry such as building.retired for each that is
// gone; trips.saved and coverage.saved, once a call when something differs;
// incident.created and incident.changed; draft.saved; district.saved for each
// outline that a publish changes, then edition.published; plan.saved; and .saved after
// the noun of every record that is saved one by one.
type Store interface {
	Station(ctx context.Context) (district.Station, error) // zero value when never saved
	SaveStation(ctx context.Context, s district.Station) error

	// The import methods replace their collection: what the file no longer holds is
	// retired. Added, changed, retired and unchanged are told by stable id.
	SaveStreets(ctx context.Context, m *geo.StreetMap, at time.Time) (geo.Counts, error) // streets, posts, restrictions, barriers; streets are counted
	SaveDistricts(ctx context.Context, ds []geo.District, at time.Time) (geo.Counts, error)
	SaveCommunities(ctx context.Context, cs []geo.Community, at time.Time) (geo.Counts, error)
	SaveCompounds(ctx context.Context, cs []geo.Compound, at time.Time) (geo.Counts, error)
	SaveBuildings(ctx context.Context, bs []geo.Building, at time.Time) (geo.Counts, error)

	// Blocks follow from the ground and are replaced as a whole; the log does not name
	// those that go.
	SaveBlocks(ctx context.Context, bs []geo.Block, at time.Time) (geo.Counts, error)
	Blocks(ctx context.Context) ([]geo.Block, error)

	// Import is several of these in one transaction: all or none.
	Import(ctx context.Context, v district.Import, at time.Time) (district.ImportCounts, error)

	Streets(ctx context.Context) ([]geo.Street, error)
	Posts(ctx context.Context) ([]geo.Post, error)
	Restrictions(ctx context.Context) ([]geo.Restriction, error)
	Barriers(ctx context.Context) ([]geo.Barrier, error)
	Districts(ctx context.Context) ([]geo.District, error)
	Communities(ctx context.Context) ([]geo.Community, error)
	Compounds(ctx context.Context) ([]geo.Compound, error)
	Buildings(ctx context.Context) ([]geo.Building, error)

	// These add or update by id and retire nothing. An incident that differs from
	// the stored one must have a higher version, else it is geo.ErrStale; a position's id is its unit, time and
	// simulated mark, and a repeated one takes the place of the first.
	SavePeople(ctx context.Context, ps []dispatch.Person, at time.Time) (geo.Counts, error)
	SaveIncidents(ctx context.Context, is []dispatch.Incident, at time.Time) (geo.Counts, error)
	SavePositions(ctx context.Context, ps []patrol.Position, at time.Time) (geo.Counts, error)
	// The same of so many that others would have to wait: in steps, each a transaction, and
	// short where others have to wait for it. All values are checked before
	// the first step; when one fails the steps before it stay, and the same load again does
	// the rest. told, which may be nil, is called after each step.
	LoadIncidents(ctx context.Context, is []dispatch.Incident, at time.Time, told func(done, total int)) (geo.Counts, error)
	LoadPositions(ctx context.Context, ps []patrol.Position, at time.Time, told func(done, total int)) (geo.Counts, error)
	People(ctx context.Context) ([]dispatch.Person, error)
	Incidents(ctx context.Context) ([]dispatch.Incident, error)
	Positions(ctx context.Context, since, until time.Time) ([]patrol.Position, error) // since <= at < until; zero times: no limit

	// What the tracks show to have been passed (see patrol.Tracer.Update): fixes and
	// trips one by one, by unit, real before simulated, and time. A trip's id is its
	// unit, mark and beginning. SaveCoverage replaces the sum by street, which follows
	// from the trips; archives leave both out.
	EachPosition(ctx context.Context, each func(patrol.Position) error) error
	EachTrip(ctx context.Context, since, until time.Time, each func(patrol.Trip) error) error // those that overlap since <= t < until; zero times: no limit
	SaveTrips(ctx context.Context, ts []patrol.Trip, gone []patrol.TripKey, at time.Time) error
	SaveCoverage(ctx context.Context, cs []patrol.CoveredStreet, at time.Time) (geo.Counts, error)
	Coverage(ctx context.Context) ([]patrol.CoveredStreet, error)
	// CreateIncident saves a new incident, version 1, under the next number of its day.
	// A key that came before with the same request gives the incident that was made
	// then, and created is false; with another request it is geo.ErrKeyReused.
	CreateIncident(ctx context.Context, i dispatch.Incident, in dispatch.Intake) (stored dispatch.Incident, created bool, err error)
	// AdvanceIncident saves what a step made of an incident: the version must be one
	// more than the stored one, else geo.ErrStale; geo.ErrNotFound where there is none.
	AdvanceIncident(ctx context.Context, i dispatch.Incident, e dispatch.Entry) error
	Incident(ctx context.Context, id string) (dispatch.Incident, error)               // geo.ErrNotFound
	History(ctx context.Context, id string) ([]dispatch.Entry, error)                 // by version
	FindIncidents(ctx context.Context, q dispatch.Query) ([]dispatch.Incident, error) // the newest first

	SaveDraft(ctx context.Context, d district.Draft, at time.Time) error // by id; Version must be one more than the stored one, else geo.ErrStale
	// EditDraft is SaveDraft of what edits made of a draft; they are appended to its list,
	// numbered, with the version that they led to, in the same transaction.
	EditDraft(ctx context.Context, d district.Draft, steps []edit.Step, at time.Time) error
	DraftEdits(ctx context.Context, id string) ([]edit.Step, error) // in their order; geo.ErrNotFound
	Draft(ctx context.Context, id string) (district.Draft, error)   // geo.ErrNotFound
	NewestDraft(ctx context.Context) (district.Draft, error)        // geo.ErrNotFound
	// Publish makes the draft the next edition, valid from that time, ends the one
	// before it and saves the draft's district outlines, all in one transaction. A
	// grid that leaves its district or overlaps another, a time before the last edition began, and a version of a draft that is already
	// published, are refused with a *geo.InputError.
	Publish(ctx context.Context, draftID string, from, at time.Time) (district.Edition, error)
	// GridAt is the code of the grid that a point lay in at a time, by the edition in force
	// then: on a border the lowest code, "" in no grid; geo.ErrNotFound without an edition.
	GridAt(ctx context.Context, p orb.Point, at time.Time) (string, error)
	Edition(ctx context.Context, number int) (district.Edition, error)         // geo.ErrNotFound
	EditionAt(ctx context.Context, at time.Time) (district.Edition, error)     // the one in force; geo.ErrNotFound
	Editions(ctx context.Context) ([]district.EditionInfo, error)              // by number
	SavePlan(ctx context.Context, p patrol.Plan, at time.Time) error           // a plan is never changed; a second save of an id is refused
	Plan(ctx context.Context, id string) (patrol.Plan, error)                  // geo.ErrNotFound
	NewestPlan(ctx context.Context) (patrol.Plan, error)                       // geo.ErrNotFound
	Changes(ctx context.Context, after int64, limit int) ([]geo.Change, error) // in order of sequence; limit 0: all

	// Users and tokens; see package account. Like all that is saved one by one, each save is
	// the next version of the record, one more than the stored one (1 for a new one), else
	// it is geo.ErrStale; the log has an entry for it, such as user.saved. Lists are by id
	// where nothing else is said, and what is not there is geo.ErrNotFound. What names
	// something that is not there, or takes what is another's alone, is refused with a
	// *geo.InputError.
	SaveUser(ctx context.Context, u account.User, at time.Time) error
	Users(ctx context.Context) ([]account.User, error)
	User(ctx context.Context, id string) (account.User, error)
	UserOf(ctx context.Context, login string) (account.User, error)
	SaveToken(ctx context.Context, k account.Token, at time.Time) error
	Tokens(ctx context.Context) ([]account.Token, error)
	Token(ctx context.Context, id string) (account.Token, error)
	TokenOf(ctx context.Context, digest string) (account.Token, error)

	// Units, their shifts and notices, in the same way.
	SaveUnit(ctx context.Context, u patrol.Unit, at time.Time) error
	Units(ctx context.Context) ([]patrol.Unit, error)
	Unit(ctx context.Context, id string) (patrol.Unit, error)
	SaveShift(ctx context.Context, v patrol.Shift, at time.Time) error
	Shifts(ctx context.Context, since, until time.Time) ([]patrol.Shift, error) // those that overlap since <= t < until, by start and id; zero times: no limit
	Shift(ctx context.Context, id string) (patrol.Shift, error)
	SaveNotice(ctx context.Context, n dispatch.Notice, at time.Time) error
	Notices(ctx context.Context) ([]dispatch.Notice, error) // by the time when they were made, then by id
	Notice(ctx context.Context, id string) (dispatch.Notice, error)

	// Jobs wait, run and end; see job.Queue. The log has an entry for each change of
	// their state: job.queued, job.running and so on. Archives leave them out.
	job.Queue

	// News calls hint when the log may have grown by a write through this store, until ctx
	// ends. Hints may be too many. While live is true acknowledged writes through other
	// stores are told too, soon but not for certain: the log is the truth.
	News(ctx context.Context, hint func(live bool))

	// Archive is one state of all of it. Restore writes one into a store that was never
	// written to, the change log with its sequences included; any other store is
	// refused with a *geo.InputError.
	Archive(ctx context.Context) (archive.Archive, error)
	Restore(ctx context.Context, a archive.Archive) error
	Close() error
}
