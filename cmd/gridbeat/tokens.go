package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gridbeat/geo"
	"gridbeat/geo/account"
)

// newSecret is an id or a secret that nobody guesses: 130 random bits behind its kind.
func newSecret(kind string) string { return kind + "_" + strings.ToLower(rand.Text()) }

// tokensAddCmd makes a token by which a program acts for a user.
type tokensAddCmd struct {
	storeFlag
	Login string       `arg:"" help:"The login of the user for whom it acts."`
	Name  string       `required:"" help:"What it is for."`
	Scope account.Role `placeholder:"ROLE" help:"The most it may do: viewer, member, dispatcher, planner or admin; all that the user may by default."`
	Days  int          `default:"365" help:"How many days it counts."`
}

const mostTokenDays = 10 * 365

// Run does the command. The token itself is told this once: the store keeps its digest.
func (t *tokensAddCmd) Run(ctx context.Context, con *console) error {
	if t.Days < 1 || t.Days > mostTokenDays {
		return fmt.Errorf("--days %d: give 1 to %d", t.Days, mostTokenDays)
	}
	if t.Scope != "" && !slices.Contains(account.Roles, t.Scope) {
		return fmt.Errorf("--scope %s is none of %v", t.Scope, account.Roles)
	}
	return t.use(ctx, func(st store) error {
		u, err := userNamed(ctx, st, t.Login)
		switch {
		case err != nil:
			return err
		case u.Disabled:
			return fmt.Errorf("user %s is disabled", u.Login)
		}
		scope := t.Scope
		if scope == "" {
			scope = u.Role
		}
		if slices.Index(account.Roles, scope) > slices.Index(account.Roles, u.Role) {
			return fmt.Errorf("--scope %s is more than user %s may do, who is a %s", scope, u.Login, u.Role)
		}
		secret := newSecret("gridbeat")
		k := account.Token{ID: newSecret("token"), User: u.ID, Name: t.Name, Digest: account.TokenDigest(secret), Scope: scope,
			CreatedAt: con.now(), ExpiresAt: con.now().AddDate(0, 0, t.Days), Version: 1}
		if err := st.SaveToken(ctx, k, con.now()); err != nil {
			return err
		}
		con.say("token %s acts for %s as %s until %s; it is shown this once", k.ID, u.Login, k.Scope, k.ExpiresAt.Format(time.DateOnly))
		answer := tokenAnswer(k, u.Login)
		answer["token"] = secret
		return con.result(answer, secret)
	})
}

func tokenAnswer(k account.Token, login string) map[string]any {
	a := map[string]any{"id": k.ID, "login": login, "name": k.Name, "scope": k.Scope, "created_at": k.CreatedAt.Format(time.RFC3339),
		"expires_at": k.ExpiresAt.Format(time.RFC3339)}
	if !k.RevokedAt.IsZero() {
		a["revoked_at"] = k.RevokedAt.Format(time.RFC3339)
	}
	return a
}

// tokensRevokeCmd ends a token before its time.
type tokensRevokeCmd struct {
	storeFlag
	ID string `arg:"" help:"The token's id: tokens add and users list tell it."`
}

// Run does the command. A token that is revoked stays so.
func (t *tokensRevokeCmd) Run(ctx context.Context, con *console) error {
	return t.use(ctx, func(st store) error {
		k, err := st.Token(ctx, t.ID)
		switch {
		case errors.Is(err, geo.ErrNotFound):
			return errors.New("there is no such token; give the id that users list tells, not the token itself")
		case err != nil:
			return err
		}
		if k.RevokedAt.IsZero() {
			if err := revoke(ctx, st, k, con.now()); err != nil {
				return err
			}
		}
		return con.result(map[string]any{"id": k.ID, "revoked": true}, "token "+k.ID+" is revoked")
	})
}

func revoke(ctx context.Context, st store, k account.Token, now time.Time) error {
	k.RevokedAt, k.Version = now, k.Version+1
	return st.SaveToken(ctx, k, now)
}
