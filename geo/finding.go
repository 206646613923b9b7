package geo

import (
	"errors"
	"fmt"
	"strings"

	"github.com/paulmach/orb"
)

// Finding is one breach of a rule at one place. The map can point at it and a
// person can act on it.
type Finding struct {
	Rule    string     `json:"rule"`              // a short stable name, such as "ring-open"
	Feature string     `json:"feature,omitempty"` // id, code, line or file it is about
	At      *orb.Point `json:"at,omitempty"`      // lon, lat; nil where no place is known
	Detail  string     `json:"detail"`            // what was found, in a sentence
	Remedy  string     `json:"remedy,omitempty"`  // what to do about it
}

// String renders the finding in one line.
func (f Finding) String() string {
	var b strings.Builder
	if f.Feature != "" {
		b.WriteString(f.Feature + ": ")
	}
	fmt.Fprintf(&b, "%s (%s)", f.Detail, f.Rule)
	if f.At != nil {
		fmt.Fprintf(&b, " at %.7f,%.7f", f.At[0], f.At[1])
	}
	if f.Remedy != "" {
		b.WriteString("; " + f.Remedy)
	}
	return b.String()
}

// InputError is bad input: a file, feature, line or field that cannot be taken,
// with the rule it breaks and the remedy. The command line answers it with exit
// code 2, HTTP with a 4xx problem.
type InputError struct {
	Source   string // file name or request part
	Findings []Finding
}

// NewInputError returns an InputError with a single finding.
func NewInputError(source string, f Finding) *InputError {
	return &InputError{Source: source, Findings: []Finding{f}}
}

// Error names the source and the first finding, and says how many more there are.
func (e *InputError) Error() string {
	s := e.Source
	if len(e.Findings) > 0 {
		if s != "" {
			s += ": "
		}
		s += e.Findings[0].String()
		if n := len(e.Findings) - 1; n > 0 {
			s += fmt.Sprintf(" (and %d more like it)", n)
		}
	}
	return s
}

var (
	// ErrNotFound says that the thing asked for is not there.
	ErrNotFound = errors.New("not found")
	// ErrStale says that the thing was changed by someone else since it was read.
	ErrStale = errors.New("changed since it was read")
	// ErrBusy says that a store could not be written now; the same call can be made again.
	ErrBusy = errors.New("the store is busy; try again")
	// ErrUnconfirmed says that a write was sent to be kept and nobody can say whether it
	// was. Who wrote asks again, with the same idempotency key where it makes something.
	ErrUnconfirmed = errors.New("the store did not confirm the write; it may or may not have happened")
	// ErrUnreachable says that the store does not answer now; nothing was written.
	ErrUnreachable = errors.New("the store cannot be reached; try again")
	// ErrKeyReused says that an idempotency key came again with another request.
	ErrKeyReused = errors.New("the idempotency key was used for another request")
)
