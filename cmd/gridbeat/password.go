package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"gridbeat/geo/account"
)

// newPassword asks for a password twice on a terminal, without showing it, and else takes
// the first line of standard input.
func (c *console) newPassword() (password string, err error) {
	if in, ok := c.stdin.(*os.File); ok && term.IsTerminal(int(in.Fd())) {
		password, err = c.askTwice(in)
	} else {
		password, err = firstLine(c.stdin)
	}
	if err != nil {
		return "", err
	}
	return password, account.CheckPassword(password)
}

func (c *console) askTwice(terminal *os.File) (string, error) {
	ask := func(prompt string) (string, error) {
		fmt.Fprint(c.stderr, prompt)
		typed, err := term.ReadPassword(int(terminal.Fd()))
		fmt.Fprintln(c.stderr)
		return string(typed), err
	}
	first, err := ask("Password: ")
	if err != nil {
		return "", err
	}
	again, err := ask("The same again: ")
	if err == nil && again != first {
		err = errors.New("the two are not the same")
	}
	return first, err
}

// longestLine is how much of a password's line is read: more than any password has.
const longestLine = 4096

func firstLine(in io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(in, longestLine)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", errors.New("no password on standard input; type it on a terminal, give its line, or say --no-password")
	}
	return line, nil
}
