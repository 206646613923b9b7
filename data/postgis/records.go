package postgis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"gridbeat/geo"
)

// records tells how the values of one domain type lie as rows of one table. Values
// are copied into a table of the session's own, and settled from there in a few
// statements whatever their number: row-level security does not let rows be copied
// into the table itself.
type records[T any] struct {
	noun    string // what one is called, in findings and in the change log
	table   string
	columns []string // those of the identity first; the station is not among them
	keyed   int      // how many columns the identity has
	bind    func(T) ([]any, error)

	scope     int    // how many columns of the identity replace keeps fixed, such as the draft
	keyText   string // SQL that tells the identity of t in the change log; "" for its columns
	versioned bool   // a value whose version is below the stored one is stale
	silent    bool   // retired rows are not named in the change log, only the whole
	repeats   bool   // one write may name an identity twice: the last one counts
	alone     string // what two of them never share, beside the identity
	names     string // what else a row names that must be there
}

// settled is what became of values: their places in the slice that was saved.
type settled struct {
	geo.Counts
	added, changed []int
}

func (r records[T]) stage() string  { return "stage_" + r.table }
func (r records[T]) keys() []string { return r.columns[:r.keyed] }

// joined is the condition that t and s are the same thing of the station $1.
func (r records[T]) joined() string {
	on := "t.station = $1"
	for _, k := range r.keys() {
		on += fmt.Sprintf(" AND t.%[1]s = s.%[1]s", k)
	}
	return on
}

func listed(prefix string, columns []string) string {
	return prefix + strings.Join(columns, ", "+prefix)
}

// put adds or changes values by their identity. A second value with the same
// identity, or one without any, is refused.
func (r records[T]) put(ctx context.Context, t *tx, vs []T) (done settled, err error) {
	places, repeated, err := r.copyIn(ctx, t, vs)
	if err != nil {
		return done, err
	}
	return r.settle(ctx, t, places, repeated)
}

// settle adds or changes the staged values. What is new without exception, as most of
// what comes in bulk is, costs no look at what might differ.
func (r records[T]) settle(ctx context.Context, t *tx, places, repeated int) (done settled, err error) {
	done.Unchanged = repeated
	if places == 0 {
		return done, nil
	}
	if done.added, err = r.fresh(ctx, t); err != nil {
		return done, err
	}
	if len(done.added) < places {
		if err := r.lock(ctx, t, places-len(done.added)); err != nil {
			return done, err
		}
		if done.changed, err = collect(ctx, t, r.updateSQL(), t.station); err != nil {
			return done, err
		}
	}
	if err := r.insertFresh(ctx, t, done.added, places); err != nil {
		return done, err
	}
	slices.Sort(done.changed)
	done.Added, done.Changed = len(done.added), len(done.changed)
	done.Unchanged += places - done.Added - done.Changed
	return done, nil
}

// lock takes the stored rows that the staged ones meet, in the order of their
// identity so that writers wait for each other and not in a circle, and refuses those
// that are outdated. When not as many are there as were a moment ago it is errRaced.
func (r records[T]) lock(ctx context.Context, t *tx, there int) error {
	lock := fmt.Sprintf(`SELECT count(*) FROM (SELECT FROM gridbeat.%[1]s t WHERE t.station = $1 AND (%[2]s) IN (SELECT %[3]s FROM %[4]s s)
		ORDER BY %[2]s FOR UPDATE) q`, r.table, listed("t.", r.keys()), listed("s.", r.keys()), r.stage())
	var met int
	if err := t.QueryRow(ctx, lock, t.station).Scan(&met); err != nil {
		return err
	}
	if met != there {
		return errRaced
	}
	if !r.versioned {
		return nil
	}
	var id string
	err := t.QueryRow(ctx, fmt.Sprintf(`SELECT s.%s::text FROM %s s JOIN gridbeat.%s t ON %s WHERE t.version >= s.version
		AND (%s) IS DISTINCT FROM (%s) ORDER BY s.place LIMIT 1`, r.columns[0], r.stage(), r.table, r.joined(),
		listed("t.", r.columns[r.keyed:]), listed("s.", r.columns[r.keyed:])), t.station).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("%s %s: %w", r.noun, id, geo.ErrStale)
}

