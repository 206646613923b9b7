-- +goose Up
-- What the tracks of units show to have been passed: the trips with their visits,
-- from which all coverage is summed, and its sum by street for those who look.
CREATE TABLE gridbeat.trips (
  station integer NOT NULL REFERENCES gridbeat.stations,
  unit text NOT NULL,
  simulated boolean NOT NULL,
  since timestamptz NOT NULL, -- the first fix
  until timestamptz NOT NULL, -- the last fix
  fixes integer NOT NULL,
  digest text NOT NULL, -- of the fixes, streets and profile that the visits follow from
  visits jsonb NOT NULL,
  PRIMARY KEY (station, unit, simulated, since)
);

CREATE TABLE gridbeat.coverage (
  station integer NOT NULL REFERENCES gridbeat.stations,
  street text NOT NULL,
  name text NOT NULL,
  covered_metres double precision NOT NULL,
  length_metres double precision NOT NULL,
  last_visit_at timestamptz, -- null for never
  simulated boolean NOT NULL,
  geom geometry(LineString, 4326),
  PRIMARY KEY (station, street)
);
CREATE INDEX coverage_geom ON gridbeat.coverage USING gist (geom);
CREATE INDEX tracks_by_unit ON gridbeat.tracks (station, unit COLLATE "C", simulated, at);

-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['trips', 'coverage'] LOOP
    EXECUTE format('ALTER TABLE gridbeat.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE gridbeat.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_station ON gridbeat.%I USING (station = (SELECT gridbeat.current_station()))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON gridbeat.%I TO gridbeat_app', name);
  END LOOP;
END $$;
-- +goose StatementEnd

-- +goose Down
DROP INDEX gridbeat.tracks_by_unit;
DROP TABLE gridbeat.coverage;
DROP TABLE gridbeat.trips;
