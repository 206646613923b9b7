package dispatch

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"gridbeat/geo"
)

// The outcomes that a step may tell.
const (
	OutcomeFixed     = "fixed"
	OutcomeNotFound  = "not_found"
	OutcomeNotOurs   = "not_ours"
	OutcomeDuplicate = "duplicate"
	OutcomeHandedOn  = "handed_on"
	OutcomeMediated  = "mediated"
)

// Outcomes lists all outcomes in their fixed order.
var Outcomes = []string{OutcomeFixed, OutcomeNotFound, OutcomeNotOurs, OutcomeDuplicate, OutcomeHandedOn, OutcomeMediated}

// next tells which states may follow a state. Any open incident may be found to be a
// duplicate or somebody else's; what has ended can only be opened again.
var next = map[string][]string{
	Reported:   {Filed, Dispatched, Returned, Duplicate, Referred},
	Filed:      {Dispatched, Returned, Deferred, Duplicate, Referred},
	Dispatched: {Answered, OnSite, Returned, Deferred, Duplicate, Referred},
	Answered:   {OnSite, Handled, Returned, Deferred, Duplicate, Referred},
	OnSite:     {Handled, Returned, Deferred, Duplicate, Referred},
	Handled:    {Verified, Closed, Returned, Referred},
	Verified:   {Closed, Returned},
	Returned:   {Filed, Dispatched, Deferred, Duplicate, Referred},
	Deferred:   {Filed, Dispatched, Answered, Returned, Duplicate, Referred},
	Closed:     {Reopened},
	Duplicate:  {Reopened},
	Referred:   {Reopened, Closed},
	Reopened:   {Filed, Dispatched, Duplicate, Referred},
}

// Allowed lists the states that may follow a state; none for an unknown one.
func Allowed(state string) []string { return slices.Clone(next[state]) }

// ReasonLimit is how many characters a reason may have.
const ReasonLimit = 1000

// Step is what somebody does to an incident.
type Step struct {
	To      string
	Reason  string // "" when none is given
	Outcome string // one of Outcomes, "" when none is given
	Actor   string // who does it
	At      time.Time
}

// Entry is one line of an incident's history: the step that led to a version.
type Entry struct {
	Incident    string // id
	Version     int    // that the step led to; 1 is the report itself
	At          time.Time
	Actor       string
	From        string // "" for the report itself
	To          string
	Reason      string
	Outcome     string
	Level       string // who holds it from then on
	Responsible string
}

// IllegalStepError says that a state may not follow another one.
type IllegalStepError struct {
	From, To string
	Allowed  []string
}

// Error implements error.
func (e *IllegalStepError) Error() string {
	return fmt.Sprintf("an incident that is %s cannot become %s", e.From, e.To)
}

// Opened returns the first entry of an incident's history, for a report by actor.
func (i Incident) Opened(actor string) Entry {
	return Entry{Incident: i.ID, Version: i.Version, At: i.ReportedAt, Actor: actor, To: i.State, Level: i.Level, Responsible: i.Responsible}
}

// Advance returns the incident after a step, its version one higher, and the entry of
// its history. A dispute that was sent back climbs the ladder when it is dispatched
// again: it goes to the next person above. A state that may not follow is an
// *IllegalStepError, anything else that is wrong with the step a *geo.InputError.
func (i Incident) Advance(s Step, l *Ladder) (Incident, Entry, error) {
	if err := s.check(); err != nil {
		return i, Entry{}, err
	}
	if !slices.Contains(next[i.State], s.To) {
		return i, Entry{}, &IllegalStepError{From: i.State, To: s.To, Allowed: Allowed(i.State)}
	}
	from := i.State
	if from == Returned && s.To == Dispatched && i.Category == Dispute {
		h := l.Above(i.Level, i.Grid, i.District)
		i.Level, i.Responsible = h.Level, h.Name
	}
	i.State = s.To
	i.Version++
	return i, Entry{Incident: i.ID, Version: i.Version, At: s.At, Actor: s.Actor, From: from, To: s.To,
		Reason: s.Reason, Outcome: s.Outcome, Level: i.Level, Responsible: i.Responsible}, nil
}

func (s Step) check() error {
	bad := func(pointer, detail, remedy string) error {
		return geo.NewInputError("", geo.Finding{Rule: "step", Feature: pointer, Detail: detail, Remedy: remedy})
	}
	switch {
	case !KnownState(s.To):
		return bad("/to", fmt.Sprintf("%q is no state", s.To), fmt.Sprintf("give one of %v", States))
	case s.Outcome != "" && !slices.Contains(Outcomes, s.Outcome):
		return bad("/outcome", fmt.Sprintf("%q is no outcome", s.Outcome), fmt.Sprintf("give one of %v", Outcomes))
	case utf8.RuneCountInString(s.Reason) > ReasonLimit:
		return bad("/reason", "the reason is too long", fmt.Sprintf("give at most %d characters", ReasonLimit))
	}
	return nil
}