func (r records[T]) updateSQL() string {
	rest := r.columns[r.keyed:]
	return fmt.Sprintf(`UPDATE gridbeat.%s t SET (%s) = ROW(%s) FROM %s s WHERE %s AND (%s) IS DISTINCT FROM (%s) RETURNING s.place`,
		r.table, strings.Join(rest, ", "), listed("s.", rest), r.stage(), r.joined(), listed("t.", rest), listed("s.", rest))
}

// fresh are the places of the staged rows that are not there yet.
func (r records[T]) fresh(ctx context.Context, t *tx) ([]int, error) {
	return collect(ctx, t, fmt.Sprintf(`SELECT s.place FROM %s s WHERE NOT EXISTS (SELECT FROM gridbeat.%s t WHERE %s) ORDER BY s.place`,
		r.stage(), r.table, r.joined()), t.station)
}

// insertFresh adds the staged rows of these places, of all places there are. When another
// transaction added one of them meanwhile it is errRaced.
func (r records[T]) insertFresh(ctx context.Context, t *tx, added []int, places int) (err error) {
	insert := fmt.Sprintf(`INSERT INTO gridbeat.%s (station, %s) SELECT $1, %s FROM %s s`,
		r.table, strings.Join(r.columns, ", "), listed("s.", r.columns), r.stage())
	switch len(added) {
	case 0:
		return nil
	case places:
		_, err = t.Exec(ctx, insert+` ORDER BY s.place`, t.station)
	default:
		_, err = t.Exec(ctx, insert+` JOIN unnest($2::integer[]) a (place) ON a.place = s.place ORDER BY s.place`, t.station, added)
	}
	if r.taken(err) {
		return errRaced
	}
	return err
}

// taken reports whether a row could not be added because another has its identity.
func (r records[T]) taken(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == "23505" && e.ConstraintName == r.table+"_pkey"
}

// insertOne adds one value that is not there, without staging it.
func (r records[T]) insertOne(ctx context.Context, t *tx, v T) error {
	err := r.insertRow(ctx, t, v)
	if !r.taken(err) {
		return err
	}
	row, _ := r.bind(v)
	return r.refuse(keyText(row[:r.keyed]), errors.New("its id is taken"))
}

func (r records[T]) insertRow(ctx context.Context, t *tx, v T) error {
	row, err := r.bind(v)
	if err != nil {
		return r.refuse(keyText(row[:r.keyed]), err)
	}
	_, err = t.Exec(ctx, fmt.Sprintf(`INSERT INTO gridbeat.%s (station, %s) VALUES ($1, %s)`,
		r.table, strings.Join(r.columns, ", "), parameters(2, len(r.columns))), append([]any{t.station}, row...)...)
	return err
}

// updateOne writes one value over the row of its identity, without staging it.
func (r records[T]) updateOne(ctx context.Context, t *tx, v T) error {
	row, err := r.bind(v)
	if err != nil {
		return r.refuse(keyText(row[:r.keyed]), err)
	}
	where := "station = $1"
	for i, k := range r.keys() {
		where += fmt.Sprintf(" AND %s = $%d", k, i+2)
	}
	_, err = t.Exec(ctx, fmt.Sprintf(`UPDATE gridbeat.%s SET (%s) = ROW(%s) WHERE %s`, r.table,
		strings.Join(r.columns[r.keyed:], ", "), parameters(2+r.keyed, len(r.columns)-r.keyed), where), append([]any{t.station}, row...)...)
	return err
}

// parameters are n parameters from the first on.
func parameters(first, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprint("$", first+i)
	}
	return strings.Join(all, ", ")
}

