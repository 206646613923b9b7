package postgis

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	pgxgeom "github.com/twpayne/pgx-geom"

	"gridbeat/geo"
)

// Store is one station's part of a database. It is safe for concurrent use.
type Store struct {
	pool     *pgxpool.Pool // for reads
	writes   *pgxpool.Pool // apart: commits that wait for a standby hold up no read
	standby  *pgxpool.Pool // for reads that may be a moment old; nil for none
	station  int32
	key      string
	rehearse bool
	patience time.Duration // with a commit
	pending  *pending
	fence    *fence
	watching *watching
	bell     bell
	hold     *hold // of a worker, nil for everybody else
}

// watching is the work in the background of an open store.
type watching struct {
	stop context.CancelFunc
	done sync.WaitGroup
}

// Options change how a store is opened.
type Options struct {
	// StatementTimeout bounds every statement on the server. Zero is two minutes.
	StatementTimeout time.Duration
	// CommitTimeout is how long a write waits for the confirmation of its commit, before
	// it is geo.ErrUnconfirmed. Zero is ten seconds.
	CommitTimeout time.Duration
	// Connections is how many sessions are kept at most for reads, and as many for
	// writes. Zero is eight.
	Connections int
	// ReadStandby lets requests that allow it read from a standby of the URL.
	ReadStandby bool
	// Rehearse undoes every write at its end, once all of it has been checked and
	// counted: a dry run.
	Rehearse bool
}

// DefaultStation is the key of the station that a URL means when it names none.
const DefaultStation = "main"

// Open opens the store of one station: a postgres:// URL, whose parameter station
// names it (DefaultStation when absent); the station is made when the key is new. The
// URL may name the primary and its standbys as HOST:PORT,HOST:PORT in any order. The
// database must have been prepared by Migrate; one that was not, or by a newer
// gridbeat, is refused with a *geo.InputError.
func Open(ctx context.Context, address string) (*Store, error) {
	return OpenOptions(ctx, address, Options{})
}

// OpenOptions is Open with options.
func OpenOptions(ctx context.Context, address string, o Options) (*Store, error) {
	plainAddress, key, err := splitStation(address)
	if err != nil {
		return nil, err
	}
	config, err := pgxpool.ParseConfig(plainAddress)
	if err != nil {
		return nil, badAddress("it cannot be read: " + redact(err))
	}
	if o.StatementTimeout == 0 {
		o.StatementTimeout = 2 * time.Minute
	}
	if o.Connections == 0 {
		o.Connections = 8
	}
	config.MaxConns = int32(o.Connections)
	config.ConnConfig.ConnectTimeout = 5 * time.Second
	config.ConnConfig.OnNotice = noteWarning
	settings := config.ConnConfig.RuntimeParams
	settings["application_name"] = "gridbeat"
	settings["statement_timeout"] = fmt.Sprint(o.StatementTimeout.Milliseconds())
	settings["idle_in_transaction_session_timeout"] = fmt.Sprint(o.StatementTimeout.Milliseconds())
	settings["lock_timeout"] = fmt.Sprint(lockPatience.Milliseconds())
	settings["timezone"] = "UTC"
	config.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		if _, err := c.Exec(ctx, findPostGIS); err != nil {
			return err
		}
		return pgxgeom.Register(ctx, c)
	}
	if o.CommitTimeout == 0 {
		o.CommitTimeout = 10 * time.Second
	}
	s := &Store{key: key, rehearse: o.Rehearse, patience: o.CommitTimeout, fence: &fence{}, watching: &watching{}, bell: make(bell, 1),
		pending: &pending{sessions: map[*pgxpool.Conn]struct{}{}}}
	servers := serversOf(config.ConnConfig)
	if len(servers) > 1 {
		s.fence.lookOut(ctx, servers)
	}
	config.ConnConfig.ValidateConnect = s.fence.admit
	if s.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if s.writes, err = pgxpool.NewWithConfig(ctx, config.Copy()); err != nil {
		s.pool.Close()
		return nil, fmt.Errorf("open store: %w", err)
	}
	if o.ReadStandby {
		if s.standby, err = openStandby(ctx, config); err != nil {
			s.closePools()
			return nil, fmt.Errorf("open store: %w", err)
		}
	}
	if err := s.enter(ctx); err != nil {
		s.closePools()
		return nil, fmt.Errorf("open store: %w", unreachable(plain(ctx, err)))
	}
	ctx, s.watching.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.watching.done.Go(func() { s.ringing(ctx) })
	if len(servers) > 1 {
		s.watching.done.Go(func() { s.fence.watch(ctx, servers, s.pool, s.writes) })
	}
	return s, nil
}

