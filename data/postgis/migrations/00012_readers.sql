-- +goose Up
-- Who did what the change log tells.
ALTER TABLE gridbeat.changes ADD COLUMN actor text NOT NULL DEFAULT '';

-- A key that refers to the station is looked up for each row, which takes two fifths of
-- a bulk load. The row filter lets nobody write another station than the present one,
-- and stations are never deleted.
ALTER TABLE gridbeat.changes DROP CONSTRAINT changes_station_fkey;
ALTER TABLE gridbeat.incidents DROP CONSTRAINT incidents_station_fkey;
ALTER TABLE gridbeat.tracks DROP CONSTRAINT tracks_station_fkey;
ALTER TABLE gridbeat.trips DROP CONSTRAINT trips_station_fkey;

-- Logins of GIS programs: members of gridbeat_gis that read the layers of one station.
-- Which one, they cannot choose: it stands here.
CREATE TABLE gridbeat.readers (
  login name PRIMARY KEY,
  station integer NOT NULL REFERENCES gridbeat.stations
);

CREATE FUNCTION gridbeat.reader_station() RETURNS integer
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = gridbeat, pg_temp
  AS $$ SELECT r.station FROM gridbeat.readers r WHERE r.login = session_user $$;

-- admit_reader lets a login read the layers of a station. It is the owner's to call.
-- +goose StatementBegin
CREATE FUNCTION gridbeat.admit_reader(wanted_login name, wanted text) RETURNS integer
  LANGUAGE plpgsql SET search_path = gridbeat, pg_temp AS $$
DECLARE
  found integer;
BEGIN
  PERFORM set_config('gridbeat.entering', wanted, true);
  SELECT s.station INTO found FROM gridbeat.stations s WHERE s.key = wanted;
  IF found IS NULL THEN
    RAISE EXCEPTION 'there is no station %', wanted;
  END IF;
  INSERT INTO gridbeat.readers VALUES (wanted_login, found) ON CONFLICT (login) DO UPDATE SET station = excluded.station;
  EXECUTE format('GRANT gridbeat_gis TO %I', wanted_login);
  RETURN found;
END $$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION gridbeat.admit_reader(name, text) FROM PUBLIC;

-- The station of the present transaction; a reader's own one where none is set.
CREATE OR REPLACE FUNCTION gridbeat.current_station() RETURNS integer
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(nullif(current_setting('gridbeat.station', true), '')::integer, gridbeat.reader_station());

-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT tablename FROM pg_policies WHERE schemaname = 'gridbeat' AND policyname = 'own_station' LOOP
    EXECUTE format('ALTER POLICY own_station ON gridbeat.%I TO gridbeat_app, CURRENT_USER', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['grids', 'districts', 'communities', 'compounds', 'buildings', 'streets', 'patrols', 'coverage'] LOOP
    EXECUTE format('CREATE POLICY own_reader ON gridbeat.%I FOR SELECT TO gridbeat_gis USING (station = (SELECT gridbeat.reader_station()))', name);
  END LOOP;
END $$;
-- +goose StatementEnd

CREATE VIEW gridbeat.layer_coverage WITH (security_invoker = true) AS
  SELECT street, name, covered_metres, length_metres, last_visit_at, simulated, geom FROM gridbeat.coverage;
GRANT SELECT ON gridbeat.layer_coverage TO gridbeat_app, gridbeat_gis;
GRANT SELECT ON gridbeat.coverage TO gridbeat_gis;

-- A position in whole units of 1e-7 degree, rounded as gridbeat does everywhere: halves
-- away from zero.
CREATE FUNCTION gridbeat.exact_point(lon double precision, lat double precision) RETURNS geometry
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN ST_MakePoint(sign(lon) * floor(abs(lon) * 1e7 + 0.5), sign(lat) * floor(abs(lat) * 1e7 + 0.5));

-- An outline in the same units.
CREATE FUNCTION gridbeat.exact_outline(outline geometry) RETURNS geometry
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN ST_SetSRID(ST_SnapToGrid(ST_Scale(outline, 1e7, 1e7), 1), 0);

-- The lowest code is the one of the lowest bytes, whatever the database's language.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION gridbeat.grid_at(lon double precision, lat double precision, edition integer) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN (
    SELECT g.code FROM gridbeat.grids g, (SELECT gridbeat.exact_point(lon, lat) AS exact) p
    WHERE g.station = gridbeat.current_station() AND g.edition = grid_at.edition
      AND g.exact && p.exact AND ST_Covers(g.exact, p.exact)
    ORDER BY g.code COLLATE "C" LIMIT 1
  );
