package storetest

import (
	"context"
	"testing"
	"time"

	"gridbeat/geo"
	"gridbeat/geo/account"
	"gridbeat/geo/district"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

// contents is all that can be read from a store.
type contents struct {
	Station      district.Station
	Streets      []geo.Street
	Posts        []geo.Post
	Restrictions []geo.Restriction
	Barriers     []geo.Barrier
	Districts    []geo.District
	Communities  []geo.Community
	Compounds    []geo.Compound
	Buildings    []geo.Building
	Blocks       []geo.Block
	People       []dispatch.Person
	Incidents    []dispatch.Incident
	Positions    []patrol.Position
	Editions     []district.EditionInfo
	Users        []account.User
	Tokens       []account.Token
	Units        []patrol.Unit
	Shifts       []patrol.Shift
	Notices      []dispatch.Notice
	Changes      []geo.Change
}

func everything(t *testing.T, ctx context.Context, s Store) (c contents) {
	t.Helper()
	read(t, &c.Station)(s.Station(ctx))
	read(t, &c.Streets)(s.Streets(ctx))
	read(t, &c.Posts)(s.Posts(ctx))
	read(t, &c.Restrictions)(s.Restrictions(ctx))
	read(t, &c.Barriers)(s.Barriers(ctx))
	read(t, &c.Districts)(s.Districts(ctx))
	read(t, &c.Communities)(s.Communities(ctx))
	read(t, &c.Compounds)(s.Compounds(ctx))
	read(t, &c.Buildings)(s.Buildings(ctx))
	read(t, &c.Blocks)(s.Blocks(ctx))
	read(t, &c.People)(s.People(ctx))
	read(t, &c.Incidents)(s.Incidents(ctx))
	read(t, &c.Positions)(s.Positions(ctx, time.Time{}, time.Time{}))
	read(t, &c.Editions)(s.Editions(ctx))
	read(t, &c.Users)(s.Users(ctx))
	read(t, &c.Tokens)(s.Tokens(ctx))
	read(t, &c.Units)(s.Units(ctx))
	read(t, &c.Shifts)(s.Shifts(ctx, time.Time{}, time.Time{}))
	read(t, &c.Notices)(s.Notices(ctx))
	read(t, &c.Changes)(s.Changes(ctx, 0, 1_000_000))
	return c
}

func read[V any](t *testing.T, into *V) func(V, error) {
	t.Helper()
	return func(v V, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		*into = v
	}
}
