package district

import (
	"fmt"
	"strconv"
	"time"

	"gridbeat/geo"
)

// The rules of a publication, for every store.

// Next is what a store asks before it saves the draft.
func (d Draft) Next() geo.Next { return geo.Next{Noun: "draft", ID: d.ID, Version: d.Version} }

// Publishable says why the grids of a draft cannot become an edition, nil when they can:
// one that leaves its district or overlaps another.
func (d Draft) Publishable() error {
	if found := Contained(d.Grids, d.Districts); len(found) > 0 {
		return &geo.InputError{Source: "draft " + d.ID, Findings: found}
	}
	return nil
}

// Unpublished says why a draft that was checked cannot be published now, by its stored
// version and the one published last: that version is published already, or another one
// was saved meanwhile, which is geo.ErrStale.
func (d Draft) Unpublished(stored, last int) error {
	switch {
	case stored == last:
		return geo.NewInputError("draft", geo.Finding{Rule: "draft-published", Feature: d.ID,
			Detail: fmt.Sprintf("version %d of the draft is published already", stored),
			Remedy: "change the draft first, or draw a new one"})
	case stored != d.Version:
		return fmt.Errorf("version %d was checked, %d is stored: %w", d.Version, stored, geo.ErrStale)
	}
	return nil
}

// Follows says why no edition can begin at a time, after the last one and when that
// began: an edition never begins before the one that it ends. Times count in milliseconds.
func Follows(last int, began, from time.Time) error {
	if !from.Truncate(time.Millisecond).Before(began) {
		return nil
	}
	return geo.NewInputError("edition", geo.Finding{Rule: "edition-order", Feature: strconv.Itoa(last + 1),
		Detail: fmt.Sprintf("it would begin at %s, before edition %d did at %s", from.Format(time.RFC3339), last, began.Format(time.RFC3339)),
		Remedy: "publish from a later time"})
}

// Published is the edition that a draft becomes.
func (d Draft) Published(number int, from time.Time) Edition {
	return Edition{Number: number, ValidFrom: from.UTC().Truncate(time.Millisecond), Bounds: d.Bounds, Grids: d.Grids, Districts: d.Districts}
}

// Households are those of all grids.
func (d Draft) Households() (sum int) {
	for _, g := range d.Grids {
		sum += g.Households
	}
	return sum
}
