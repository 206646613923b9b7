-- +goose Up
-- The second wall between tenants. Every query of the application names its station;
-- and no row of another one is seen or written, even by the owner of the tables,
-- while gridbeat.station says which station a transaction works for.
-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'gridbeat' AND c.relkind = 'r'
      AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'station' AND NOT a.attisdropped)
    ORDER BY c.relname
  LOOP
    EXECUTE format('ALTER TABLE gridbeat.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE gridbeat.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_station ON gridbeat.%I USING (station = (SELECT gridbeat.current_station()))', name);
    IF name <> 'stations' THEN
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON gridbeat.%I TO gridbeat_app', name);
    END IF;
  END LOOP;
END $$;
-- +goose StatementEnd
-- enter_station may see and add the one station whose key it is given.
CREATE POLICY enter ON gridbeat.stations USING (key = current_setting('gridbeat.entering', true));
-- The log is only ever added to.
REVOKE UPDATE, DELETE ON gridbeat.changes FROM gridbeat_app;

GRANT USAGE ON SCHEMA gridbeat TO gridbeat_app, gridbeat_gis;
GRANT SELECT, UPDATE ON gridbeat.stations TO gridbeat_app;
REVOKE EXECUTE ON FUNCTION gridbeat.enter_station(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gridbeat.enter_station(text) TO gridbeat_app;

-- A row filter is evaluated before any condition that might tell of rows it hides. The
-- comparison of two boxes tells nothing (it compares eight numbers and cannot fail),
-- but PostGIS does not say so, and without it a box query cannot use a spatial index
-- under the filter. Only a superuser may say it; where the owner is none, the notice
-- names the statement to run.
-- +goose StatementBegin
DO $$
DECLARE
  boxes_meet regprocedure;
BEGIN
  SELECT o.oprcode::oid INTO boxes_meet FROM pg_operator o JOIN pg_type t ON t.oid = o.oprleft AND t.oid = o.oprright
    WHERE t.typname = 'geometry' AND o.oprname = '&&';
  EXECUTE format('ALTER FUNCTION %s LEAKPROOF', boxes_meet);
EXCEPTION WHEN insufficient_privilege THEN
  RAISE NOTICE 'run as superuser, for box queries to use spatial indexes: ALTER FUNCTION % LEAKPROOF', boxes_meet;
END $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT tablename FROM pg_policies WHERE schemaname = 'gridbeat' AND policyname = 'own_station' LOOP
    EXECUTE format('DROP POLICY own_station ON gridbeat.%I', name);
    EXECUTE format('ALTER TABLE gridbeat.%I NO FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE gridbeat.%I DISABLE ROW LEVEL SECURITY', name);
  END LOOP;
END $$;
-- +goose StatementEnd
DROP POLICY enter ON gridbeat.stations;
REVOKE ALL ON ALL TABLES IN SCHEMA gridbeat FROM gridbeat_app, gridbeat_gis;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA gridbeat FROM gridbeat_app, gridbeat_gis;
REVOKE ALL ON SCHEMA gridbeat FROM gridbeat_app, gridbeat_gis;
