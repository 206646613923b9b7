package postgis

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Whoever follows a station's log is told by NOTIFY that it may have grown. It is a hint:
// the log is the truth, and who never hears anything reads it from time to time.
//
// The hint is not part of the write. A transaction that notifies holds one lock of the
// whole server until its commit is done, so that writers of all stations would wait for
// each other's disk and standby. It is sent afterwards, in a transaction that waits for
// neither, once for all writes of a moment.
const (
	ringPause   = 20 * time.Millisecond // between two hints of one process
	ringTimeout = 2 * time.Second
	listenPause = time.Second // before listening is tried again

	sendHint = `BEGIN; SET LOCAL synchronous_commit = off; NOTIFY %s; COMMIT`
)

// channel is the name under which a station's hints go.
func (s *Store) channel() string { return fmt.Sprintf("gridbeat_station_%d", s.station) }

// bell sends hints for the writes of this process.
type bell chan struct{}

// ring asks for a hint and does not wait.
func (b bell) ring() {
	select {
	case b <- struct{}{}:
	default: // one is asked for
	}
}

// ringing sends the hints that are asked for until ctx ends.
func (s *Store) ringing(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			select {
			case <-s.bell: // for what was written last
				s.sendHint()
			default:
			}
			return
		case <-s.bell:
			s.sendHint()
		}
		select {
		case <-ctx.Done():
		case <-time.After(ringPause):
		}
	}
}

// sendHint sends one hint, if that is possible at the moment.
func (s *Store) sendHint() {
	ctx, cancel := context.WithTimeout(context.Background(), ringTimeout)
	defer cancel()
	session, err := s.pool.Acquire(ctx)
	if err != nil {
		return
	}
	defer session.Release()
	_, _ = session.Conn().PgConn().Exec(ctx, fmt.Sprintf(sendHint, s.channel())).ReadAll()
}

// News calls hint whenever the station's log may have grown, until ctx ends. While live
// is true it is told of writes as they are made; when live is false it may miss some. It
// keeps one session with the primary, and finds the new one after a promotion: a standby
// would refuse to listen.
func (s *Store) News(ctx context.Context, hint func(live bool)) {
	for ctx.Err() == nil {
		_ = s.listen(ctx, hint) // what it failed with, reads of the log will too
		if ctx.Err() != nil {
			return
		}
		hint(false)
		select {
		case <-ctx.Done():
		case <-time.After(listenPause):
		}
	}
}

// listen passes hints on as long as the session lasts.
func (s *Store) listen(ctx context.Context, hint func(live bool)) error {
	conn, err := pgx.ConnectConfig(ctx, listenConfig(s.pool))
	if err != nil {
		return err
	}
	defer func() {
		short, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		conn.Close(short)
	}()
	if _, err := conn.Exec(ctx, `LISTEN `+s.channel()); err != nil {
		return err
	}
	for {
		hint(true) // at first for what came before
		if err := quiet(ctx, conn); err != nil {
			return err
		}
	}
}

// listenAsk is how long a session is silent before it is asked whether it is still there,
// on a primary that was not replaced.
const listenAsk = 5 * time.Second

// quiet waits for a hint, and looks after the session meanwhile.
func quiet(ctx context.Context, conn *pgx.Conn) error {
	for {
		short, cancel := context.WithTimeout(ctx, listenAsk)
		_, err := conn.WaitForNotification(short)
		waited := short.Err() != nil
		cancel()
		if err == nil || !waited || ctx.Err() != nil {
			return err
		}
		short, cancel = context.WithTimeout(ctx, lookTimeout)
		err = conn.Config().ValidateConnect(short, conn.PgConn())
		cancel()
		if err != nil {
			return err
		}
	}
}

// listenConfig is for a session that listens: like those of the pool, with no bound on
// its idleness.
func listenConfig(pool *pgxpool.Pool) *pgx.ConnConfig {
	return pool.Config().ConnConfig.Copy()
}
