package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

const stationColumns = `name, name_en, time_zone, code_prefix, min_households, max_households,
	map_file, map_date, map_attribution, homes_rule, given_share, derived_share, assumed_share, demo, demo_seed`

const (
	selectStation = `SELECT ` + stationColumns + ` FROM station`
	deleteStation = `DELETE FROM station`
	insertStation = `INSERT INTO station (fid, ` + stationColumns + `)
		VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)`
)

// Station returns the station, or its zero value when none was saved.
func (s *Store) Station(ctx context.Context) (v district.Station, err error) {
	err = s.read(ctx, func(t *sql.Tx) error {
		v, err = loadStation(ctx, t)
		return err
	})
	if err != nil {
		return district.Station{}, fmt.Errorf("read station: %w", err)
	}
	return v, nil
}

func loadStation(ctx context.Context, t *sql.Tx) (v district.Station, err error) {
	err = t.QueryRowContext(ctx, selectStation).Scan(&v.Name, &v.NameEn, &v.TimeZone, &v.CodePrefix,
		&v.Bounds.Min, &v.Bounds.Max, &v.Map.File, &v.Map.Date, &v.Map.Attribution, &v.Homes.Rule,
		&v.Homes.GivenShare, &v.Homes.DerivedShare, &v.Homes.AssumedShare, &v.Demo, seedText{&v.DemoSeed})
	if errors.Is(err, sql.ErrNoRows) {
		return district.Station{}, nil
	}
	return v, err
}

// SaveStation saves the station in the place of the one before it.
func (s *Store) SaveStation(ctx context.Context, v district.Station) error {
	err := s.write(ctx, func(t *tx) error { return t.saveStation(ctx, v) })
	if err != nil {
		return fmt.Errorf("save station: %w", err)
	}
	return nil
}

func (t *tx) saveStation(ctx context.Context, v district.Station) error {
	if err := t.putStation(ctx, v); err != nil {
		return err
	}
	return t.log(ctx, geo.Change{At: time.Now(), Kind: "station.saved"})
}

func (t *tx) putStation(ctx context.Context, v district.Station) error {
	t.touch("station", false)
	if _, err := t.ExecContext(ctx, deleteStation); err != nil {
		return err
	}
	_, err := t.ExecContext(ctx, insertStation, v.Name, v.NameEn, v.TimeZone, v.CodePrefix,
		v.Bounds.Min, v.Bounds.Max, v.Map.File, v.Map.Date, v.Map.Attribution, v.Homes.Rule,
		v.Homes.GivenShare, v.Homes.DerivedShare, v.Homes.AssumedShare, v.Demo, asSeed(v.DemoSeed))
	return err
}
