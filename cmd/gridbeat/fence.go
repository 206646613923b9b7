package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"gridbeat/data/postgis"
)

// fenceCmd runs before a PostgreSQL starts and keeps one that was replaced while it was
// away from taking writes.
type fenceCmd struct {
	Data  string `arg:"" name:"data" placeholder:"FOLDER" help:"Data folder of the PostgreSQL that is about to start."`
	Peers string `required:"" placeholder:"postgres://HOST:PORT,HOST:PORT/..." help:"The other servers of the cluster."`
	Alone bool   `help:"Start also when no other server answers: only where they are known to be gone."`
}

// signalFile is what makes PostgreSQL start as a standby, which takes no writes.
const signalFile = "standby.signal"

// Run does the command. It is the first step of the server's start: where it fails, the
// server must not be started.
func (f *fenceCmd) Run(ctx context.Context, con *console) error {
	signal := filepath.Join(f.Data, signalFile)
	if _, err := os.Stat(filepath.Join(f.Data, "PG_VERSION")); err != nil {
		return fmt.Errorf("%s: it is no data folder of PostgreSQL: %w", f.Data, err)
	}
	if _, err := os.Stat(signal); err == nil {
		return con.result(map[string]string{"starts": "standby"}, "it starts as a standby")
	}
	peers, err := postgis.Servers(ctx, f.Peers)
	if err != nil {
		return err
	}
	var silent []error
	for _, p := range peers {
		switch {
		case p.Err != nil:
			silent = append(silent, fmt.Errorf("%s does not answer: %w", p.Address, p.Err))
		case !p.Standby:
			if err := touchAsOwner(signal, f.Data); err != nil {
				return fmt.Errorf("keep it from taking writes: %w", err)
			}
			return con.result(map[string]string{"starts": "standby", "primary": p.Address},
				fmt.Sprintf("%s is the primary, on timeline %d: this server starts as a standby and takes no writes; make it anew with pg_rewind or pg_basebackup", p.Address, p.Timeline))
		}
	}
	if len(silent) == len(peers) && !f.Alone {
		return errors.Join(append(silent, errors.New("nobody can say whether this server was replaced; start another one first, or give --alone where they are gone for good"))...)
	}
	return con.result(map[string]string{"starts": "primary"}, "no other server is the primary: it may start")
}

// touchAsOwner makes an empty file that belongs to whom the folder belongs to.
func touchAsOwner(file, folder string) error {
	info, err := os.Stat(folder)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		return err
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); ok {
		return os.Chown(file, int(owner.Uid), int(owner.Gid))
	}
	return nil
}