// findPostGIS puts the schema that holds PostGIS, which need not be public, on the path.
const findPostGIS = `SELECT set_config('search_path', coalesce((SELECT 'public, ' || quote_ident(n.nspname)
	FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'postgis'), 'public'), false)`

// splitStation takes the station's key out of a store's URL.
func splitStation(address string) (rest, key string, err error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return "", "", badAddress("it is no postgres:// URL")
	}
	q := u.Query()
	key = DefaultStation
	if q.Has("station") {
		if key = q.Get("station"); key == "" || len(key) > 200 {
			return "", "", badAddress("station= needs a key of 1 to 200 bytes")
		}
		q.Del("station")
	}
	u.RawQuery = q.Encode()
	return u.String(), key, nil
}

func badAddress(detail string) error {
	return geo.NewInputError("store", geo.Finding{Rule: "store-address", Detail: detail,
		Remedy: "write it as postgres://USER@HOST:PORT/DATABASE?station=KEY"})
}

// redact is what an error says of an address, without the address and its password.
func redact(err error) string {
	var parse *pgconn.ParseConfigError
	if errors.As(err, &parse) {
		if inner := errors.Unwrap(parse); inner != nil {
			return inner.Error()
		}
		return "unknown form"
	}
	return err.Error()
}

// unreachable says in one line why no session could be opened, where that is the reason.
func unreachable(err error) error {
	var connect *pgconn.ConnectError
	if !errors.As(err, &connect) {
		return err
	}
	detail := "no PostgreSQL server answers at " + net.JoinHostPort(connect.Config.Host, strconv.Itoa(int(connect.Config.Port)))
	var answer *pgconn.PgError
	if errors.As(err, &answer) {
		detail = fmt.Sprintf("the server at %s refuses %s: %s", connect.Config.Host, connect.Config.User, answer.Message)
	}
	return geo.NewInputError("store", geo.Finding{Rule: "store-unreachable", Detail: detail,
		Remedy: "check the URL's host, port, user and database, and that the server runs"})
}

// enter checks the schema and finds the station's number.
func (s *Store) enter(ctx context.Context) error {
	if err := checkSchema(ctx, s.pool); err != nil {
		return err
	}
	return s.pool.QueryRow(ctx, `SELECT gridbeat.enter_station($1)`, s.key).Scan(&s.station)
}

// Close ends the store's sessions. Commits that are still unconfirmed are left to the
// server.
func (s *Store) Close() error {
	s.watching.stop()
	s.watching.done.Wait()
	s.pending.sever()
	s.closePools()
	return nil
}

func (s *Store) closePools() {
	s.pool.Close()
	s.writes.Close()
	if s.standby != nil {
		s.standby.Close()
	}
}

// tx is a write under way: its statements, and what it owes to the change log when it
// ends.
type tx struct {
	pgx.Tx
	station int32
	changes []geo.Change
	closing time.Time // when it began to wait for the log
}

// attempts is how often a write is tried that the server refuses because it conflicts
// with another one.
const attempts = 6

// write runs one transaction, again when it conflicts with another. When do, the
// context or the commit fails, the store is as it was.
func (s *Store) write(ctx context.Context, do func(*tx) error) error {
	_, err := s.writeTimed(ctx, do)
	return err
}

