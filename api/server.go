package api

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"gridbeat/api/ui"
)

// Config says what a server serves and to whom.
type Config struct {
	Store   Store
	Log     *slog.Logger     // nil: nothing is logged
	Now     func() time.Time // nil: time.Now
	Random  io.Reader        // for ids of new things; nil: crypto/rand
	Version string           // of the program, shown on the page

	// AllRoles gives every visitor every role, as the demo does. Such a server
	// answers loopback names and addresses only, and refuses pages of other origins.
	AllRoles bool
}

// Server answers HTTP requests. It is safe for concurrent use.
type Server struct {
	store   Store
	log     *slog.Logger
	now     func() time.Time
	random  io.Reader
	version string
	open    bool // every visitor has every role

	echo     *echo.Echo
	feed     *feed
	editions *editions
	station  stationMemo
	frame    frameMemo
	roads    *roads
	page     ui.Page

	closing  chan struct{} // closed when the server begins to stop: streams end
	stopOnce sync.Once
}

// New returns a server for a store. It fails when the page that was built into
// the program cannot be read.
func New(c Config) (*Server, error) {
	if c.Store == nil {
		return nil, errors.New("make server: no store is given")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	page, err := ui.Load()
	if err != nil {
		return nil, fmt.Errorf("make server: %w", err)
	}
	s := &Server{store: c.Store, log: c.Log, now: c.Now, random: c.Random, version: c.Version, open: c.AllRoles,
		feed: &feed{store: c.Store}, editions: &editions{store: c.Store}, roads: &roads{store: c.Store}, page: page, closing: make(chan struct{})}
	s.echo = s.routes()
	return s, nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

// The patience of the server: with a request's head and body, with a reader of its
// answer, with a silent connection, and with open requests when it stops.
const (
	headTimeout  = 5 * time.Second
	readTimeout  = 30 * time.Second
	writeTimeout = 60 * time.Second
	idleTimeout  = 2 * time.Minute
	stopTimeout  = 10 * time.Second
)

// Serve answers requests on the listener until ctx ends, then lets open requests
// finish and returns nil. The listener is closed in every case. A server that
// gives every role to everyone refuses to listen on anything but loopback.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	return serve(ctx, l, s, s.log, s)
}

// Serve is (*Server).Serve for all stations on one listener.
func (s Stations) Serve(ctx context.Context, l net.Listener, log *slog.Logger) error {
	return serve(ctx, l, s, log, slices.Collect(maps.Values(s))...)
}

// serve answers requests on the listener by a handler that hands them to servers.
func serve(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger, servers ...*Server) error {
	defer l.Close()
	for _, s := range servers {
		if a, ok := l.Addr().(*net.TCPAddr); s.open && (!ok || !a.IP.IsLoopback()) {
			return fmt.Errorf("serve on %s: without accounts only loopback addresses are served; use 127.0.0.1", l.Addr())
		}
	}
	hs := &http.Server{Handler: h, ReadHeaderTimeout: headTimeout, ReadTimeout: readTimeout,
		WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	for _, s := range servers {
		hs.RegisterOnShutdown(func() { s.stopOnce.Do(func() { close(s.closing) }) })
	}
	following, stop := context.WithCancel(ctx)
	var followers sync.WaitGroup
	defer func() { stop(); followers.Wait() }()
	for _, s := range servers {
		followers.Go(func() { s.feed.follow(following) })
	}
	failed := make(chan error, 1)
	go func() { failed <- hs.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	err := hs.Shutdown(patience)
	if err != nil {
		hs.Close()
	}
	<-failed
	if err != nil {
		return fmt.Errorf("stop serving on %s: %w", l.Addr(), err)
	}
	return nil
}
