package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"

	"gridbeat/api"
	"gridbeat/geo"
)

// serveAllCmd serves many stations, each from its own database.
type serveAllCmd struct {
	Stations string `arg:"" name:"stations" placeholder:"FILE.json" help:"A JSON object: the store's URL or file by the station's key."`
	listenFlag
	Slots int `default:"1" env:"GRIDBEAT_SLOTS" help:"Jobs of each station that this server works at a time; 0 leaves them to gridbeat work."`
}

// Run does the command: it serves until the context ends. All stores are opened before
// the first request is answered.
func (s *serveAllCmd) Run(ctx context.Context, con *console) (err error) {
	if s.Slots < 0 || s.Slots > 100 {
		return fmt.Errorf("--slots %d: from 0 to 100 jobs at a time", s.Slots)
	}
	addresses, err := readStations(s.Stations)
	if err != nil {
		return err
	}
	l, err := s.listener(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	ctx, cancel := context.WithCancel(ctx)
	var working sync.WaitGroup
	defer func() { cancel(); working.Wait() }()
	servers := api.Stations{}
	return openAll(ctx, slices.Sorted(maps.Keys(addresses)), addresses, func(key string, st store) error {
		if s.Slots > 0 {
			working.Go(func() { newRunner(con, st, s.Slots).Run(ctx) })
		}
		servers[key], err = newServer(con, st)
		return err
	}, func() error {
		defer func() { cancel(); working.Wait() }() // before the stores close
		con.say("serving %d stations on http://%s/ with every role, to this machine only; stop it with ctrl-C", len(servers), l.Addr())
		return servers.Serve(ctx, l, con.log())
	})
}

// openAll opens the stores one after the other, hands each to add, and runs then with
// all of them open.
func openAll(ctx context.Context, keys []string, addresses map[string]string, add func(string, store) error, then func() error) error {
	if len(keys) == 0 {
		return then()
	}
	key := keys[0]
	return storeFlag{Store: addresses[key]}.use(ctx, func(st store) error {
		if err := add(key, st); err != nil {
			return fmt.Errorf("station %s: %w", key, err)
		}
		return openAll(ctx, keys[1:], addresses, add, then)
	})
}

// readStations reads the stores by their stations' keys.
func readStations(file string) (addresses map[string]string, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	bad := func(detail string) error {
		return geo.NewInputError(file, geo.Finding{Rule: "stations", Detail: detail,
			Remedy: `write {"KEY": "postgres://USER@HOST/DATABASE?station=KEY", ...}`})
	}
	if err := json.Unmarshal(text, &addresses); err != nil {
		return nil, bad(err.Error())
	}
	if len(addresses) == 0 {
		return nil, bad("it names no station")
	}
	seen := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(addresses)) {
		if other, twice := seen[addresses[key]]; twice {
			return nil, bad(fmt.Sprintf("%s and %s have the same store", other, key))
		}
		seen[addresses[key]] = key
		if err := (storeFlag{Store: addresses[key]}).known(); err != nil || key == "" {
			return nil, errors.Join(bad("station "+key), err)
		}
	}
	return addresses, nil
}
