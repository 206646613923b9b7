package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"gridbeat/geo"
)

// bench is a connection of its own with an empty private database beside the store's
// file. Many values are laid out there while others read and write the store, and then
// land in it with a few statements: the write lock is held for these only.
type bench struct {
	pool *sql.DB
	conn *sql.Conn
}

// The private database has no name and no file that outlives the connection.
const openStage = `ATTACH '' AS stage; PRAGMA stage.journal_mode = OFF; PRAGMA stage.synchronous = OFF; PRAGMA stage.cache_size = -65536`

func (s *Store) openBench(ctx context.Context) (*bench, error) {
	b := &bench{pool: sql.OpenDB(newConnector(s.path, writing, lockWait))}
	b.pool.SetMaxOpenConns(1)
	var err error
	if b.conn, err = b.pool.Conn(ctx); err == nil {
		_, err = b.conn.ExecContext(ctx, openStage)
	}
	if err != nil {
		b.pool.Close()
		return nil, plain(ctx, err)
	}
	return b, nil
}

// onBench runs do with a bench of its own.
func (s *Store) onBench(ctx context.Context, do func(*bench) error) error {
	b, err := s.openBench(ctx)
	if err != nil {
		return err
	}
	defer b.close()
	return do(b)
}

// landAll lays values out, adds or changes them, and does what is left to do in the
// same transaction.
func landAll[T any](ctx context.Context, s *Store, r records[T], vs []T, then func(*tx, *staged[T], geo.Counts) error) error {
	return s.onBench(ctx, func(b *bench) error {
		p, err := lay(ctx, b, r, vs)
		if err != nil {
			return err
		}
		return s.land(ctx, b, func(t *tx) error {
			c, err := p.put(ctx, t)
			if err != nil {
				return err
			}
			return then(t, p, c)
		})
	})
}

func (b *bench) close() {
	b.conn.Close()
	b.pool.Close()
}

// staged are values of one type, laid out on a bench.
type staged[T any] struct {
	records[T]
	columns  []string // of the table, the identity first
	repeated int      // values left out because a later one has their identity
	places   []int    // of the values that were laid out, in the slice that was given
	taken    int      // of the places, by steps that lay a tiling
	only     string   // the condition of those that land in the present step, "" for all
}

func (p *staged[T]) laid() string { return "stage.rows_" + p.table }
func (p *staged[T]) met() string  { return "stage.met_" + p.table }

// rows are what lands in the present step.
func (p *staged[T]) rows() string {
	if p.only == "" {
		return p.laid()
	}
	return "(SELECT * FROM " + p.laid() + " WHERE " + p.only + ")"
}

// lay lays values out. A second value with the same identity, or one without any, is
// refused.
func lay[T any](ctx context.Context, b *bench, r records[T], vs []T) (*staged[T], error) {
	p := &staged[T]{records: r}
	if err := p.prepare(ctx, b.conn); err != nil {
		return nil, fmt.Errorf("stage %s: %w", r.table, plain(ctx, err))
	}
	rows, err := p.bindAll(ctx, vs)
	if err != nil {
		return nil, err
	}
	if err := p.fill(ctx, b.conn, rows); err != nil {
		return nil, fmt.Errorf("stage %s: %w", r.table, plain(ctx, err))
	}
	return p, nil
}

// layWhole lays out values that are to replace what there is, with the index by which
// retire looks for them. It is made before the store is locked.
func layWhole[T any](ctx context.Context, b *bench, r records[T], vs []T) (*staged[T], error) {
	p, err := lay(ctx, b, r, vs)
	if err != nil {
		return nil, err
	}
	if _, err := b.conn.ExecContext(ctx, fmt.Sprintf(`CREATE INDEX stage.by_identity_%[1]s ON rows_%[1]s (%[2]s)`,
		p.table, strings.Join(p.columns[:p.keyed], ", "))); err != nil {
		return nil, fmt.Errorf("stage %s: %w", r.table, plain(ctx, err))
	}
	return p, nil
}

// prepare makes the two tables: the values by their place, and which rows of the store
// they met.
func (p *staged[T]) prepare(ctx context.Context, conn *sql.Conn) error {
	rows, err := conn.QueryContext(ctx, p.find+` LIMIT 0`, make([]any, p.keyed)...)
	if err != nil {
		return err
	}
	p.columns, err = rows.Columns()
	if err := errors.Join(err, rows.Close()); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, fmt.Sprintf(`DROP TABLE IF EXISTS %[1]s; DROP TABLE IF EXISTS %[2]s;
		CREATE TABLE %[1]s (place INTEGER PRIMARY KEY, %[3]s);
		CREATE TABLE %[2]s (place INTEGER PRIMARY KEY, fid INTEGER, differs INTEGER)`, p.laid(), p.met(), strings.Join(p.columns, ", ")))
	return err
}

