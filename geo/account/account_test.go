package account_test

import (
	"strings"
	"testing"
	"time"

	"gridbeat/geo/account"
)

const digest = "$argon2id$v=19$m=65536,t=3,p=2$c29tZXNhbHRzb21lc2FsdA$CWOrkoo7oJBQ/iyh7uJ0LO2aLEfrHwTWllSAxT0zRno"

var noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

func TestOnlyDigestsAreKept(t *testing.T) {
	const secret = "correct horse battery staple"
	for name, row := range map[string]struct {
		user account.User
		ok   bool
	}{
		"a digest":              {account.User{Login: "a", Role: account.Admin, Password: digest}, true},
		"no password at all":    {account.User{Login: "a", Role: account.Viewer}, true},
		"a password in clear":   {account.User{Login: "a", Role: account.Admin, Password: secret}, false},
		"another kind":          {account.User{Login: "a", Role: account.Admin, Password: "$2a$12$" + strings.Repeat("x", 53)}, false},
		"a digest and a secret": {account.User{Login: "a", Role: account.Admin, Password: digest + "\n" + secret}, false},
		"no role":               {account.User{Login: "a"}, false},
		"no login":              {account.User{Role: account.Admin}, false},
	} {
		err := row.user.Check()
		if (err == nil) != row.ok {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the message repeats the secret: %v", name, err)
		}
	}
}

func TestTokens(t *testing.T) {
	good := account.Token{User: "u1", Digest: account.TokenDigest("secret"), Scope: account.Viewer, CreatedAt: noon, ExpiresAt: noon.Add(time.Hour)}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	if want := "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"; good.Digest != want {
		t.Errorf("the digest is %s, want SHA-256 %s", good.Digest, want)
	}
	for name, spoil := range map[string]func(*account.Token){
		"a secret in clear":      func(k *account.Token) { k.Digest = "secret" },
		"nobody's":               func(k *account.Token) { k.User = "" },
		"no scope":               func(k *account.Token) { k.Scope = "" },
		"expired when it begins": func(k *account.Token) { k.ExpiresAt = k.CreatedAt },
	} {
		bad := good
		spoil(&bad)
		if bad.Check() == nil {
			t.Errorf("%s is taken", name)
		}
	}
	for name, row := range map[string]struct {
		at      time.Time
		revoked bool
		want    bool
	}{
		"from its beginning":      {noon, false, true},
		"not before":              {noon.Add(-1), false, false},
		"not when it has expired": {noon.Add(time.Hour), false, false},
		"not when it is revoked":  {noon.Add(time.Minute), true, false},
	} {
		k := good
		if row.revoked {
			k.RevokedAt = noon
		}
		if k.Valid(row.at) != row.want {
			t.Errorf("%s: want %v", name, row.want)
		}
	}
}
