package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gridbeat/data/archive"
)

// storeCopyCmd copies a station from one store to another, of either kind.
type storeCopyCmd struct {
	From string `arg:"" help:"The store to read: FILE.gpkg or postgres://..."`
	To   string `arg:"" help:"The store to write, new or empty; ?station=KEY names a new station of a database."`
}

// Run does the command.
func (c *storeCopyCmd) Run(ctx context.Context, con *console) error {
	return copyStore(ctx, con, storeFlag{Store: c.From}, storeFlag{Store: c.To})
}

// backupCmd writes a copy of a store to a file, whole or not at all.
type backupCmd struct {
	storeFlag
	Out string `required:"" placeholder:"FILE.gpkg" help:"The file to make; it is a store itself."`
}

// Run does the command.
func (b *backupCmd) Run(ctx context.Context, con *console) error {
	to := storeFlag{Store: b.Out}
	if to.server() || !strings.HasSuffix(b.Out, ".gpkg") {
		return fmt.Errorf("--out %s: a backup is a file whose name ends in .gpkg; gridbeat store copy writes to a database", to.name())
	}
	return copyStore(ctx, con, b.storeFlag, to)
}

// restoreCmd brings a backup into a new or empty store.
type restoreCmd struct {
	Backup string `arg:"" help:"The backup, a FILE.gpkg."`
	storeFlag
}

// Run does the command.
func (r *restoreCmd) Run(ctx context.Context, con *console) error {
	return copyStore(ctx, con, storeFlag{Store: r.Backup}, r.storeFlag)
}

// copied is what copying did, collection by collection.
type copied struct {
	From string        `json:"from"`
	To   string        `json:"to"`
	Sums []archive.Sum `json:"sums"` // the same at both ends
}

func (c copied) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s was copied to %s; counts and sums are the same at both ends:", c.From, c.To)
	for _, s := range c.Sums {
		fmt.Fprintf(&b, "\n  %-12s %8d  %.16s", s.Collection, s.Count, s.SHA256)
	}
	return b.String()
}

// copyStore copies one store into another and compares what both then hold. A new
// file is made beside its place and moved there when it is complete and compared.
func copyStore(ctx context.Context, con *console, from, to storeFlag) error {
	if err := to.known(); err != nil {
		return err
	}
	var whole archive.Archive
	if err := from.use(ctx, func(st store) (err error) {
		whole, err = st.Archive(ctx)
		return err
	}); err != nil {
		return err
	}
	if whole.Empty() {
		return fmt.Errorf("%s is empty: nothing was ever written to it", from.name())
	}
	before, err := whole.Sums()
	if err != nil {
		return err
	}
	write := func(target storeFlag) error {
		return target.make(ctx, func(st store) error { return restoreAndCompare(ctx, con, st, whole, before) })
	}
	if !to.server() && !to.exists() {
		err = beside(to.Store, func(path string) error { return write(storeFlag{Store: path}) })
	} else {
		err = write(to)
	}
	if err != nil {
		return err
	}
	c := copied{From: from.name(), To: to.name(), Sums: before}
	return con.result(c, c.String())
}

func restoreAndCompare(ctx context.Context, con *console, st store, whole archive.Archive, before []archive.Sum) error {
	if err := st.Restore(ctx, whole); err != nil {
		return err
	}
	there, err := st.Archive(ctx)
	if err != nil {
		return err
	}
	after, err := there.Sums()
	if err != nil {
		return err
	}
	if found := archive.Differences(before, after); len(found) > 0 {
		con.findings(found)
		return errors.New("the copy is not the same as what was copied: do not use it")
	}
	return nil
}

// beside has a store made in a folder next to its place, and moves it there.
func beside(path string, build func(path string) error) error {
	dir, err := os.MkdirTemp(filepath.Dir(path), ".gridbeat-copy-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	making := filepath.Join(dir, "making.gpkg")
	if err := build(making); err != nil {
		return err
	}
	return os.Rename(making, path)
}
