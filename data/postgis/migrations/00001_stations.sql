-- +goose Up
-- Everything lies in the schema gridbeat. Two roles come with it: gridbeat_app, which
-- the application's own login is a member of, and gridbeat_gis, which reads views.
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- +goose StatementBegin
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gridbeat_app') THEN
    CREATE ROLE gridbeat_app NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gridbeat_gis') THEN
    CREATE ROLE gridbeat_gis NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL; -- another database of this server makes them at this moment
END $$;
-- +goose StatementEnd

-- A station is a tenant. Its key names it in store URLs; its number stands in each row.
CREATE TABLE gridbeat.stations (
  station integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key text NOT NULL UNIQUE CHECK (key <> ''),
  saved boolean NOT NULL DEFAULT false, -- false: nothing but the key is known
  name text NOT NULL DEFAULT '',
  name_en text NOT NULL DEFAULT '',
  time_zone text NOT NULL DEFAULT '',
  code_prefix text NOT NULL DEFAULT '',
  min_households integer NOT NULL DEFAULT 0,
  max_households integer NOT NULL DEFAULT 0,
  map_file text NOT NULL DEFAULT '',
  map_date text NOT NULL DEFAULT '',
  map_attribution text NOT NULL DEFAULT '',
  homes_rule text NOT NULL DEFAULT '',
  given_share double precision NOT NULL DEFAULT 0,
  derived_share double precision NOT NULL DEFAULT 0,
  assumed_share double precision NOT NULL DEFAULT 0,
  demo boolean NOT NULL DEFAULT false,
  demo_seed text NOT NULL DEFAULT '0' -- 64 bits without a sign
);

-- The station that the present transaction works for.
CREATE FUNCTION gridbeat.current_station() RETURNS integer
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('gridbeat.station', true), '')::integer;

-- The number of the station with that key, which is made where there is none. It runs
-- with its owner's rights: nobody else sees or adds stations that are not theirs.
-- +goose StatementBegin
CREATE FUNCTION gridbeat.enter_station(wanted text) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = gridbeat, pg_temp AS $$
DECLARE
  found integer;
BEGIN
  PERFORM set_config('gridbeat.entering', wanted, true);
  SELECT s.station INTO found FROM gridbeat.stations s WHERE s.key = wanted;
  IF found IS NULL THEN
    INSERT INTO gridbeat.stations (key) VALUES (wanted) ON CONFLICT (key) DO NOTHING;
    SELECT s.station INTO found FROM gridbeat.stations s WHERE s.key = wanted;
  END IF;
  RETURN found;
END $$;
-- +goose StatementEnd

-- The change log. Entries of one station become visible in the order of their
-- sequence: the writer holds the station's advisory lock from before it takes the
-- first number until its commit. Entries are never changed or taken away.
CREATE TABLE gridbeat.changes (
  station integer NOT NULL REFERENCES gridbeat.stations,
  sequence bigint NOT NULL,
  at timestamptz NOT NULL,
  kind text NOT NULL,
  id text NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY (station, sequence)
);

-- +goose Down
DROP TABLE gridbeat.changes;
DROP FUNCTION gridbeat.enter_station(text);
DROP FUNCTION gridbeat.current_station();
DROP TABLE gridbeat.stations;
