// Package account says who may use a station: users with a role, and tokens that act
// for them. A password or a token itself is never kept, only its digest; Check refuses
// a record that holds anything else in its place.
package account

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// Role is what a user may do in a station.
type Role string

// The roles, each with more rights than the one before it.
const (
	Viewer     Role = "viewer"
	Member     Role = "member" // writes in its own grid
	Dispatcher Role = "dispatcher"
	Planner    Role = "planner"
	Admin      Role = "admin"
)

// Roles lists all roles, the least first.
var Roles = []Role{Viewer, Member, Dispatcher, Planner, Admin}

// User is an account of a station.
type User struct {
	ID        string
	Login     string // one user's alone
	Name      string
	Role      Role
	Grid      string // code of a member's own grid, else ""
	Language  string // BCP 47, such as zh-CN; "" for the station's
	Person    string // id of the member of staff who it is, "" for a program
	Password  string // argon2id digest in PHC form; "" for one who comes by token or single sign-on
	Disabled  bool
	CreatedAt time.Time
	Version   int
}

// Token lets a program act for a user, with the rights of its scope at most.
type Token struct {
	ID        string
	User      string // id
	Name      string // what it is for
	Digest    string // TokenDigest of the secret, one token's alone
	Scope     Role   // never more than the user's own role
	CreatedAt time.Time
	ExpiresAt time.Time
	RevokedAt time.Time // zero until then
	Version   int
}

var (
	argonDigest = regexp.MustCompile(`^\$argon2id\$v=19\$m=[0-9]+,t=[0-9]+,p=[0-9]+\$[A-Za-z0-9+/]{22,}\$[A-Za-z0-9+/]{43,}$`)
	tokenDigest = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// TokenDigest is what is kept of a token's secret: its SHA-256 in hexadecimal. Secrets
// are long and random, so that nothing slower is needed.
func TokenDigest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

var login = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$`)

// CheckLogin says why a new user cannot log in by a name, nil when it can.
func CheckLogin(name string) error {
	if !login.MatchString(name) {
		return errors.New("a login has 1 to 64 letters, digits, '.', '_', '-' or '@', and begins with a letter or a digit")
	}
	return nil
}

// Check says why a user cannot be kept, nil when it can.
func (u User) Check() error {
	switch {
	case u.Login == "":
		return errors.New("it has no login")
	case !slices.Contains(Roles, u.Role):
		return fmt.Errorf("its role %q is none of %v", u.Role, Roles)
	case u.Password != "" && !argonDigest.MatchString(u.Password):
		return errors.New("its password is no argon2id digest") // and is not repeated here
	}
	return nil
}

// Check says why a token cannot be kept, nil when it can.
func (t Token) Check() error {
	switch {
	case t.User == "":
		return errors.New("it belongs to no user")
	case !tokenDigest.MatchString(t.Digest):
		return errors.New("its digest is no SHA-256") // and is not repeated here
	case !slices.Contains(Roles, t.Scope):
		return fmt.Errorf("its scope %q is none of %v", t.Scope, Roles)
	case !t.ExpiresAt.After(t.CreatedAt):
		return errors.New("it expires before it begins")
	}
	return nil
}

// Valid reports whether the token counts at a time.
func (t Token) Valid(at time.Time) bool {
	return !at.Before(t.CreatedAt) && at.Before(t.ExpiresAt) && t.RevokedAt.IsZero()
}
