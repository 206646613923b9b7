package postgis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"gridbeat/geo"
	"gridbeat/geo/district"
)

const (
	selectStation = `SELECT name, name_en, time_zone, code_prefix, min_households, max_households, map_file, map_date,
		map_attribution, homes_rule, given_share, derived_share, assumed_share, demo, demo_seed
		FROM gridbeat.stations WHERE station = $1 AND saved`
	updateStation = `UPDATE gridbeat.stations SET saved = true, name = $2, name_en = $3, time_zone = $4, code_prefix = $5,
		min_households = $6, max_households = $7, map_file = $8, map_date = $9, map_attribution = $10, homes_rule = $11,
		given_share = $12, derived_share = $13, assumed_share = $14, demo = $15, demo_seed = $16 WHERE station = $1`
)

// Station returns the station, or its zero value when none was saved.
func (s *Store) Station(ctx context.Context) (v district.Station, err error) {
	err = s.read(ctx, func(t pgx.Tx) error {
		v, err = loadStation(ctx, t, s.station)
		return err
	})
	if err != nil {
		return district.Station{}, fmt.Errorf("read station: %w", err)
	}
	return v, nil
}

func loadStation(ctx context.Context, t pgx.Tx, station int32) (v district.Station, err error) {
	var seed string
	err = t.QueryRow(ctx, selectStation, station).Scan(&v.Name, &v.NameEn, &v.TimeZone, &v.CodePrefix,
		&v.Bounds.Min, &v.Bounds.Max, &v.Map.File, &v.Map.Date, &v.Map.Attribution, &v.Homes.Rule,
		&v.Homes.GivenShare, &v.Homes.DerivedShare, &v.Homes.AssumedShare, &v.Demo, &seed)
	if errors.Is(err, pgx.ErrNoRows) {
		return district.Station{}, nil
	}
	if err != nil {
		return v, err
	}
	return v, parseSeed(seed, &v.DemoSeed)
}

// SaveStation saves what is known of the station in the place of what was.
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
	t.log(geo.Change{At: time.Now(), Kind: "station.saved"})
	return nil
}

func (t *tx) putStation(ctx context.Context, v district.Station) error {
	_, err := t.Exec(ctx, updateStation, t.station, v.Name, v.NameEn, v.TimeZone, v.CodePrefix,
		v.Bounds.Min, v.Bounds.Max, v.Map.File, v.Map.Date, v.Map.Attribution, v.Homes.Rule,
		v.Homes.GivenShare, v.Homes.DerivedShare, v.Homes.AssumedShare, v.Demo, asSeed(v.DemoSeed))
	return err
}
