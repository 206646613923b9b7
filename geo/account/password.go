package account

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// What argon2id costs: the second recommended setting of RFC 9106, for which a guess
// takes 64 MiB. A digest states its own, so that they can be raised later.
const (
	argonKiB    = 64 * 1024
	argonPasses = 3
	argonLanes  = 4
	keyBytes    = 32

	// SaltBytes is how long the salt of PasswordDigest is.
	SaltBytes = 16

	shortestPassword = 12   // characters
	longestPassword  = 1024 // bytes
)

// CheckPassword says why a password is none, nil when it is one. It does not repeat it.
func CheckPassword(password string) error {
	switch {
	case utf8.RuneCountInString(password) < shortestPassword:
		return fmt.Errorf("the password has fewer than %d characters", shortestPassword)
	case len(password) > longestPassword:
		return fmt.Errorf("the password has more than %d bytes", longestPassword)
	case !utf8.ValidString(password) || strings.ContainsAny(password, "\x00\r\n"):
		return errors.New("the password is not one line of UTF-8 text")
	}
	return nil
}

// PasswordDigest is what is kept of a password: its argon2id digest in PHC form, with
// SaltBytes random bytes that no other password has.
func PasswordDigest(password string, salt []byte) string {
	key := argon2.IDKey([]byte(password), salt, argonPasses, argonKiB, argonLanes, keyBytes)
	text := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonKiB, argonPasses, argonLanes, text(salt), text(key))
}

// PasswordMatches reports whether a digest is of that password.
func PasswordMatches(digest, password string) bool {
	if !argonDigest.MatchString(digest) {
		return false
	}
	parts := strings.Split(digest, "$")
	var kib, passes uint32
	var lanes uint8
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &kib, &passes, &lanes); err != nil || passes == 0 || lanes == 0 {
		return false
	}
	salt, e1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, e2 := base64.RawStdEncoding.DecodeString(parts[5])
	if e1 != nil || e2 != nil {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, passes, kib, lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}
