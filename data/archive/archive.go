// Package archive is all that a store holds, as values: what moves from one store to
// another, and the sums by which both ends are compared.
package archive

import (
	"time"

	"gridbeat/geo"
	"gridbeat/geo/account"
	"gridbeat/geo/district"
	"gridbeat/geo/district/edit"
	"gridbeat/routing/dispatch"
	"gridbeat/routing/patrol"
)

// Archive is one state of a station's store. Slices are sorted as the store lists
// them.
type Archive struct {
	Station     district.Station
	Map         geo.StreetMap
	Districts   []geo.District
	Communities []geo.Community
	Compounds   []geo.Compound
	Buildings   []geo.Building
	Blocks      []geo.Block
	People      []dispatch.Person
	Users       []account.User
	Tokens      []account.Token
	Units       []patrol.Unit
	Shifts      []patrol.Shift // by start
	Notices     []dispatch.Notice
	Incidents   []dispatch.Incident
	Histories   []dispatch.Entry // by incident and version
	Positions   []patrol.Position
	Drafts      []Draft
	Edits       []edit.Step // by draft and number
	Editions    []Edition
	Plans       []patrol.Plan
	Changes     []geo.Change // with their sequences, which are kept
}

// Draft is a draft and which of its versions was published last, 0 for none.
type Draft struct {
	district.Draft
	Published int
}

// Edition is an edition and the version of the draft that it was made from.
type Edition struct {
	district.Edition
	Draft        string
	DraftVersion int
	PublishedAt  time.Time
}

// Empty reports whether nothing was ever written.
func (a Archive) Empty() bool { return len(a.Changes) == 0 }
