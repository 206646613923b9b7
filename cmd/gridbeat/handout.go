package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"gridbeat/data/archive"
	"gridbeat/data/gpkg"
)

// handoutCmd writes the layers of a store as an ordinary file.
type handoutCmd struct {
	storeFlag
	Out string `required:"" placeholder:"FILE.gpkg" help:"The file to make. It holds the layers and editions: no people, incidents, positions or drafts."`
}

// Run does the command.
func (h *handoutCmd) Run(ctx context.Context, con *console) error {
	if !strings.HasSuffix(h.Out, ".gpkg") {
		return fmt.Errorf("--out %s: a hand-out is a file whose name ends in .gpkg", h.Out)
	}
	if _, err := os.Stat(h.Out); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("--out %s: it is there already; a hand-out is not written over another file", h.Out)
	}
	var whole archive.Archive
	if err := h.use(ctx, func(st store) (err error) {
		whole, err = st.Archive(ctx)
		return err
	}); err != nil {
		return err
	}
	if err := beside(h.Out, func(path string) error { return gpkg.WriteHandOut(ctx, path, whole) }); err != nil {
		return err
	}
	return con.result(map[string]any{"out": h.Out, "grids": grids(whole), "buildings": len(whole.Buildings)},
		fmt.Sprintf("wrote %s: an ordinary GeoPackage with %d grids of %d editions, without people, incidents, positions and drafts",
			h.Out, grids(whole), len(whole.Editions)))
}

func grids(a archive.Archive) int {
	n := 0
	for _, e := range a.Editions {
		n += len(e.Grids)
	}
	return n
}
