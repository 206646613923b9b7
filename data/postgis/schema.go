package postgis

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"

	"gridbeat/geo"
)

// migrations are the numbered steps of the schema. Once released a file is never
// edited; a new one is added.
//
//go:embed migrations/*.sql
var migrations embed.FS

// versionTable is where goose notes the steps that have run.
const versionTable = "gridbeat.schema_version"

// Migrate brings the schema of the database up to date, under a role that may create
// it: a lock makes several that do so wait for each other. Steps that are done are
// left alone. It returns the numbers of those that ran.
func Migrate(ctx context.Context, address string) (done []int64, err error) {
	plainAddress, _, err := splitStation(address)
	if err != nil {
		return nil, err
	}
	config, err := pgx.ParseConfig(plainAddress)
	if err != nil {
		return nil, badAddress("it cannot be read: " + redact(err))
	}
	db := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, findPostGIS)
		return err
	}))
	defer db.Close()
	if _, err := db.ExecContext(ctx, `CREATE SCHEMA IF NOT EXISTS gridbeat`); err != nil {
		return nil, fmt.Errorf("migrate: %w", unreachable(err))
	}
	p, err := provider(db)
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	results, err := p.Up(ctx)
	for _, r := range results {
		done = append(done, r.Source.Version)
	}
	if err != nil {
		return done, fmt.Errorf("migrate: %w", err)
	}
	if err := migrateQueue(ctx, plainAddress); err != nil {
		return done, fmt.Errorf("migrate: %w", err)
	}
	if _, err := db.ExecContext(ctx, `GRANT SELECT ON `+versionTable+` TO gridbeat_app`); err != nil {
		return done, fmt.Errorf("migrate: %w", err)
	}
	return done, nil
}

func provider(db *sql.DB) (*goose.Provider, error) {
	steps, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	versions, err := database.NewStore(database.DialectPostgres, versionTable)
	if err != nil {
		return nil, err
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider("", db, steps, goose.WithStore(versions), goose.WithSessionLocker(locker),
		goose.WithAllowOutofOrder(true)) // steps do not build on their neighbours
}

// checkSchema compares the steps that the database has behind it with those that this
// program knows. Numbers may have gaps.
func checkSchema(ctx context.Context, pool *pgxpool.Pool) error {
	known, err := knownSteps()
	if err != nil {
		return err
	}
	applied, err := appliedSteps(ctx, pool)
	if err != nil {
		return err
	}
	newest := slices.Max(known)
	for _, step := range applied {
		if step > newest {
			return geo.NewInputError("store", geo.Finding{Rule: "store-newer",
				Detail: fmt.Sprintf("the database has schema %d, this gridbeat knows %d", step, newest),
				Remedy: "use the gridbeat that prepared it, or a newer one"})
		}
	}
	for _, step := range known {
		if !slices.Contains(applied, step) {
			return geo.NewInputError("store", geo.Finding{Rule: "store-schema",
				Detail: fmt.Sprintf("the database lacks step %d of the schema", step),
				Remedy: "run gridbeat migrate --store with a role that may change the schema"})
		}
	}
	return nil
}

// knownSteps are the numbers of the migrations.
func knownSteps() (numbers []int, err error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	for _, file := range files {
		var n int
		if _, err := fmt.Sscanf(file, "migrations/%d_", &n); err != nil {
			return nil, fmt.Errorf("%s: its name begins with no number: %w", file, err)
		}
		numbers = append(numbers, n)
	}
	return numbers, err
}

// appliedSteps are the numbers of the steps that have run, none in an empty database.
func appliedSteps(ctx context.Context, pool *pgxpool.Pool) ([]int, error) {
	var found *string
	if err := pool.QueryRow(ctx, `SELECT to_regclass($1)::text`, versionTable).Scan(&found); err != nil || found == nil {
		return nil, err
	}
	rows, err := pool.Query(ctx, `SELECT version_id FROM `+versionTable+` WHERE is_applied AND version_id > 0`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int])
}
