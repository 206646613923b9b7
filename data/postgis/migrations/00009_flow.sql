-- +goose Up
-- What happened to each incident, the numbers given on each day, and the keys by which
-- a client may repeat a request without doing it twice.
CREATE TABLE gridbeat.incident_history (
  station integer NOT NULL,
  incident text NOT NULL,
  version integer NOT NULL, -- that the step led to
  at timestamptz NOT NULL,
  actor text NOT NULL,
  from_state text NOT NULL, -- empty for the report itself
  to_state text NOT NULL,
  reason text NOT NULL,
  outcome text NOT NULL,
  level text NOT NULL,
  responsible text NOT NULL,
  PRIMARY KEY (station, incident, version),
  FOREIGN KEY (station, incident) REFERENCES gridbeat.incidents
);

CREATE TABLE gridbeat.incident_days (
  station integer NOT NULL REFERENCES gridbeat.stations,
  day text NOT NULL, -- such as 20260101
  last integer NOT NULL, -- highest count given on it
  PRIMARY KEY (station, day)
);
INSERT INTO gridbeat.incident_days
  SELECT station, left(number, 8), max(substr(number, 10)::integer) FROM gridbeat.incidents
  WHERE number ~ '^[0-9]{8}-[0-9]{1,9}$' GROUP BY 1, 2;

CREATE TABLE gridbeat.idempotency_keys (
  station integer NOT NULL REFERENCES gridbeat.stations,
  key text NOT NULL,
  fingerprint text NOT NULL,
  incident text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (station, key)
);

-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['incident_history', 'incident_days', 'idempotency_keys'] LOOP
    EXECUTE format('ALTER TABLE gridbeat.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE gridbeat.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_station ON gridbeat.%I USING (station = (SELECT gridbeat.current_station()))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON gridbeat.%I TO gridbeat_app', name);
  END LOOP;
END $$;
-- +goose StatementEnd
REVOKE UPDATE, DELETE ON gridbeat.incident_history FROM gridbeat_app;

-- +goose Down
DROP TABLE gridbeat.idempotency_keys, gridbeat.incident_days, gridbeat.incident_history;
