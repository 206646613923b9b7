package postgis

import (
	"context"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// A URL may name several servers, host1:port1,host2:port2: a primary and its standbys.
// Sessions are opened with the primary. Each promotion begins a new timeline, so that
// of two servers which both take writes the one on the higher timeline is the primary;
// the other came back after it was replaced, and is never used again.

const (
	// askRole tells whether the server is a standby, and the timeline that it writes.
	askRole = `SELECT pg_is_in_recovery(), CASE WHEN pg_is_in_recovery() THEN 0 ELSE ` + timeline + ` END`
	// timeline is the number at the head of the name of the present log file.
	timeline = `('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer`

	lookEvery   = 5 * time.Second // for a primary on a higher timeline
	lookTimeout = 2 * time.Second
)

// fence knows the highest timeline that was ever seen to take writes.
type fence struct{ highest atomic.Int64 }

// admit refuses a session with a server that is not the primary.
func (f *fence) admit(ctx context.Context, c *pgconn.PgConn) error {
	standby, line, err := roleOf(ctx, c)
	switch {
	case err != nil:
		return err
	case standby:
		return fmt.Errorf("%s is a standby", c.Conn().RemoteAddr())
	case line < f.highest.Load():
		return fmt.Errorf("%s was replaced: it writes timeline %d, the primary %d", c.Conn().RemoteAddr(), line, f.highest.Load())
	}
	f.raise(line)
	return nil
}

// raise notes a timeline and reports whether it is higher than any before.
func (f *fence) raise(line int64) bool {
	for {
		highest := f.highest.Load()
		if line <= highest {
			return false
		}
		if f.highest.CompareAndSwap(highest, line) {
			return true
		}
	}
}

func roleOf(ctx context.Context, c *pgconn.PgConn) (standby bool, line int64, err error) {
	results, err := c.Exec(ctx, askRole).ReadAll()
	if err != nil {
		return false, 0, err
	}
	row := results[0].Rows[0]
	_, err = fmt.Sscan(string(row[1]), &line)
	return string(row[0]) == "t", line, err
}

// lookOut asks every server of the URL which timeline it writes, and reports whether
// there is a higher one than was known.
func (f *fence) lookOut(ctx context.Context, servers []*pgx.ConnConfig) (risen bool) {
	for _, server := range servers {
		short, cancel := context.WithTimeout(ctx, lookTimeout)
		c, err := pgx.ConnectConfig(short, server)
		if err == nil {
			if standby, line, err := roleOf(short, c.PgConn()); err == nil && !standby && f.raise(line) {
				risen = true
			}
			c.Close(short)
		}
		cancel()
	}
	return risen
}

// serversOf are the servers of a URL, each alone. There is nothing to look out for where
// it is one.
func serversOf(config *pgx.ConnConfig) (all []*pgx.ConnConfig) {
	type address struct {
		host string
		port uint16
	}
	seen := map[address]bool{}
	add := func(host string, port uint16, fallbacks ...*pgconn.FallbackConfig) {
		if seen[address{host, port}] {
			return
		}
		seen[address{host, port}] = true
		one := config.Copy()
		one.Host, one.Port, one.Fallbacks, one.ValidateConnect = host, port, fallbacks, nil
		one.ConnectTimeout = lookTimeout
		all = append(all, one)
	}
	add(config.Host, config.Port)
	for _, f := range config.Fallbacks {
		add(f.Host, f.Port)
	}
	return all
}

// watch looks out for a new primary until ctx ends; sessions with an older one are then
// given up.
func (f *fence) watch(ctx context.Context, servers []*pgx.ConnConfig, pools ...*pgxpool.Pool) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if f.lookOut(ctx, servers) {
			for _, p := range pools {
				p.Reset()
			}
		}
	}
}

// Server is one of the servers that a URL names.
type Server struct {
	Address  string
	Standby  bool
	Timeline int64 // that it writes; 0 for a standby
	Err      error // why it does not answer
}

// Servers asks every server of the URL what it is at the moment.
func Servers(ctx context.Context, address string) (all []Server, err error) {
	plainAddress, _, err := splitStation(address)
	if err != nil {
		return nil, err
	}
	config, err := pgx.ParseConfig(plainAddress)
	if err != nil {
		return nil, badAddress("it cannot be read: " + redact(err))
	}
	for _, one := range serversOf(config) {
		s := Server{Address: net.JoinHostPort(one.Host, fmt.Sprint(one.Port))}
		short, cancel := context.WithTimeout(ctx, lookTimeout)
		c, err := pgx.ConnectConfig(short, one)
		if err == nil {
			s.Standby, s.Timeline, err = roleOf(short, c.PgConn())
			c.Close(short)
		}
		cancel()
		s.Err = err
		all = append(all, s)
	}
	return all, nil
}