// writeTimed is write, and tells for how long others could not write at most: from when
// it asked for the station's log to the end of its commit.
func (s *Store) writeTimed(ctx context.Context, do func(*tx) error) (held time.Duration, err error) {
	for try := range attempts {
		if held, err = s.writeOnce(ctx, do); !conflict(err) {
			if err == nil {
				s.notePosition(ctx)
			}
			return held, plain(ctx, err)
		}
		if try == attempts-1 {
			break
		}
		select {
		case <-ctx.Done():
			return held, ctx.Err()
		case <-time.After(time.Duration(1<<try) * 5 * time.Millisecond):
		}
	}
	return held, plain(ctx, err)
}

func (s *Store) writeOnce(ctx context.Context, do func(*tx) error) (held time.Duration, err error) {
	t := &tx{station: s.station}
	err = s.within(ctx, s.writes, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(inner pgx.Tx) error {
		t.Tx = inner
		if err := do(t); err != nil {
			return err
		}
		if err := s.hold.keep(ctx, t); err != nil {
			return err
		}
		t.closing = time.Now()
		return t.saveChanges(ctx)
	})
	if err == nil && len(t.changes) > 0 && !s.rehearse {
		s.bell.ring()
	}
	if !t.closing.IsZero() {
		held = time.Since(t.closing)
	}
	return held, err
}

// read runs queries on one state of the store, whatever is written meanwhile.
func (s *Store) read(ctx context.Context, do func(pgx.Tx) error) error {
	if done, err := s.readCopy(ctx, do); done {
		return plain(ctx, err)
	}
	return plain(ctx, s.within(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, do))
}

const (
	sessionPatience = 10 * time.Second // with others who have all sessions
	lockPatience    = 10 * time.Second // with others who write the same rows, or the log
	undoTimeout     = 5 * time.Second
)

// errNoSession says that all sessions are taken.
var errNoSession = fmt.Errorf("all sessions with the database are in use: %w", geo.ErrBusy)

// within runs one transaction that works for the station.
func (s *Store) within(ctx context.Context, pool *pgxpool.Pool, o pgx.TxOptions, do func(pgx.Tx) error) error {
	session, err := acquire(ctx, pool)
	if err != nil {
		return err
	}
	return s.inSession(ctx, session, o, do)
}

// inSession runs one transaction in a session, and releases it.
func (s *Store) inSession(ctx context.Context, session *pgxpool.Conn, o pgx.TxOptions, do func(pgx.Tx) error) error {
	t, err := session.BeginTx(ctx, o)
	if err != nil {
		session.Release()
		return err
	}
	if err := s.inside(ctx, t, do); err != nil || s.rehearse || o.AccessMode == pgx.ReadOnly {
		short, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoTimeout)
		defer cancel()
		_ = t.Rollback(short) // a session that cannot is closed
		session.Release()
		return err
	}
	return s.commit(session, t)
}

func (s *Store) inside(ctx context.Context, t pgx.Tx, do func(pgx.Tx) error) error {
	if _, err := t.Exec(ctx, `SELECT set_config('gridbeat.station', $1, true)`, fmt.Sprint(s.station)); err != nil {
		return err
	}
	if err := do(t); err != nil {
		return err
	}
	return ctx.Err()
}

// acquire waits for a free session, but not for ever.
func acquire(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Conn, error) {
	short, cancel := context.WithTimeoutCause(ctx, sessionPatience, errNoSession)
	defer cancel()
	session, err := pool.Acquire(short)
	if err != nil && ctx.Err() == nil && short.Err() != nil {
		return nil, errNoSession
	}
	return session, err
}

// errRaced says that another transaction added the same row meanwhile.
var errRaced = errors.New("another write added the same row")

// conflict reports whether the same write may succeed when it is tried again.
func conflict(err error) bool {
	if errors.Is(err, errRaced) {
		return true
	}
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40001" || e.Code == "40P01")
}

// waited reports whether a statement gave up waiting for a lock.
func waited(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == "55P03"
}

// plain replaces what the driver says about cancelled contexts and conflicts by
// errors that callers can test for.
func plain(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, geo.ErrUnconfirmed), errors.Is(err, geo.ErrBusy):
		return err
	case lostServer(err):
		return fmt.Errorf("%w (%w)", geo.ErrUnreachable, err)
	case conflict(err), waited(err):
		return fmt.Errorf("%w (%v)", geo.ErrBusy, err)
	}
	return err
}
