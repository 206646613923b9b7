package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"gridbeat/geo"
	"gridbeat/geo/account"
)

// townDigest is what argon2id makes of a password.
const townDigest = "$argon2id$v=19$m=65536,t=3,p=2$c29tZXNhbHRzb21lc2FsdA$CWOrkoo7oJBQ/iyh7uJ0LO2aLEfrHwTWllSAxT0zRno"

func townUsers() []account.User {
	return []account.User{
		{ID: "u1", Login: "chen", Name: "陈一", Role: account.Member, Grid: "440402001900001", Language: "zh-CN", Person: "p1",
			Password: townDigest, CreatedAt: day(1).Add(7 * time.Millisecond), Version: 1},
		{ID: "u2", Login: "li.er@例.cn", Role: account.Admin, Disabled: true, CreatedAt: day(1), Version: 1},
	}
}

func townTokens() []account.Token {
	return []account.Token{
		{ID: "k1", User: "u1", Name: "大屏", Digest: account.TokenDigest("one"), Scope: account.Viewer, CreatedAt: day(1),
			ExpiresAt: day(30).Add(time.Millisecond), RevokedAt: day(9), Version: 1},
		{ID: "k2", User: "u2", Digest: account.TokenDigest("two"), Scope: account.Planner, CreatedAt: day(2), ExpiresAt: day(3), Version: 1},
	}
}

func testUsers(t *testing.T, open Open) {
	ctx, s := t.Context(), open(t)
	testSeries(t, s, series[account.User]{noun: "user", values: townUsers(), save: s.SaveUser, list: s.Users, one: s.User,
		id: func(u account.User) string { return u.ID }, version: func(u *account.User) *int { return &u.Version },
		change: func(u *account.User) { u.Name, u.Role, u.Disabled = "改名", account.Viewer, !u.Disabled },
		spoil: map[string]func(*account.User){
			"an unknown role":     func(u *account.User) { u.Role = "root" },
			"a password in clear": func(u *account.User) { u.Password = "letmein" },
			"another's login":     func(u *account.User) { u.ID, u.Version, u.Login = "u9", 1, "chen" },
		}})
	t.Run("a user is found by login", func(t *testing.T) {
		if u := must(s.UserOf(ctx, "chen"))(t); u.ID != "u1" {
			t.Errorf("chen is %q", u.ID)
		}
		for _, nobody := range []string{"", "Chen", "u1"} {
			if _, err := s.UserOf(ctx, nobody); !errors.Is(err, geo.ErrNotFound) {
				t.Errorf("%q: %v, want geo.ErrNotFound", nobody, err)
			}
		}
	})
}

func testTokens(t *testing.T, open Open) {
	ctx, s := t.Context(), open(t)
	orphan := townTokens()[0]
	refused(t, unharmed(t, ctx, s, func() error { return s.SaveToken(ctx, orphan, day(1)) }))
	for _, u := range townUsers() {
		must(0, s.SaveUser(ctx, u, day(1)))(t)
	}
	testSeries(t, s, series[account.Token]{noun: "token", values: townTokens(), save: s.SaveToken, list: s.Tokens, one: s.Token,
		id: func(k account.Token) string { return k.ID }, version: func(k *account.Token) *int { return &k.Version },
		change: func(k *account.Token) { k.RevokedAt = day(12) },
		spoil: map[string]func(*account.Token){
			"a secret in clear": func(k *account.Token) { k.Digest = "two" },
			"another's secret":  func(k *account.Token) { k.ID, k.Version, k.Digest = "k9", 1, account.TokenDigest("two") },
			"nobody's":          func(k *account.Token) { k.User = "u7" },
		}})
	t.Run("a token is found by its digest", func(t *testing.T) {
		if k := must(s.TokenOf(ctx, account.TokenDigest("two")))(t); k.ID != "k2" {
			t.Errorf("the token is %q", k.ID)
		}
		for _, none := range []string{"", "two", account.TokenDigest("three")} {
			if _, err := s.TokenOf(ctx, none); !errors.Is(err, geo.ErrNotFound) {
				t.Errorf("%q: %v, want geo.ErrNotFound", none, err)
			}
		}
	})
}

