-- +goose Up
-- Who is out and when, and what was told to the households of a grid.
CREATE TABLE gridbeat.units (
  station integer NOT NULL REFERENCES gridbeat.stations,
  id text NOT NULL,
  version integer NOT NULL,
  name text NOT NULL,
  profile text NOT NULL,
  district text NOT NULL,
  skills text[] NOT NULL,
  retired boolean NOT NULL,
  simulated boolean NOT NULL,
  PRIMARY KEY (station, id)
);

CREATE TABLE gridbeat.shifts (
  station integer NOT NULL REFERENCES gridbeat.stations,
  id text NOT NULL,
  version integer NOT NULL,
  unit text NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
  people text[] NOT NULL,
  plan text NOT NULL,
  cancelled boolean NOT NULL,
  simulated boolean NOT NULL,
  PRIMARY KEY (station, id),
  FOREIGN KEY (station, unit) REFERENCES gridbeat.units
);
CREATE INDEX shifts_by_time ON gridbeat.shifts (station, starts_at, id COLLATE "C");
CREATE INDEX shifts_by_unit ON gridbeat.shifts (station, unit);

CREATE TABLE gridbeat.notices (
  station integer NOT NULL REFERENCES gridbeat.stations,
  id text NOT NULL,
  version integer NOT NULL,
  aim text NOT NULL,
  title text NOT NULL,
  text text NOT NULL,
  grids text[] NOT NULL,
  author text NOT NULL,
  created_at timestamptz NOT NULL,
  valid_until timestamptz, -- null for no end
  deliveries jsonb NOT NULL,
  simulated boolean NOT NULL,
  PRIMARY KEY (station, id)
);

-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['units', 'shifts', 'notices'] LOOP
    EXECUTE format('ALTER TABLE gridbeat.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE gridbeat.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_station ON gridbeat.%I TO gridbeat_app, CURRENT_USER USING (station = (SELECT gridbeat.current_station()))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON gridbeat.%I TO gridbeat_app', name);
  END LOOP;
END $$;
-- +goose StatementEnd

-- +goose Down
DROP TABLE gridbeat.notices, gridbeat.shifts, gridbeat.units;