// bindAll turns values into rows, each with its place.
func (p *staged[T]) bindAll(ctx context.Context, vs []T) ([][]any, error) {
	rows := make([][]any, 0, len(vs))
	at := make(map[string]int, len(vs))
	for place, v := range vs {
		if place%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		row, err := p.bind(v)
		if err != nil {
			return nil, p.refuse(row, err)
		}
		if err := driverValues(row); err != nil {
			return nil, err
		}
		key := keyText(row[:p.keyed])
		first, twice := at[key]
		if err := p.identify(row, twice); err != nil {
			return nil, err
		}
		if twice {
			rows[first] = row
			p.repeated++
			continue
		}
		at[key] = len(rows)
		rows, p.places = append(rows, row), append(p.places, place)
	}
	return rows, nil
}

func (r records[T]) refuse(row []any, why error) error {
	return refused(r.noun, keyText(row[r.unnamed:r.keyed]), why)
}

// identify refuses a row without an identity, or with one that came before.
func (r records[T]) identify(row []any, twice bool) error {
	for _, k := range row[:r.keyed] {
		if k == "" {
			return r.refuse(row, errors.New("it has no id"))
		}
	}
	if twice && !r.repeats {
		return r.refuse(row, errors.New("the id stands for two of them"))
	}
	return nil
}

// fill writes the rows, each with its place.
func (p *staged[T]) fill(ctx context.Context, conn *sql.Conn, rows [][]any) error {
	if _, err := conn.ExecContext(ctx, `SAVEPOINT lay`); err != nil {
		return err
	}
	if err := insertMany(ctx, conn, p.laid(), len(p.columns)+1, rows, p.places); err != nil {
		return err
	}
	_, err := conn.ExecContext(ctx, `RELEASE lay`)
	return err
}

// joined is the condition that t and s are the same thing.
func (p *staged[T]) joined() string {
	on := make([]string, p.keyed)
	for i, k := range p.columns[:p.keyed] {
		on[i] = fmt.Sprintf("t.%[1]s = s.%[1]s", k)
	}
	return strings.Join(on, " AND ")
}

// put adds or changes the rows of the store, as rowWriter.put does one by one.
func (p *staged[T]) put(ctx context.Context, t *tx) (c geo.Counts, err error) {
	c.Unchanged = p.repeated
	if len(p.places) == 0 {
		return c, nil
	}
	if err := p.meet(ctx, t.Tx); err != nil {
		return c, err
	}
	if err := p.refuseOlder(ctx, t); err != nil {
		return c, err
	}
	return p.settle(ctx, t)
}

// settle is put once it is known which rows were met.
func (p *staged[T]) settle(ctx context.Context, t *tx) (c geo.Counts, err error) {
	c.Unchanged = p.repeated
	if len(p.places) == 0 {
		return c, nil
	}
	var changed int
	if err := t.QueryRowContext(ctx, `SELECT count(*) FROM `+p.met()+` WHERE differs`).Scan(&changed); err != nil {
		return c, err
	}
	if c.Changed = changed; changed > 0 {
		if err := p.change(ctx, t); err != nil {
			return c, err
		}
	}
	if c.Added, err = p.add(ctx, t); err != nil {
		return c, err
	}
	c.Unchanged += len(p.places) - c.Added - c.Changed
	return c, p.widen(ctx, t, c)
}

// same is the condition that t says what s says.
func (p *staged[T]) same() string {
	same := "1"
	for _, c := range p.columns[p.keyed:] {
		same += fmt.Sprintf(" AND t.%[1]s IS s.%[1]s", c)
	}
	return same
}

// execer is a connection or a transaction.
type execer interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
}

// meet finds the stored rows of the same identity, and which of them say something else.
func (p *staged[T]) meet(ctx context.Context, on execer) error {
	_, err := on.ExecContext(ctx, fmt.Sprintf(`INSERT INTO %s SELECT s.place, t.rowid, NOT (%s) FROM %s s CROSS JOIN main.%s t ON %s`,
		p.met(), p.same(), p.rows(), p.table, p.joined()))
	return err
}

// differences meets the rows of one scope, the first column of the identity, and counts
// those that are new, gone or different.
func (p *staged[T]) differences(ctx context.Context, conn *sql.Conn, scope any) (n int, err error) {
	if err := p.meet(ctx, conn); err != nil {
		return 0, err
	}
	err = conn.QueryRowContext(ctx, fmt.Sprintf(`SELECT count(*) FILTER (WHERE differs) - 2 * count(*)
		+ (SELECT count(*) FROM %s) + (SELECT count(*) FROM main.%s WHERE %s = ?1) FROM %s`, p.laid(), p.table, p.columns[0], p.met()), scope).Scan(&n)
	return n, err
}

