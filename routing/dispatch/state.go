package dispatch

import "slices"

// The states of an incident, in the order in which a smooth one passes the first
// eight of them.
const (
	Reported   = "reported"   // came in, nobody has looked yet
	Filed      = "filed"      // checked and accepted
	Dispatched = "dispatched" // given to somebody
	Answered   = "answered"   // that person said yes: the answer clock stops
	OnSite     = "on_site"
	Handled    = "handled"
	Verified   = "verified" // looked at by a second person
	Closed     = "closed"   // the closing clock stops
	Returned   = "returned" // sent back, with a reason
	Deferred   = "deferred" // put off to a date, with a reason
	Duplicate  = "duplicate"
	Referred   = "referred" // handed to another body
	Reopened   = "reopened"
)

// States lists all states in their fixed order.
var States = []string{
	Reported, Filed, Dispatched, Answered, OnSite, Handled, Verified, Closed,
	Returned, Deferred, Duplicate, Referred, Reopened,
}

// Open reports whether somebody still has to act: the state is neither closed nor
// a duplicate nor handed to another body. An unknown state is open, so that it is
// seen.
func Open(state string) bool {
	return state != Closed && state != Duplicate && state != Referred
}

// KnownState reports whether state is one of States.
func KnownState(state string) bool { return slices.Contains(States, state) }

// KnownCategory reports whether c is one of Categories.
func KnownCategory(c Category) bool { return slices.Contains(Categories, c) }

// AwaitsAnswer reports whether the answer clock still runs in that state.
func AwaitsAnswer(state string) bool {
	switch state {
	case Reported, Filed, Dispatched, Returned, Reopened:
		return true
	}
	return false
}
