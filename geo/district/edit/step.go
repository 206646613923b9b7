package edit

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Step is an edit that was made in a draft, as it is kept: what was done, and what undoes
// it as long as nothing after it is in the way.
type Step struct {
	Draft   string // id
	Number  int    // 1, 2, ... in the order of the draft's edits
	Version int    // of the draft, that the edit led to; edits of one request share it
	At      time.Time
	Actor   string
	Edit    Edit
	Inverse Edit
}

// Made are copies of steps as they led to a version of a draft; a store numbers them.
func Made(steps []Step, draft string, version int, actor string, at time.Time) []Step {
	made := slices.Clone(steps)
	for i := range made {
		made[i].Draft, made[i].Version, made[i].Actor, made[i].At = draft, version, actor, at
	}
	return made
}

// Text is the edit and its inverse as JSON, which Read takes.
func (s Step) Text() (done, undone string, err error) {
	texts := [2]string{}
	for i, e := range []Edit{s.Edit, s.Inverse} {
		text, err := Marshal([]Edit{e})
		if err != nil {
			return "", "", err
		}
		texts[i] = string(text)
	}
	return texts[0], texts[1], nil
}

// Read sets the edit and its inverse from what Text gave.
func (s *Step) Read(done, undone string) error {
	for into, text := range map[*Edit]string{&s.Edit: done, &s.Inverse: undone} {
		one, err := Unmarshal([]byte(text))
		if err != nil {
			return err
		}
		if len(one) != 1 {
			return fmt.Errorf("step %d of draft %s holds %d edits", s.Number, s.Draft, len(one))
		}
		*into = one[0]
	}
	return nil
}

// MarshalJSON writes a step with its edits as Text does.
func (s Step) MarshalJSON() ([]byte, error) {
	done, undone, err := s.Text()
	if err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		Draft   string          `json:"draft"`
		Number  int             `json:"number"`
		Version int             `json:"version"`
		At      time.Time       `json:"at"`
		Actor   string          `json:"actor"`
		Edit    json.RawMessage `json:"edit"`
		Inverse json.RawMessage `json:"inverse"`
	}{s.Draft, s.Number, s.Version, s.At, s.Actor, json.RawMessage(done), json.RawMessage(undone)})
}
