package postgis

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"gridbeat/geo"
)

// warned is the place among a session's data where the server's last warning lies.
const warned = "gridbeat.warning"

// noteWarning keeps what the server warns of. With a synchronous standby a commit whose
// wait was cut short ends as if it had succeeded, and only a warning tells.
func noteWarning(c *pgconn.PgConn, n *pgconn.Notice) {
	if n.SeverityUnlocalized == "WARNING" {
		c.CustomData()[warned] = n.Message
	}
}

// commit sends the commit and waits for its confirmation, as long as the store's
// patience. It is never cancelled: PostgreSQL would stop to wait for the standby, and
// show to all what may yet be lost. A commit that outlasts the patience goes on in the
// background, holding its session, and is geo.ErrUnconfirmed; so is one that ends with a
// warning or without an answer.
func (s *Store) commit(session *pgxpool.Conn, t pgx.Tx) error {
	delete(session.Conn().PgConn().CustomData(), warned)
	ended := make(chan error, 1)
	s.pending.add(session)
	go func() {
		err := confirmed(session.Conn().PgConn(), t.Commit(context.Background()))
		s.pending.remove(session)
		session.Release()
		ended <- err
	}()
	patience := time.NewTimer(s.patience)
	defer patience.Stop()
	select {
	case err := <-ended:
		return err
	case <-patience.C:
		return fmt.Errorf("%w: no answer to the commit for %v", geo.ErrUnconfirmed, s.patience)
	}
}

// confirmed tells whether a commit that returned err is certain.
func confirmed(c *pgconn.PgConn, err error) error {
	var answer *pgconn.PgError
	switch {
	case err == nil && c.CustomData()[warned] != nil:
		return fmt.Errorf("%w: %v", geo.ErrUnconfirmed, c.CustomData()[warned])
	case err == nil:
		return nil
	case errors.Is(err, pgx.ErrTxCommitRollback):
		return err // the server rolled it back
	case errors.As(err, &answer) && !shutsDown(answer):
		return err // the server refused it
	}
	return fmt.Errorf("%w: %v", geo.ErrUnconfirmed, err)
}

// shutsDown reports whether the server says that it, or the session, ends: class 57, or
// that it is about to, class 08; or that it is a standby now.
func shutsDown(e *pgconn.PgError) bool {
	return e.Code[:2] == "57" && e.Code != "57014" || e.Code[:2] == "08" || e.Code == "25006"
}

// lostServer reports whether a statement failed because no server answered it that takes
// writes. Nothing was committed then.
func lostServer(err error) bool {
	var answer *pgconn.PgError
	if errors.As(err, &answer) {
		return shutsDown(answer)
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, pgconn.ErrConnClosed) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}

// pending are the sessions whose commit is not confirmed yet.
type pending struct {
	mu       sync.Mutex
	sessions map[*pgxpool.Conn]struct{}
}

func (p *pending) add(c *pgxpool.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sessions[c] = struct{}{}
}

func (p *pending) remove(c *pgxpool.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.sessions, c)
}

// sever leaves the commits that are still out to the server: their sockets close without
// a word, and the server goes on waiting for its standby.
func (p *pending) sever() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.sessions {
		c.Conn().PgConn().Conn().Close()
	}
}
