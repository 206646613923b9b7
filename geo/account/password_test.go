package account_test

import (
	"bytes"
	"strings"
	"testing"

	"gridbeat/geo/account"
)

func TestAPasswordMatchesItsOwnDigestAlone(t *testing.T) {
	const password = "浪漫珠海 情侣路十二号"
	salt := bytes.Repeat([]byte{7}, account.SaltBytes)
	digest := account.PasswordDigest(password, salt)
	user := account.User{Login: "a", Role: account.Admin, Password: digest}
	if err := user.Check(); err != nil || strings.Contains(digest, password) {
		t.Errorf("%s is not kept: %v", digest, err)
	}
	other := account.PasswordDigest(password, bytes.Repeat([]byte{8}, account.SaltBytes))
	if other == digest {
		t.Error("the salt makes no difference")
	}
	for name, row := range map[string]struct {
		digest, password string
		ok               bool
	}{
		"the password":         {digest, password, true},
		"under another salt":   {other, password, true},
		"another password":     {digest, password + "!", false},
		"none":                 {digest, "", false},
		"a user who has none":  {"", "", false},
		"the digest itself":    {digest, digest, false},
		"lanes that are none":  {strings.Replace(digest, "p=4", "p=0", 1), password, false},
		"passes that are none": {strings.Replace(digest, "t=3", "t=0", 1), password, false},
	} {
		if account.PasswordMatches(row.digest, row.password) != row.ok {
			t.Errorf("%s: not %v", name, row.ok)
		}
	}
}

func TestCheckPassword(t *testing.T) {
	for name, row := range map[string]struct {
		password string
		ok       bool
	}{
		"twelve characters": {"abcdefghijkl", true},
		"twelve of Chinese": {"一二三四五六七八九十百千", true},
		"eleven":            {"abcdefghijk", false},
		"too many":          {strings.Repeat("x", 1025), false},
		"two lines":         {"abcdefghijkl\nx", false},
		"no text":           {"abcdefghijkl\xff", false},
	} {
		if err := account.CheckPassword(row.password); (err == nil) != row.ok || err != nil && strings.Contains(err.Error(), row.password) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