// replace makes the table, or its rows of one scope, hold exactly these values.
func (r records[T]) replace(ctx context.Context, t *tx, vs []T, at time.Time, scope ...any) (geo.Counts, error) {
	if _, err := t.Exec(ctx, `SELECT pg_advisory_xact_lock($1, hashtext($2))`, collectionLock,
		fmt.Sprint(r.table, t.station, scope)); err != nil {
		return geo.Counts{}, err
	}
	places, repeated, err := r.copyIn(ctx, t, vs)
	if err != nil {
		return geo.Counts{}, err
	}
	if err := r.indexStage(ctx, t); err != nil {
		return geo.Counts{}, err
	}
	done, err := r.settle(ctx, t, places, repeated)
	if err != nil {
		return done.Counts, err
	}
	done.Retired, err = r.retire(ctx, t, at, scope)
	return done.Counts, err
}

// retire deletes the rows of the scope that are not staged, and names each in the
// change log.
func (r records[T]) retire(ctx context.Context, t *tx, at time.Time, scope []any) (int, error) {
	keyText := r.keyText
	if keyText == "" {
		keyText = "concat_ws('/', " + listed("t.", r.keys()) + ")"
	}
	gone := fmt.Sprintf(`DELETE FROM gridbeat.%s t WHERE t.station = $1`, r.table)
	for i := range r.scope {
		gone += fmt.Sprintf(" AND t.%s = $%d", r.columns[i], i+2)
	}
	gone += fmt.Sprintf(` AND NOT EXISTS (SELECT FROM %s s WHERE %s) RETURNING %s`, r.stage(), r.joined(), keyText)
	rows, err := t.Query(ctx, gone, append([]any{t.station}, scope...)...)
	if err != nil {
		return 0, err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return 0, err
	}
	slices.Sort(ids)
	for _, id := range ids {
		if !r.silent {
			t.log(geo.Change{At: at, Kind: r.noun + ".retired", ID: id})
		}
	}
	return len(ids), nil
}

// copyIn stages the values with their places. It returns how many there are, and how
// many were left out because a later one has the same identity.
func (r records[T]) copyIn(ctx context.Context, t *tx, vs []T) (staged, repeated int, err error) {
	rows, repeated, err := r.bindAll(vs)
	if err != nil {
		return 0, 0, err
	}
	return len(rows), repeated, r.stageRows(ctx, t, rows)
}

// bindAll turns values into rows, each with its place behind it. A second value with the
// same identity takes the place of the first or, like one without any, is refused.
func (r records[T]) bindAll(vs []T) (rows [][]any, repeated int, err error) {
	rows = make([][]any, 0, len(vs))
	at := make(map[string]int, len(vs))
	for place, v := range vs {
		row, err := r.bind(v)
		key := keyText(row[:r.keyed])
		if err != nil {
			return nil, 0, r.refuse(key, err)
		}
		if slices.Contains(row[:r.keyed], any("")) {
			return nil, 0, r.refuse(key, errors.New("it has no id"))
		}
		row = append(row, int32(place))
		if first, twice := at[key]; !twice {
			at[key] = len(rows)
			rows = append(rows, row)
		} else if r.repeats {
			rows[first] = row
			repeated++
		} else {
			return nil, 0, r.refuse(key, errors.New("the id stands for two of them"))
		}
	}
	return rows, repeated, nil
}

// stageRows makes the session's stage hold exactly these rows.
func (r records[T]) stageRows(ctx context.Context, t *tx, rows [][]any) error {
	if err := r.clearStage(ctx, t); err != nil {
		return err
	}
	if _, err := t.CopyFrom(ctx, pgx.Identifier{"pg_temp", r.stage()}, append(slices.Clone(r.columns), "place"), pgx.CopyFromRows(rows)); err != nil {
		return fmt.Errorf("stage %s: %w", r.table, err)
	}
	if len(rows) <= statisticsFrom {
		return nil
	}
	// Else the plans of the statements to come are guesses.
	_, err := t.Exec(ctx, fmt.Sprintf(`ANALYZE %s (%s)`, r.stage(), strings.Join(r.keys(), ", ")))
	return err
}

// statisticsFrom is how many staged rows are worth a look before joining them.
const statisticsFrom = 1000

