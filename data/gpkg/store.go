package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/mattn/go-sqlite3"

	"gridbeat/geo"
)

// ErrBusy says that another program holds the file's write lock; the same call
// can be made again.
var ErrBusy = fmt.Errorf("another program is writing this store: %w", geo.ErrBusy)

// Store is an open GeoPackage. It is safe for concurrent use: reads run beside
// each other and beside the one write that is under way.
type Store struct {
	path     string
	patience time.Duration
	rehearse bool
	writer   *sql.DB // one connection: writes queue here
	reader   *sql.DB // refuses to write
	hold     *hold   // of a worker, nil for everybody else
	news     *news
	now      func() time.Time
}

// Options change how a store is opened.
type Options struct {
	// BusyTimeout is how long a write waits while another program writes the file,
	// before ErrBusy. Zero is ten seconds.
	BusyTimeout time.Duration
	// Rehearse undoes every write at its end, once all of it has been checked and
	// counted: a dry run.
	Rehearse bool
}

// Open opens the GeoPackage at path and makes it when there is none. A file that
// is something else, or that a newer gridbeat wrote, is left as it is and refused
// with a *geo.InputError.
func Open(ctx context.Context, path string) (*Store, error) {
	return OpenOptions(ctx, path, Options{})
}

// sweepAtOpen is how long Open takes at most to remove what a killed program left.
const sweepAtOpen = time.Second

// OpenOptions is Open with options.
func OpenOptions(ctx context.Context, path string, o Options) (*Store, error) {
	if o.BusyTimeout == 0 {
		o.BusyTimeout = 10 * time.Second
	}
	if err := prepare(ctx, path, o.BusyTimeout); err != nil {
		return nil, fmt.Errorf("open store: %w", plain(ctx, err))
	}
	s := &Store{
		path: path, patience: o.BusyTimeout, rehearse: o.Rehearse, now: time.Now, news: &news{hints: map[*func(bool)]struct{}{}},
		writer: sql.OpenDB(newConnector(path, writing, lockWait)),
		reader: sql.OpenDB(newConnector(path, reading, o.BusyTimeout)),
	}
	s.writer.SetMaxOpenConns(1)
	s.reader.SetMaxOpenConns(max(4, runtime.NumCPU()))
	s.reader.SetMaxIdleConns(max(4, runtime.NumCPU()))
	short, cancel := context.WithTimeout(ctx, sweepAtOpen)
	defer cancel()
	if err := s.sweep(short); err != nil && short.Err() == nil && !errors.Is(err, ErrBusy) {
		return nil, errors.Join(fmt.Errorf("open store: sweep: %w", err), s.Close())
	}
	return s, nil
}

// Path is the file's name as it was given to Open.
func (s *Store) Path() string { return s.path }

// Close ends the store. Afterwards the file alone holds everything: its log is
// folded in, unless another program still reads it.
func (s *Store) Close() error {
	err := s.reader.Close()
	if _, checkpoint := s.writer.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); checkpoint != nil && !isBusy(checkpoint) {
		err = errors.Join(err, checkpoint)
	}
	if err = errors.Join(err, s.writer.Close()); err != nil {
		return fmt.Errorf("close store %s: %w", s.path, err)
	}
	return nil
}

// tx is a write under way: its statements, and what it owes to the tables of
// contents and changes when it ends.
type tx struct {
	*sql.Tx
	bench   *bench // nil where nothing was laid out
	touched map[string]*extent
	named   bool // a tiling was given to a draft or an edition, or one that has been changed
}

// lockWait is how long SQLite itself waits for the write lock, deaf to contexts.
const lockWait = 50 * time.Millisecond

// begin takes the write lock, and waits for it as long as the store's patience and
// the context allow.
func (s *Store) begin(ctx context.Context, on interface {
	BeginTx(context.Context, *sql.TxOptions) (*sql.Tx, error)
}) (*sql.Tx, error) {
	for since := time.Now(); ; {
		t, err := on.BeginTx(ctx, nil)
		if !isBusy(err) || ctx.Err() != nil || time.Since(since) >= s.patience {
			return t, err
		}
	}
}

// write runs one transaction. When do, the context or the commit fails, the store
// is as it was.
func (s *Store) write(ctx context.Context, do func(*tx) error) error {
	inner, err := s.begin(ctx, s.writer)
	if err != nil {
		return plain(ctx, err)
	}
	return s.finish(ctx, &tx{Tx: inner, touched: map[string]*extent{}}, do)
}

// land is write on a bench, for what was laid out there.
func (s *Store) land(ctx context.Context, b *bench, do func(*tx) error) error {
	_, err := s.landTimed(ctx, b, do)
	return err
}

// landTimed is land, and tells for how long others could not write.
func (s *Store) landTimed(ctx context.Context, b *bench, do func(*tx) error) (held time.Duration, err error) {
	inner, err := s.begin(ctx, b.conn)
	if err != nil {
		return 0, plain(ctx, err)
	}
	locked := s.now()
	err = s.finish(ctx, &tx{Tx: inner, bench: b, touched: map[string]*extent{}}, do)
	return s.now().Sub(locked), err
}

func (s *Store) finish(ctx context.Context, t *tx, do func(*tx) error) error {
	defer t.Rollback()
	if _, err := t.ExecContext(ctx, openGuard); err != nil {
		return plain(ctx, err)
	}
	if err := do(t); err != nil {
		return plain(ctx, err)
	}
	if err := s.hold.keep(ctx, t); err != nil {
		return plain(ctx, err)
	}
	if err := t.saveContents(ctx); err != nil {
		return plain(ctx, err)
	}
	if _, err := t.ExecContext(ctx, shutGuard); err != nil {
		return plain(ctx, err)
	}
	if s.rehearse {
		return plain(ctx, t.Rollback())
	}
	if err := t.Commit(); err != nil {
		return plain(ctx, err)
	}
	if t.touched["changes"] != nil {
		s.news.spread()
	}
	return nil
}

// read runs queries on one state of the store, whatever is written meanwhile.
func (s *Store) read(ctx context.Context, do func(*sql.Tx) error) error {
	inner, err := s.reader.BeginTx(ctx, nil)
	if err != nil {
		return plain(ctx, err)
	}
	defer inner.Rollback()
	return plain(ctx, do(inner))
}

// plain replaces what the driver says about cancelled contexts and locks by
// errors that callers can test for.
func plain(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case isBusy(err):
		return fmt.Errorf("%w (%v)", ErrBusy, err)
	}
	return err
}

func isBusy(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrLocked)
}
