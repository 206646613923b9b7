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
	"gridbeat/geo/district"
	"gridbeat/routing/dispatch"
)

// accountStore is what the commands of accounts ask of a store.
type accountStore interface {
	SaveUser(ctx context.Context, u account.User, at time.Time) error
	Users(ctx context.Context) ([]account.User, error)
	UserOf(ctx context.Context, login string) (account.User, error)
	SaveToken(ctx context.Context, k account.Token, at time.Time) error
	Tokens(ctx context.Context) ([]account.Token, error)
	Token(ctx context.Context, id string) (account.Token, error)
}

// usersAddCmd makes an account of the station.
type usersAddCmd struct {
	storeFlag
	Login      string       `arg:"" help:"The name to log in by: letters, digits, '.', '_', '-' or '@'."`
	Role       account.Role `required:"" enum:"viewer,member,dispatcher,planner,admin" help:"What the user may do: ${enum}, each with more rights than the one before it."`
	Name       string       `help:"The user's own name."`
	Grid       string       `placeholder:"CODE" help:"A member's own grid."`
	Language   string       `placeholder:"zh-CN" help:"Language of the pages; the station's by default."`
	Person     string       `placeholder:"ID" help:"The member of staff who it is, as import people knows them."`
	NoPassword bool         `help:"No password: a user who comes by token alone."`
}

// Run does the command. The password comes from the terminal or the first line of
// standard input, never from an argument, which others on the machine could read.
func (u *usersAddCmd) Run(ctx context.Context, con *console) error {
	if err := u.check(); err != nil {
		return err
	}
	return u.use(ctx, func(st store) error {
		if err := u.free(ctx, st, con.now()); err != nil {
			return err
		}
		next := account.User{ID: newSecret("user"), Login: u.Login, Name: u.Name, Role: u.Role, Grid: u.Grid, Language: u.Language,
			Person: u.Person, CreatedAt: con.now(), Version: 1}
		if !u.NoPassword {
			password, err := con.newPassword()
			if err != nil {
				return err
			}
			salt := make([]byte, account.SaltBytes)
			if _, err := rand.Read(salt); err != nil {
				return err
			}
			next.Password = account.PasswordDigest(password, salt)
		}
		if err := st.SaveUser(ctx, next, con.now()); err != nil {
			return err
		}
		return con.result(userAnswer(next, nil), fmt.Sprintf("user %s may log in as %s", next.Login, next.Role))
	})
}

func (u *usersAddCmd) check() error {
	if err := account.CheckLogin(u.Login); err != nil {
		return fmt.Errorf("%q: %w", u.Login, err)
	}
	switch {
	case u.Role == account.Member && u.Grid == "":
		return errors.New("a member works in its own grid: name it by --grid CODE")
	case u.Role != account.Member && u.Grid != "":
		return fmt.Errorf("--grid is for members; a %s works in all grids", u.Role)
	}
	return nil
}

// free refuses a login that is taken, and a grid or a person that the station has not.
func (u *usersAddCmd) free(ctx context.Context, st store, now time.Time) error {
	switch _, err := st.UserOf(ctx, u.Login); {
	case err == nil:
		return fmt.Errorf("there is a user %s already; choose another login", u.Login)
	case !errors.Is(err, geo.ErrNotFound):
		return err
	}
	if u.Grid != "" {
		e, _, err := inForce(ctx, st, now)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(e.Grids, func(g district.Grid) bool { return g.Code == u.Grid }) {
			return fmt.Errorf("no grid %s is in force; see gridbeat export grids", u.Grid)
		}
	}
	if u.Person == "" {
		return nil
	}
	people, err := st.People(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(people, func(p dispatch.Person) bool { return p.ID == u.Person }) {
		return fmt.Errorf("there is no person %s; bring staff by gridbeat import people", u.Person)
	}
	return nil
}

// usersListCmd tells the accounts and their tokens.
type usersListCmd struct {
	storeFlag
}

// Run does the command.
func (u *usersListCmd) Run(ctx context.Context, con *console) error {
	return u.use(ctx, func(st store) error {
		users, err := st.Users(ctx)
		if err != nil {
			return err
		}
		tokens, err := st.Tokens(ctx)
		if err != nil {
			return err
		}
		slices.SortFunc(users, func(a, b account.User) int { return strings.Compare(a.Login, b.Login) })
		answers, lines := []map[string]any{}, []string{}
		for _, v := range users {
			own := slices.DeleteFunc(slices.Clone(tokens), func(k account.Token) bool { return k.User != v.ID })
			answers = append(answers, userAnswer(v, own))
			lines = append(lines, userLines(v, own, con.now())...)
		}
		if len(lines) == 0 {
			lines = []string{"no users; make one with: gridbeat users add LOGIN --role admin"}
		}
		return con.result(map[string]any{"users": answers}, strings.Join(lines, "\n"))
	})
}

// userAnswer tells of a user what is no secret: no digest among it.
func userAnswer(u account.User, own []account.Token) map[string]any {
	tokens := []map[string]any{}
	for _, k := range own {
		tokens = append(tokens, tokenAnswer(k, u.Login))
	}
	return map[string]any{"id": u.ID, "login": u.Login, "name": u.Name, "role": u.Role, "grid": u.Grid, "language": u.Language,
		"person": u.Person, "password": u.Password != "", "disabled": u.Disabled, "created_at": u.CreatedAt.Format(time.RFC3339), "tokens": tokens}
}

func userLines(u account.User, own []account.Token, now time.Time) []string {
	line := fmt.Sprintf("%s  %s", u.Login, u.Role)
	for _, more := range []string{u.Grid, u.Name} {
		if more != "" {
			line += "  " + more
		}
	}
	if u.Disabled {
		line += "  disabled"
	}
	lines := []string{line}
	for _, k := range own {
		state := "until " + k.ExpiresAt.Format(time.DateOnly)
		switch {
		case !k.RevokedAt.IsZero():
			state = "revoked"
		case !k.Valid(now):
			state = "expired"
		}
		lines = append(lines, fmt.Sprintf("  token %s  %s  %s  %s", k.ID, k.Scope, state, k.Name))
	}
	return lines
}

// usersDisableCmd shuts an account.
type usersDisableCmd struct {
	storeFlag
	Login string `arg:"" help:"The user's login."`
}

// Run does the command. The account stays, so that what it did keeps its name; its
// tokens are revoked.
func (u *usersDisableCmd) Run(ctx context.Context, con *console) error {
	return u.use(ctx, func(st store) error {
		v, err := userNamed(ctx, st, u.Login)
		if err != nil {
			return err
		}
		if !v.Disabled {
			v.Disabled, v.Version = true, v.Version+1
			if err := st.SaveUser(ctx, v, con.now()); err != nil {
				return err
			}
		}
		tokens, err := st.Tokens(ctx)
		if err != nil {
			return err
		}
		revoked := 0
		for _, k := range tokens {
			if k.User != v.ID || !k.RevokedAt.IsZero() {
				continue
			}
			if err := revoke(ctx, st, k, con.now()); err != nil {
				return err
			}
			revoked++
		}
		return con.result(map[string]any{"login": v.Login, "disabled": true, "tokens_revoked": revoked},
			fmt.Sprintf("user %s is disabled; tokens revoked: %d", v.Login, revoked))
	})
}

func userNamed(ctx context.Context, st store, login string) (account.User, error) {
	v, err := st.UserOf(ctx, login)
	if errors.Is(err, geo.ErrNotFound) {
		err = fmt.Errorf("there is no user %s; see gridbeat users list", login)
	}
	return v, err
}
