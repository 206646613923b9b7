package postgis

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"gridbeat/geo"
)

// A standby answers reads that may be a moment old, but never older than what the asker
// has written or seen: a position is the timeline and the place in its log, such as
// 1/0/16B3740. A standby that has not replayed that place within copyPatience, or is on
// another timeline, is passed over and the primary is read.
const (
	copyPatience = 200 * time.Millisecond
	copyPause    = 5 * time.Millisecond

	askPosition = `SELECT ` + timeline + ` || '/' || pg_current_wal_insert_lsn()`
	// A standby's timeline is that of its last restart point. After a promotion elsewhere
	// it is told late, and until then the primary is read.
	reached = `SELECT pg_is_in_recovery() AND (SELECT timeline_id FROM pg_control_checkpoint()) = $1::integer
		AND pg_last_wal_replay_lsn() >= $2::text::pg_lsn`
)

// admitStandby refuses a session with a server that is no standby.
func admitStandby(ctx context.Context, c *pgconn.PgConn) error {
	standby, _, err := roleOf(ctx, c)
	if err == nil && !standby {
		err = fmt.Errorf("%s is no standby", c.Conn().RemoteAddr())
	}
	return err
}

// openStandby prepares sessions with a standby of the URL; they are opened when needed.
func openStandby(ctx context.Context, config *pgxpool.Config) (*pgxpool.Pool, error) {
	c := config.Copy()
	c.ConnConfig.ValidateConnect = admitStandby
	c.ConnConfig.ConnectTimeout = time.Second
	return pgxpool.NewWithConfig(ctx, c)
}

// notePosition notes in the trail how far the log is after a write of the request.
func (s *Store) notePosition(ctx context.Context) {
	trail := geo.TrailOf(ctx)
	if s.standby == nil || trail == nil {
		return
	}
	if err := s.writes.QueryRow(ctx, askPosition).Scan(&trail.Wrote); err != nil {
		trail.Wrote = "" // the asker reads what it may; the write itself is confirmed
	}
}

// readCopy runs queries on a standby. Done is false when none has what the trail has
// seen, or does not answer: then nothing has been read.
func (s *Store) readCopy(ctx context.Context, do func(pgx.Tx) error) (done bool, err error) {
	if s.standby == nil || !geo.CopyWillDo(ctx) {
		return false, nil
	}
	short, cancel := context.WithTimeout(ctx, copyPatience)
	defer cancel()
	session, err := s.standby.Acquire(short)
	if err != nil {
		return false, nil
	}
	if !caughtUp(short, session, geo.TrailOf(ctx).After) {
		session.Release()
		return false, nil
	}
	err = s.inSession(ctx, session, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, do)
	if lostServer(err) || conflict(err) { // promoted, gone, or in the way of the log
		return false, nil
	}
	return true, err
}

// caughtUp waits until the standby has replayed the position.
func caughtUp(ctx context.Context, session *pgxpool.Conn, position string) bool {
	if position == "" {
		return true
	}
	line, place, found := strings.Cut(position, "/")
	if !found {
		return false
	}
	for {
		var so *bool
		if err := session.QueryRow(ctx, reached, line, place).Scan(&so); err != nil {
			return false
		}
		if orZero(so) {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(copyPause):
		}
	}
}
