package gpkg

import (
	"context"
	"database/sql"
	"time"

	"gridbeat/geo/job"
)

const (
	strayTilings  = `SELECT id FROM tilings WHERE draft IS NULL AND edition IS NULL AND station IS NULL AND laid_at < ?1 ORDER BY id`
	forsakeOne    = `UPDATE tilings SET laid_at = '' WHERE id = ?1 AND draft IS NULL AND edition IS NULL AND station IS NULL AND laid_at < ?2`
	sweepGrids    = `DELETE FROM tiling_grids WHERE fid IN (SELECT fid FROM tiling_grids WHERE tiling = ?1 LIMIT ?2)`
	sweepBlocks   = `DELETE FROM tiling_blocks WHERE fid IN (SELECT fid FROM tiling_blocks WHERE tiling = ?1 LIMIT ?2)`
	sweepOutlines = `DELETE FROM tiling_districts WHERE tiling = ?1`
	sweepTiling   = `DELETE FROM tilings WHERE id = ?1`
)

// forsake leaves a tiling that was begun to the next sweep.
func (s *Store) forsake(ctx context.Context, id int64) {
	if id == 0 {
		return
	}
	short, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	// Where this fails, the tiling is swept once its time is over.
	_ = s.anyone().write(short, func(t *tx) error {
		_, err := t.ExecContext(short, forsakeOne, id, endOfTime)
		return err
	})
}

// anyone is the store for what no job answers for.
func (s *Store) anyone() *Store {
	free := *s
	free.hold = nil
	return &free
}

// sweep removes tilings that nobody names, nor lays out any more: what a save left when
// it was cut short, and what a large one replaced. It works in short steps until all is
// gone or ctx ends, and what it leaves is swept the next time.
func (s *Store) sweep(ctx context.Context) error {
	if s.rehearse {
		return nil
	}
	before := stamp(time.Now().Add(-lastsFor))
	stray, err := readAll(ctx, s, "stray tilings", strayTilings, func(row scanner) (id int64, err error) { return id, row.Scan(&id) }, before)
	next := job.Pace{}
	for _, id := range stray {
		for gone := false; !gone && err == nil; {
			since := s.now()
			gone, err = s.sweepStep(ctx, id, next.Next(), before)
			next.Took(s.now().Sub(since))
		}
	}
	return err
}

// sweepStep removes some rows of a tiling, and tells when it was the last step.
func (s *Store) sweepStep(ctx context.Context, id int64, most int, before string) (gone bool, err error) {
	err = s.anyone().write(ctx, func(t *tx) error {
		marked, err := affected(t.ExecContext(ctx, forsakeOne, id, before))
		if err != nil || marked == 0 { // it was named, or goes on
			gone = true
			return err
		}
		for _, statement := range []string{sweepGrids, sweepBlocks} {
			if n, err := affected(t.ExecContext(ctx, statement, id, most)); err != nil || n == int64(most) {
				return err
			}
		}
		gone = true
		for _, statement := range []string{sweepOutlines, sweepTiling} {
			if _, err := t.ExecContext(ctx, statement, id); err != nil {
				return err
			}
		}
		return nil
	})
	return gone, err
}

func affected(r sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}