-- +goose StatementEnd

-- The grid of a point by the edition that was in force at a time.
-- +goose StatementBegin
CREATE FUNCTION gridbeat.grid_on(lon double precision, lat double precision, at timestamptz) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN (
    SELECT gridbeat.grid_at(lon, lat, e.number) FROM gridbeat.editions e
    WHERE e.station = gridbeat.current_station() AND e.valid_from <= at AND (e.valid_to IS NULL OR e.valid_to > at)
    ORDER BY e.number DESC LIMIT 1
  );
-- +goose StatementEnd

-- The grids of many points, by their places from 1; null where there is none. Points
-- are taken in the order in which they lie, so that an outline is prepared once for all
-- that fall into it one after the other.
-- +goose StatementBegin
CREATE FUNCTION gridbeat.grids_of(lons double precision[], lats double precision[], edition integer)
  RETURNS TABLE (place bigint, code text) LANGUAGE sql STABLE PARALLEL SAFE
  BEGIN ATOMIC
    WITH points AS (
      SELECT p.n, gridbeat.exact_point(p.lon, p.lat) AS exact
      FROM unnest(lons, lats) WITH ORDINALITY AS p (lon, lat, n) ORDER BY 2
    ), met AS (
      SELECT p.n, min(g.code COLLATE "C") AS code FROM points p JOIN gridbeat.grids g
        ON g.station = gridbeat.current_station() AND g.edition = grids_of.edition AND g.exact && p.exact AND ST_Covers(g.exact, p.exact)
      GROUP BY p.n
    )
    SELECT p.n, m.code FROM points p LEFT JOIN met m USING (n);
  END;
-- +goose StatementEnd
GRANT EXECUTE ON FUNCTION gridbeat.exact_point(double precision, double precision),
  gridbeat.grid_on(double precision, double precision, timestamptz),
  gridbeat.grids_of(double precision[], double precision[], integer) TO gridbeat_app, gridbeat_gis;

-- +goose Down
DROP FUNCTION gridbeat.grids_of(double precision[], double precision[], integer);
DROP FUNCTION gridbeat.grid_on(double precision, double precision, timestamptz);
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION gridbeat.grid_at(lon double precision, lat double precision, edition integer) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN (
    SELECT g.code FROM gridbeat.grids g,
      (SELECT ST_MakePoint(round(lon * 1e7), round(lat * 1e7)) AS exact) p
    WHERE g.station = gridbeat.current_station() AND g.edition = grid_at.edition
      AND g.exact && p.exact AND ST_Covers(g.exact, p.exact)
    ORDER BY g.code LIMIT 1
  );
-- +goose StatementEnd
DROP FUNCTION gridbeat.exact_outline(geometry);
DROP FUNCTION gridbeat.exact_point(double precision, double precision);
REVOKE SELECT ON gridbeat.coverage FROM gridbeat_gis;
DROP VIEW gridbeat.layer_coverage;
-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT tablename FROM pg_policies WHERE schemaname = 'gridbeat' AND policyname = 'own_reader' LOOP
    EXECUTE format('DROP POLICY own_reader ON gridbeat.%I', name);
  END LOOP;
  FOR name IN SELECT tablename FROM pg_policies WHERE schemaname = 'gridbeat' AND policyname = 'own_station' LOOP
    EXECUTE format('ALTER POLICY own_station ON gridbeat.%I TO PUBLIC', name);
  END LOOP;
END $$;
-- +goose StatementEnd
CREATE OR REPLACE FUNCTION gridbeat.current_station() RETURNS integer
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('gridbeat.station', true), '')::integer;
DROP FUNCTION gridbeat.admit_reader(name, text);
DROP FUNCTION gridbeat.reader_station();
DROP TABLE gridbeat.readers;
ALTER TABLE gridbeat.changes ADD CONSTRAINT changes_station_fkey FOREIGN KEY (station) REFERENCES gridbeat.stations;
ALTER TABLE gridbeat.incidents ADD CONSTRAINT incidents_station_fkey FOREIGN KEY (station) REFERENCES gridbeat.stations;
ALTER TABLE gridbeat.tracks ADD CONSTRAINT tracks_station_fkey FOREIGN KEY (station) REFERENCES gridbeat.stations;
ALTER TABLE gridbeat.trips ADD CONSTRAINT trips_station_fkey FOREIGN KEY (station) REFERENCES gridbeat.stations;
ALTER TABLE gridbeat.changes DROP COLUMN actor;