// series is a kind of record that is saved one by one, each save as its next version.
type series[V any] struct {
	noun    string
	values  []V // sorted as they are listed, at least two, version 1
	save    func(context.Context, V, time.Time) error
	list    func(context.Context) ([]V, error)
	one     func(context.Context, string) (V, error)
	id      func(V) string
	version func(*V) *int
	change  func(*V)
	spoil   map[string]func(*V) // of the first one, whose version is then the next
}

// testSeries leaves the values in the store, the first one changed to version 2.
func testSeries[V any](t *testing.T, s Store, c series[V]) {
	ctx := t.Context()
	want := append([]V{}, c.values...)
	t.Run("what is not there is not found, and only its first version can be saved", func(t *testing.T) {
		if _, err := c.one(ctx, c.id(want[0])); !errors.Is(err, geo.ErrNotFound) {
			t.Errorf("%v, want geo.ErrNotFound", err)
		}
		for _, version := range []int{0, 2} {
			late := want[0]
			*c.version(&late) = version
			if err := unharmed(t, ctx, s, func() error { return c.save(ctx, late, day(1)) }); !errors.Is(err, geo.ErrStale) {
				t.Errorf("version %d: %v, want geo.ErrStale", version, err)
			}
		}
	})
	t.Run("every field comes back, sorted", func(t *testing.T) {
		for i := len(want) - 1; i >= 0; i-- {
			must(0, c.save(geo.ActingAs(ctx, "the desk"), want[i], day(3)))(t)
		}
		equal(t, want, must(c.list(ctx))(t))
		equal(t, want[1], must(c.one(ctx, c.id(want[1])))(t))
	})
	t.Run("the next version takes the place of the one before, and each has its entry in the log", func(t *testing.T) {
		c.change(&want[0])
		*c.version(&want[0]) = 2
		must(0, c.save(ctx, want[0], day(4)))(t)
		equal(t, want, must(c.list(ctx))(t))
		all := must(s.Changes(ctx, 0, 0))(t)
		all = all[len(all)-3:]
		for i := range all {
			all[i].Sequence = 0
		}
		equal(t, []geo.Change{
			{At: day(3), Actor: "the desk", Kind: c.noun + ".saved", ID: c.id(want[1]), Version: 1},
			{At: day(3), Actor: "the desk", Kind: c.noun + ".saved", ID: c.id(want[0]), Version: 1},
			{At: day(4), Kind: c.noun + ".saved", ID: c.id(want[0]), Version: 2},
		}, all)
	})
	t.Run("any other version is stale and changes nothing", func(t *testing.T) {
		for _, version := range []int{0, 1, 2, 4} {
			late := want[0]
			*c.version(&late) = version
			if err := unharmed(t, ctx, s, func() error { return c.save(ctx, late, day(5)) }); !errors.Is(err, geo.ErrStale) {
				t.Errorf("version %d over 2: %v, want geo.ErrStale", version, err)
			}
		}
	})
	t.Run("of two who save the same version one wins", func(t *testing.T) {
		next := want[0]
		*c.version(&next) = 3
		errs := make(chan error, 2)
		for range 2 {
			go func() { errs <- c.save(ctx, next, day(5)) }()
		}
		a, b := <-errs, <-errs
		if (a == nil) == (b == nil) || !errors.Is(errors.Join(a, b), geo.ErrStale) {
			t.Errorf("%v and %v, want one success and one geo.ErrStale", a, b)
		}
	})
	for name, spoil := range c.spoil {
		t.Run("refused: "+name, func(t *testing.T) {
			bad := want[0]
			*c.version(&bad) = 4
			spoil(&bad)
			refused(t, unharmed(t, ctx, s, func() error { return c.save(ctx, bad, day(5)) }))
		})
	}
}
