package postgis

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"gridbeat/geo/account"
)

const (
	findUsers = `SELECT id, version, login, name, role, grid, language, person, password, disabled, created_at
		FROM gridbeat.users WHERE station = $1`
	listUsers = findUsers + ` ORDER BY id COLLATE "C"`
	findUser  = findUsers + ` AND id = $2`
	findLogin = findUsers + ` AND login = $2`

	findTokens = `SELECT id, version, user_id, name, digest, scope, created_at, expires_at, revoked_at
		FROM gridbeat.tokens WHERE station = $1`
	listTokens = findTokens + ` ORDER BY id COLLATE "C"`
	findToken  = findTokens + ` AND id = $2`
	findDigest = findTokens + ` AND digest = $2`
)

var users = records[account.User]{
	noun: "user", table: "users", keyed: 1, alone: "login",
	columns: []string{"id", "version", "login", "name", "role", "grid", "language", "person", "password", "disabled", "created_at"},
	bind: func(v account.User) ([]any, error) {
		return []any{v.ID, v.Version, v.Login, v.Name, string(v.Role), v.Grid, v.Language, v.Person, v.Password, v.Disabled,
			stamp(v.CreatedAt)}, v.Check()
	},
}

func scanUser(row pgx.CollectableRow) (v account.User, err error) {
	err = row.Scan(&v.ID, &v.Version, &v.Login, &v.Name, &v.Role, &v.Grid, &v.Language, &v.Person, &v.Password, &v.Disabled,
		&v.CreatedAt)
	return v, err
}

var tokens = records[account.Token]{
	noun: "token", table: "tokens", keyed: 1, alone: "digest", names: "user",
	columns: []string{"id", "version", "user_id", "name", "digest", "scope", "created_at", "expires_at", "revoked_at"},
	bind: func(v account.Token) ([]any, error) {
		return []any{v.ID, v.Version, v.User, v.Name, v.Digest, string(v.Scope), stamp(v.CreatedAt), stamp(v.ExpiresAt),
			known(v.RevokedAt)}, v.Check()
	},
}

func scanToken(row pgx.CollectableRow) (v account.Token, err error) {
	var revoked *time.Time
	err = row.Scan(&v.ID, &v.Version, &v.User, &v.Name, &v.Digest, &v.Scope, &v.CreatedAt, &v.ExpiresAt, &revoked)
	v.RevokedAt = orZero(revoked)
	return v, err
}

// SaveUser saves the next version of a user.
func (s *Store) SaveUser(ctx context.Context, u account.User, at time.Time) error {
	return saveNext(ctx, s, users, u, u.ID, u.Version, at)
}

// Users lists the users by id.
func (s *Store) Users(ctx context.Context) ([]account.User, error) {
	return readAll(ctx, s, "users", listUsers, scanUser)
}

// User returns the user of that id, or geo.ErrNotFound.
func (s *Store) User(ctx context.Context, id string) (account.User, error) {
	return readOne(ctx, s, "user "+id, findUser, scanUser, id)
}

// UserOf returns the user who logs in by that name, or geo.ErrNotFound.
func (s *Store) UserOf(ctx context.Context, login string) (account.User, error) {
	return readOne(ctx, s, "user of login "+login, findLogin, scanUser, login)
}

// SaveToken saves the next version of a token.
func (s *Store) SaveToken(ctx context.Context, k account.Token, at time.Time) error {
	return saveNext(ctx, s, tokens, k, k.ID, k.Version, at)
}

// Tokens lists the tokens by id.
func (s *Store) Tokens(ctx context.Context) ([]account.Token, error) {
	return readAll(ctx, s, "tokens", listTokens, scanToken)
}

// Token returns the token of that id, or geo.ErrNotFound.
func (s *Store) Token(ctx context.Context, id string) (account.Token, error) {
	return readOne(ctx, s, "token "+id, findToken, scanToken, id)
}

// TokenOf returns the token of that digest, or geo.ErrNotFound.
func (s *Store) TokenOf(ctx context.Context, digest string) (account.Token, error) {
	return readOne(ctx, s, "token of a digest", findDigest, scanToken, digest)
}
