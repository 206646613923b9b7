package storetest

import (
	"testing"
	"time"

	"gridbeat/geo/account"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

// The login of the member whom Enrol makes, and the secret of the token.
const (
	EnrolledLogin  = "chen.the.member"
	EnrolledSecret = "who may come in"
)

// Enrol gives a store a member of a grid, who has a token, a unit with a shift, and a
// notice to the grid: one of each of what is saved one by one.
func Enrol(t testing.TB, s Store, grid string, now time.Time) {
	t.Helper()
	ctx := t.Context()
	for _, err := range []error{
		s.SaveUser(ctx, account.User{ID: "u1", Login: EnrolledLogin, Role: account.Member, Grid: grid, CreatedAt: now, Version: 1}, now),
		s.SaveToken(ctx, account.Token{ID: "k1", User: "u1", Digest: account.TokenDigest(EnrolledSecret), Scope: account.Viewer,
			CreatedAt: now, ExpiresAt: now.Add(time.Hour), Version: 1}, now),
		s.SaveUnit(ctx, patrol.Unit{ID: "甲", Version: 1}, now),
		s.SaveShift(ctx, patrol.Shift{ID: "s1", Unit: "甲", Starts: now, Ends: now.Add(time.Hour), Version: 1}, now),
		s.SaveNotice(ctx, dispatch.Notice{ID: "n1", Aim: dispatch.Warning, Title: "台风", Grids: []string{grid}, CreatedAt: now, Version: 1}, now),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}