// refuseOlder refuses what is outdated among the rows that were met.
func (p *staged[T]) refuseOlder(ctx context.Context, t *tx) error {
	if p.older == nil {
		return nil
	}
	var id string
	err := t.QueryRowContext(ctx, fmt.Sprintf(`SELECT s.%s FROM %s m CROSS JOIN %s s ON s.place = m.place CROSS JOIN main.%s t ON t.rowid = m.fid
		WHERE m.differs AND t.version >= s.version ORDER BY s.place LIMIT 1`, p.columns[0], p.met(), p.rows(), p.table)).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("%s %s: %w", p.noun, id, geo.ErrStale)
}

func (p *staged[T]) change(ctx context.Context, t *tx) error {
	if p.layer {
		gone, err := t.boxOf(ctx, fmt.Sprintf(`SELECT t.geom FROM %s m CROSS JOIN main.%s t ON t.rowid = m.fid WHERE m.differs`, p.met(), p.table))
		if err != nil {
			return err
		}
		t.touch(p.table, true).lose(gone)
	}
	set := make([]string, 0, len(p.columns))
	for _, c := range p.columns[p.keyed:] {
		set = append(set, fmt.Sprintf("%[1]s = s.%[1]s", c))
	}
	_, err := t.ExecContext(ctx, fmt.Sprintf(`UPDATE main.%s AS t SET %s FROM %s m CROSS JOIN %s s ON s.place = m.place
		WHERE t.rowid = m.fid AND m.differs`, p.table, strings.Join(set, ", "), p.met(), p.rows()))
	return err
}

func (p *staged[T]) add(ctx context.Context, t *tx) (int, error) {
	columns := strings.Join(p.columns, ", ")
	done, err := t.ExecContext(ctx, fmt.Sprintf(`INSERT INTO main.%s (%s) SELECT %s FROM %s s
		WHERE NOT EXISTS (SELECT 1 FROM %s m WHERE m.place = s.place) ORDER BY s.place`, p.table, columns, columns, p.rows(), p.met()))
	if err != nil {
		return 0, fmt.Errorf("write %s: %w", p.table, err)
	}
	n, err := done.RowsAffected()
	return int(n), err
}

// fates are the rows that were added or changed, as s, and m.place null for the new ones.
func (p *staged[T]) fates() string {
	return fmt.Sprintf(`%s s LEFT JOIN %s m ON m.place = s.place WHERE m.place IS NULL OR m.differs`, p.rows(), p.met())
}

// widen notes the boxes of what was written.
func (p *staged[T]) widen(ctx context.Context, t *tx, c geo.Counts) error {
	if c.Added+c.Changed == 0 {
		return nil
	}
	e := t.touch(p.table, p.layer)
	if !p.layer {
		return nil
	}
	written, err := t.boxOf(ctx, `SELECT s.geom AS geom FROM `+p.fates())
	e.added = e.added.union(written)
	return err
}

// retire deletes the rows of the scope, the first columns of the identity, that were
// not laid out by layWhole, and names each in the change log.
func (p *staged[T]) retire(ctx context.Context, t *tx, at time.Time, scope []any) (int, error) {
	where := ""
	for i := range scope {
		where += fmt.Sprintf("t.%s = ?%d AND ", p.columns[i], i+1)
	}
	where += fmt.Sprintf(`NOT EXISTS (SELECT 1 FROM %s s WHERE %s)`, p.rows(), p.joined())
	name := "t." + strings.Join(p.columns[:p.keyed], " || '/' || t.")
	gone, err := query(ctx, t.Tx, fmt.Sprintf(`SELECT %s FROM main.%s t WHERE %s ORDER BY 1`, name, p.table, where),
		func(row scanner) (id string, err error) { return id, row.Scan(&id) }, scope...)
	if err != nil || len(gone) == 0 {
		return 0, err
	}
	e := t.touch(p.table, p.layer)
	if p.layer {
		lost, err := t.boxOf(ctx, fmt.Sprintf(`SELECT t.geom AS geom FROM main.%s t WHERE %s`, p.table, where), scope...)
		if err != nil {
			return 0, err
		}
		e.lose(lost)
	}
	if _, err := t.ExecContext(ctx, fmt.Sprintf(`DELETE FROM main.%s AS t WHERE %s`, p.table, where), scope...); err != nil {
		return 0, fmt.Errorf("retire from %s: %w", p.table, err)
	}
	for _, id := range gone {
		if p.silent {
			break
		}
		if err := t.log(ctx, geo.Change{At: at, Kind: p.noun + ".retired", ID: id}); err != nil {
			return 0, err
		}
	}
	return len(gone), nil
}

// replace makes the table, or its rows of one scope, hold exactly these values.
func (p *staged[T]) replace(ctx context.Context, t *tx, at time.Time, scope ...any) (geo.Counts, error) {
	c, err := p.put(ctx, t)
	if err != nil {
		return c, err
	}
	c.Retired, err = p.retire(ctx, t, at, scope)
	return c, err
}
