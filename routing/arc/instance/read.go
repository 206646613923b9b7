package instance

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Read reads an instance in any of the known formats: CARP files with Spanish or
// English keys, windy rural postman files, and mixed general routing files with
// turn penalties. The file's name is for messages only. What is wrong with the file
// is told as an InputError.
func Read(r io.Reader, file string) (*Instance, error) {
	l, err := lines(r, file)
	if err != nil {
		return nil, err
	}
	var in *Instance
	if text, ok := l.peek(); ok && strings.HasPrefix(text, "Name:") {
		in, err = readMixed(l)
	} else {
		in, err = readLists(l)
	}
	if err != nil {
		return nil, err
	}
	return in, in.check(file)
}

// source gives the lines of a file that are not empty, without blanks around them.
type source struct {
	file string
	text []string
	at   []int // number of each line in the file, from 1
	next int
}

const lineMost = 1 << 16

// dosEnd is how old files from DOS end.
const dosEnd = "\x1a"

func lines(r io.Reader, file string) (*source, error) {
	s := &source{file: file}
	scan := bufio.NewScanner(r)
	scan.Buffer(nil, lineMost)
	n := 0
	for scan.Scan() {
		n++
		if t := strings.TrimSpace(scan.Text()); t != "" {
			s.text, s.at = append(s.text, t), append(s.at, n)
		}
	}
	if err := scan.Err(); err != nil {
		return nil, &InputError{file, n + 1, "", err.Error()}
	}
	if n := len(s.text); n > 0 && s.text[n-1] == dosEnd {
		s.text = s.text[:n-1]
	}
	if len(s.text) == 0 {
		return nil, &InputError{file, 0, "", "it is empty"}
	}
	return s, nil
}

func (s *source) peek() (string, bool) {
	if s.next == len(s.text) {
		return "", false
	}
	return s.text[s.next], true
}

func (s *source) take() (string, bool) {
	t, ok := s.peek()
	if ok {
		s.next++
	}
	return t, ok
}

// line is the number of the line that was taken last.
func (s *source) line() int {
	if s.next == 0 {
		return 0
	}
	return s.at[s.next-1]
}

// bad is an error at the line that was taken last.
func (s *source) bad(field, format string, args ...any) error {
	return &InputError{s.file, s.line(), field, fmt.Sprintf(format, args...)}
}

// numberMost is the largest number that a field may hold.
const numberMost = 1 << 28

// number reads a whole number from least to numberMost.
func (s *source) number(field, text string, least int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, s.bad(field, "%.40q is no whole number", text)
	}
	if n < least || n > numberMost {
		return 0, s.bad(field, "%d is not between %d and %d", n, least, numberMost)
	}
	return n, nil
}
