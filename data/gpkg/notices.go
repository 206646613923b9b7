package gpkg

import (
	"context"
	"time"

	"gridbeat/routing/dispatch"
)

const (
	noticeColumns = `id, version, aim, title, text, grids, author, created_at, valid_until, deliveries, simulated`
	listNotices   = `SELECT ` + noticeColumns + ` FROM notices ORDER BY created_at, id`
	findNotice    = `SELECT ` + noticeColumns + ` FROM notices WHERE id = ?1`
	insertNotice  = `INSERT INTO notices (` + noticeColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)`
	updateNotice  = `UPDATE notices SET version = ?2, aim = ?3, title = ?4, text = ?5, grids = ?6, author = ?7, created_at = ?8,
		valid_until = ?9, deliveries = ?10, simulated = ?11 WHERE id = ?1`
)

var notices = records[dispatch.Notice]{
	noun: "notice", table: "notices", keyed: 1,
	find: findNotice, insert: insertNotice, update: updateNotice,
	bind: func(v dispatch.Notice) ([]any, error) {
		return []any{v.ID, v.Version, v.Aim, v.Title, v.Text, asJSON(list(v.Grids)), v.Author, v.CreatedAt, known(v.ValidUntil),
			asJSON(list(v.Deliveries)), v.Simulated}, v.Check()
	},
}

func scanNotice(row scanner) (v dispatch.Notice, err error) {
	return v, row.Scan(&v.ID, &v.Version, &v.Aim, &v.Title, &v.Text, jsonText{&v.Grids}, &v.Author, moment{&v.CreatedAt},
		moment{&v.ValidUntil}, jsonText{&v.Deliveries}, &v.Simulated)
}

// SaveNotice saves the next version of a notice.
func (s *Store) SaveNotice(ctx context.Context, n dispatch.Notice, at time.Time) error {
	return saveNext(ctx, s, notices, n, n.ID, n.Version, at)
}

// Notices lists the notices by the time when they were made, then by id.
func (s *Store) Notices(ctx context.Context) ([]dispatch.Notice, error) {
	return readAll(ctx, s, "notices", listNotices, scanNotice)
}

// Notice returns the notice of that id, or geo.ErrNotFound.
func (s *Store) Notice(ctx context.Context, id string) (dispatch.Notice, error) {
	return readOne(ctx, s, "notice "+id, findNotice, scanNotice, id)
}