// clearStage makes the session's stage, or empties it. Its statistics are few: how many
// rows there are is what counts.
func (r records[T]) clearStage(ctx context.Context, t *tx) error {
	var there bool
	if err := t.QueryRow(ctx, `SELECT to_regclass('pg_temp.' || $1) IS NOT NULL`, r.stage()).Scan(&there); err != nil {
		return err
	}
	if there {
		_, err := t.Exec(ctx, `DELETE FROM `+r.stage())
		return err
	}
	if _, err := t.Exec(ctx, fmt.Sprintf(`CREATE TEMP TABLE %s ON COMMIT DELETE ROWS AS
		SELECT %s, 0::integer AS place FROM gridbeat.%s WITH NO DATA`, r.stage(), strings.Join(r.columns, ", "), r.table)); err != nil {
		return err
	}
	few := "ALTER COLUMN " + strings.Join(r.keys(), " SET STATISTICS 10, ALTER COLUMN ") + " SET STATISTICS 10"
	_, err := t.Exec(ctx, `ALTER TABLE pg_temp.`+r.stage()+` `+few)
	return err
}

// indexStage gives the stage the index by which retire finds what is not staged.
func (r records[T]) indexStage(ctx context.Context, t *tx) error {
	_, err := t.Exec(ctx, fmt.Sprintf(`CREATE INDEX IF NOT EXISTS by_identity_%[1]s ON pg_temp.stage_%[1]s (%[2]s)`,
		r.table, strings.Join(r.keys(), ", ")))
	return err
}

func keyText(key []any) string {
	parts := make([]string, len(key))
	for i, k := range key {
		parts[i] = fmt.Sprint(k)
	}
	return strings.Join(parts, "/")
}

func (r records[T]) refuse(key string, why error) error { return refused(r.noun, key, why) }

func refused(noun, id string, why error) error {
	return geo.NewInputError("store", geo.Finding{Rule: noun + "-refused", Feature: noun + " " + id, Detail: why.Error(),
		Remedy: "correct it in the source and save again"})
}

func collect(ctx context.Context, t *tx, statement string, args ...any) ([]int, error) {
	rows, err := t.Query(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int])
}

// importAll is replace as a whole transaction with its entry in the change log,
// unless nothing differs.
func importAll[T any](ctx context.Context, s *Store, r records[T], vs []T, at time.Time) (counts geo.Counts, err error) {
	err = s.write(ctx, func(t *tx) error {
		if counts, err = r.replace(ctx, t, vs, at); err != nil {
			return err
		}
		t.logImport(r.table, counts, at)
		return nil
	})
	if err != nil {
		return geo.Counts{}, fmt.Errorf("save %s: %w", r.table, err)
	}
	return counts, nil
}

// addAll is put as a whole transaction with one entry in the change log.
func addAll[T any](ctx context.Context, s *Store, r records[T], what string, vs []T, at time.Time) (counts geo.Counts, err error) {
	err = s.write(ctx, func(t *tx) error {
		done, err := r.put(ctx, t, vs)
		if err != nil {
			return err
		}
		counts = done.Counts
		t.logImport(what, counts, at)
		return nil
	})
	if err != nil {
		return geo.Counts{}, fmt.Errorf("save %s: %w", what, err)
	}
	return counts, nil
}

// readAll is query as a whole transaction; the station is the statement's $1.
func readAll[T any](ctx context.Context, s *Store, what, statement string, scan pgx.RowToFunc[T], args ...any) (all []T, err error) {
	err = s.read(ctx, func(t pgx.Tx) error {
		all, err = query(ctx, t, s.station, statement, scan, args...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", what, err)
	}
	return all, nil
}

// query reads rows into values; the station is the statement's $1.
func query[T any](ctx context.Context, t pgx.Tx, station int32, statement string, scan pgx.RowToFunc[T], args ...any) ([]T, error) {
	rows, err := t.Query(ctx, statement, append([]any{station}, args...)...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scan)
}

// kind is what became of the value at that place: created, changed, or "" where it
// was there already.
func (d settled) kind(place int) string {
	if _, added := slices.BinarySearch(d.added, place); added {
		return "created"
	}
	if _, changed := slices.BinarySearch(d.changed, place); changed {
		return "changed"
	}
	return ""
}
