package postgis

import (
	"context"
	"time"

	"gridbeat/routing/dispatch"
)

// SaveSlowly saves an incident as SaveIncidents does, and pauses once its rows are
// written, before its entry in the change log is.
func (s *Store) SaveSlowly(ctx context.Context, i dispatch.Incident, at time.Time, pause func()) error {
	return s.write(ctx, func(t *tx) error {
		_, err := t.saveIncidents(ctx, []dispatch.Incident{i}, "", at)
		pause()
		return err
	})
}

// Attempts is how often a write is tried that the server refuses because of another one.
const Attempts = attempts
