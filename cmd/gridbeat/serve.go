package main

import (
	"context"
	"fmt"
	"net"

	"gridbeat/api"
)

// version is the program's, set when a release is built.
var version = "0.1.0-dev"

// serveCmd serves a store. Until there are accounts, everybody who reaches it has
// every role, and so it is reached from this machine only.
type serveCmd struct {
	storeFlag
	listenFlag
	Slots       int  `default:"1" env:"GRIDBEAT_SLOTS" help:"Jobs that this server works at a time; 0 leaves them to gridbeat work."`
	ReadStandby bool `env:"GRIDBEAT_READ_STANDBY" help:"Answer requests for incidents from a standby that the URL names, when it is as new as what the asker has written."`
}

type listenFlag struct {
	Listen string `default:"127.0.0.1:8080" env:"GRIDBEAT_LISTEN" help:"Address of this machine (loopback) to listen on."`
}

// Run does the command: it serves until the context ends.
func (s *serveCmd) Run(ctx context.Context, con *console) error {
	l, err := s.listener(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	if s.Slots < 0 || s.Slots > 100 {
		return fmt.Errorf("--slots %d: from 0 to 100 jobs at a time", s.Slots)
	}
	s.readStandby = s.ReadStandby
	return s.use(ctx, func(st store) error {
		if s.Slots == 0 {
			return serve(ctx, con, st, l)
		}
		return working(ctx, newRunner(con, st, s.Slots), func() error { return serve(ctx, con, st, l) })
	})
}

// listener listens on the flag's address; one that other machines could reach is
// refused before anything is opened.
func (f listenFlag) listener(ctx context.Context) (net.Listener, error) {
	host, _, err := net.SplitHostPort(f.Listen)
	if err != nil {
		return nil, fmt.Errorf("--listen %s: give an address and a port, such as 127.0.0.1:8080", f.Listen)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("--listen %s: this version has no accounts, so it serves this machine only; use 127.0.0.1, ::1 or localhost", f.Listen)
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", f.Listen)
	if err != nil {
		return nil, fmt.Errorf("%w; is another program on that port? choose one with --listen 127.0.0.1:PORT", err)
	}
	return l, nil
}

// serve answers on l until ctx ends.
func serve(ctx context.Context, con *console, st store, l net.Listener) error {
	server, err := newServer(con, st)
	if err != nil {
		return err
	}
	con.say("serving http://%s/ with every role, to this machine only; stop it with ctrl-C", l.Addr())
	return server.Serve(ctx, l)
}

func newServer(con *console, st store) (*api.Server, error) {
	return api.New(api.Config{Store: st, Log: con.log(), Version: version, AllRoles: true})
}
