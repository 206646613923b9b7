package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gridbeat/data/gpkg"
	"gridbeat/geo/account"
	"gridbeat/geo/district"
	"gridbeat/routing/dispatch"
)

const goodPassword = "a long enough password"

// accountsTown is a store with one grid in force and one member of staff.
func accountsTown(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "town.gpkg")
	s, err := gpkg.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	now := time.Now().Add(-time.Hour)
	d := district.Draft{ID: "d", Version: 1, CreatedAt: now, Grids: []district.Grid{{Code: "440402000000001", District: "01"}}}
	if err := s.SaveDraft(t.Context(), d, now); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Publish(t.Context(), "d", now, now); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SavePeople(t.Context(), []dispatch.Person{{ID: "p1", Name: "陈一"}}, now); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAccountsFromFirstToLast(t *testing.T) {
	path := accountsTown(t)
	t.Setenv("GRIDBEAT_STORE", path)
	if got := must(t, "users", "list"); !strings.Contains(got, "no users") {
		t.Errorf("an empty list says %q", got)
	}
	add := gridbeatReading(t, goodPassword+"\n", "users", "add", "chen", "--role", "member", "--grid", "440402000000001", "--person", "p1", "--name", "陈一")
	if add.code != exitDone || strings.Contains(add.stdout+add.stderr, goodPassword) || strings.Contains(add.stdout, "argon2") {
		t.Fatalf("exit code %d: %s %s", add.code, add.stdout, add.stderr)
	}
	must(t, "users", "add", "robot", "--role", "dispatcher", "--no-password")

	var token struct{ ID, Token, Scope string }
	if err := json.Unmarshal([]byte(must(t, "tokens", "add", "robot", "--name", "alarm", "--days", "30", "--scope", "viewer", "--json")), &token); err != nil {
		t.Fatal(err)
	}
	plain := gridbeat(t, "tokens", "add", "robot", "--name", "pump", "--quiet")
	if secret := strings.TrimSpace(plain.stdout); plain.code != exitDone || plain.stderr != "" || len(secret) < 30 || strings.ContainsAny(secret, " \n") || secret == token.Token {
		t.Errorf("a token for a pipe: %+v", plain)
	}

	kept := accounts(t, path)
	chen, robot := kept.users["chen"], kept.users["robot"]
	if !account.PasswordMatches(chen.Password, goodPassword) || chen.Role != account.Member || chen.Grid != "440402000000001" || chen.Person != "p1" || robot.Password != "" {
		t.Errorf("kept are %+v and %+v", chen, robot)
	}
	k := kept.tokens[token.ID]
	if k.Digest != account.TokenDigest(token.Token) || k.Scope != account.Viewer || k.User != robot.ID || k.ExpiresAt.Sub(k.CreatedAt).Round(time.Hour) != 30*24*time.Hour {
		t.Errorf("kept is %+v of %+v", k, token)
	}
	list := must(t, "users", "list", "--json")
	for _, secret := range []string{goodPassword, "argon2", token.Token, k.Digest, robot.Password + "$"} {
		if strings.Contains(list, secret) {
			t.Errorf("the list tells %q", secret)
		}
	}
	if text := must(t, "users", "list"); !strings.Contains(text, "chen  member  440402000000001  陈一") || !strings.Contains(text, "token "+token.ID+"  viewer  until ") {
		t.Errorf("the list is %s", text)
	}
	for _, file := range []string{path, path + "-wal"} {
		if bytes, err := os.ReadFile(file); err == nil && (strings.Contains(string(bytes), token.Token) || strings.Contains(string(bytes), goodPassword)) {
			t.Errorf("%s holds a secret", file)
		}
	}

	must(t, "tokens", "revoke", token.ID)
	must(t, "tokens", "revoke", token.ID) // again: it stays revoked
	if got := accounts(t, path).tokens[token.ID]; got.RevokedAt.IsZero() || got.Version != 2 {
		t.Errorf("after revoking: %+v", got)
	}
	if said := must(t, "users", "disable", "robot"); !strings.Contains(said, "tokens revoked: 1") {
		t.Errorf("disabling says %s", said)
	}
	must(t, "users", "disable", "robot")
	after := accounts(t, path)
	if !after.users["robot"].Disabled || after.users["robot"].Version != 2 {
		t.Errorf("after disabling: %+v", after.users["robot"])
	}
	for id, k := range after.tokens {
		if k.Valid(time.Now()) {
			t.Errorf("token %s of a disabled user counts", id)
		}
	}
	if text := must(t, "users", "list"); strings.Count(text, "revoked") != 2 || !strings.Contains(text, "robot  dispatcher  disabled") {
		t.Errorf("the list is %s", text)
	}
	if err := (storeFlag{Store: path}).use(t.Context(), func(st store) error {
		a, err := st.Archive(t.Context())
		for _, f := range a.Check() {
			if strings.HasPrefix(f.Rule, "log-") || f.Rule == "reference" {
				t.Errorf("doctor finds %v", f)
			}
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}

func TestAccountsThatAreWrong(t *testing.T) {
	path := accountsTown(t)
	t.Setenv("GRIDBEAT_STORE", path)
	must(t, "users", "add", "gone", "--role", "admin", "--no-password")
	must(t, "users", "disable", "gone")
	must(t, "users", "add", "low", "--role", "viewer", "--no-password")
	before := accounts(t, path)
	for _, tt := range []struct {
		name, stdin string
		args        []string
		says        string
	}{
		{"no role", goodPassword, []string{"users", "add", "x"}, "--role"},
		{"a role that is none", goodPassword, []string{"users", "add", "x", "--role", "chief"}, "must be one of"},
		{"a login with a space", goodPassword, []string{"users", "add", "x y", "--role", "admin"}, "a login has"},
		{"a login that is taken", goodPassword, []string{"users", "add", "gone", "--role", "admin"}, "a user gone already"},
		{"a member of no grid", goodPassword, []string{"users", "add", "x", "--role", "member"}, "--grid CODE"},
		{"a member of a grid that is not", goodPassword, []string{"users", "add", "x", "--role", "member", "--grid", "9"}, "no grid 9 is in force"},
		{"a planner with a grid", goodPassword, []string{"users", "add", "x", "--role", "planner", "--grid", "440402000000001"}, "--grid is for members"},
		{"a person who is not", goodPassword, []string{"users", "add", "x", "--role", "admin", "--person", "p9"}, "no person p9"},
		{"no password", "", []string{"users", "add", "x", "--role", "admin"}, "no password on standard input"},
		{"a short password", "secret", []string{"users", "add", "x", "--role", "admin"}, "fewer than 12"},
		{"a password in the command", goodPassword, []string{"users", "add", "x", "--role", "admin", "--password", goodPassword}, "unknown flag"},
		{"a user to disable who is not", "", []string{"users", "disable", "x"}, "no user x"},
		{"a token of nobody", "", []string{"tokens", "add", "x", "--name", "n"}, "no user x"},
		{"a token of one who is disabled", "", []string{"tokens", "add", "gone", "--name", "n"}, "gone is disabled"},
		{"a token that may more than its user", "", []string{"tokens", "add", "low", "--name", "n", "--scope", "admin"}, "more than user low may do"},
		{"a scope that is none", "", []string{"tokens", "add", "low", "--name", "n", "--scope", "all"}, "--scope all is none of"},
		{"a token for no time", "", []string{"tokens", "add", "low", "--name", "n", "--days", "0"}, "--days 0"},
		{"a token without a name", "", []string{"tokens", "add", "low"}, "--name"},
		{"a token that is not there", "", []string{"tokens", "revoke", "gridbeat_secret"}, "no such token"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := gridbeatReading(t, tt.stdin, tt.args...)
			if got.code != exitBad || !strings.Contains(got.stderr, tt.says) || got.stdout != "" {
				t.Errorf("exit code %d, says %q, prints %q; want %q", got.code, got.stderr, got.stdout, tt.says)
			}
			if strings.Contains(got.stderr, "gridbeat_secret") || tt.name != "a password in the command" && strings.Contains(got.stderr, goodPassword) {
				t.Errorf("it repeats a secret: %s", got.stderr)
			}
		})
	}
	if after := accounts(t, path); len(after.users) != len(before.users) || len(after.tokens) != len(before.tokens) {
		t.Errorf("%d users and %d tokens became %d and %d", len(before.users), len(before.tokens), len(after.users), len(after.tokens))
	}
}

type keptAccounts struct {
	users  map[string]account.User // by login
	tokens map[string]account.Token
}

func accounts(t *testing.T, path string) keptAccounts {
	t.Helper()
	kept := keptAccounts{map[string]account.User{}, map[string]account.Token{}}
	err := storeFlag{Store: path}.use(t.Context(), func(st store) error {
		users, err := st.Users(context.Background())
		if err != nil {
			return err
		}
		for _, u := range users {
			kept.users[u.Login] = u
		}
		tokens, err := st.Tokens(context.Background())
		for _, k := range tokens {
			kept.tokens[k.ID] = k
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return kept
}
