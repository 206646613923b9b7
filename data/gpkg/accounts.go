package gpkg

import (
	"context"
	"time"

	"gridbeat/geo/account"
)

const (
	userColumns = `id, version, login, name, role, grid, language, person, password, disabled, created_at`
	listUsers   = `SELECT ` + userColumns + ` FROM users ORDER BY id`
	findUser    = `SELECT ` + userColumns + ` FROM users WHERE id = ?1`
	findLogin   = `SELECT ` + userColumns + ` FROM users WHERE login = ?1`
	insertUser  = `INSERT INTO users (` + userColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)`
	updateUser  = `UPDATE users SET version = ?2, login = ?3, name = ?4, role = ?5, grid = ?6, language = ?7, person = ?8,
		password = ?9, disabled = ?10, created_at = ?11 WHERE id = ?1`

	tokenColumns = `id, version, user, name, digest, scope, created_at, expires_at, revoked_at`
	listTokens   = `SELECT ` + tokenColumns + ` FROM tokens ORDER BY id`
	findToken    = `SELECT ` + tokenColumns + ` FROM tokens WHERE id = ?1`
	findDigest   = `SELECT ` + tokenColumns + ` FROM tokens WHERE digest = ?1`
	insertToken  = `INSERT INTO tokens (` + tokenColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`
	updateToken  = `UPDATE tokens SET version = ?2, user = ?3, name = ?4, digest = ?5, scope = ?6, created_at = ?7,
		expires_at = ?8, revoked_at = ?9 WHERE id = ?1`
)

var users = records[account.User]{
	noun: "user", table: "users", keyed: 1, alone: "login",
	find: findUser, insert: insertUser, update: updateUser,
	bind: func(v account.User) ([]any, error) {
		return []any{v.ID, v.Version, v.Login, v.Name, v.Role, v.Grid, v.Language, v.Person, v.Password, v.Disabled,
			v.CreatedAt}, v.Check()
	},
}

func scanUser(row scanner) (v account.User, err error) {
	return v, row.Scan(&v.ID, &v.Version, &v.Login, &v.Name, &v.Role, &v.Grid, &v.Language, &v.Person, &v.Password,
		&v.Disabled, moment{&v.CreatedAt})
}

var tokens = records[account.Token]{
	noun: "token", table: "tokens", keyed: 1, alone: "digest", names: "user",
	find: findToken, insert: insertToken, update: updateToken,
	bind: func(v account.Token) ([]any, error) {
		return []any{v.ID, v.Version, v.User, v.Name, v.Digest, v.Scope, v.CreatedAt, v.ExpiresAt, known(v.RevokedAt)}, v.Check()
	},
}

func scanToken(row scanner) (v account.Token, err error) {
	return v, row.Scan(&v.ID, &v.Version, &v.User, &v.Name, &v.Digest, &v.Scope, moment{&v.CreatedAt}, moment{&v.ExpiresAt},
		moment{&v.RevokedAt})
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
