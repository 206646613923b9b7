-- +goose Up
-- Long work. A row is the job; River, whose tables lie in the schema gridbeat_queue,
-- delivers its attempts to workers. What a worker writes commits only while its attempt
-- is the row's and runs.
CREATE TABLE gridbeat.jobs (
  station integer NOT NULL REFERENCES gridbeat.stations,
  id text NOT NULL CHECK (id <> ''),
  kind text NOT NULL,
  subject text NOT NULL,
  input text NOT NULL, -- JSON
  payload bytea NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  attempt integer NOT NULL,
  delivery bigint NOT NULL, -- River's id of this attempt
  worker text NOT NULL,
  lease_until timestamptz, -- by the clock of the database; null unless it runs
  stage text NOT NULL,
  done integer NOT NULL,
  total integer NOT NULL,
  result text, -- JSON, null until it is done
  error text NOT NULL,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  ended_at timestamptz,
  version integer NOT NULL,
  key text NOT NULL,
  fingerprint text NOT NULL,
  made bigint GENERATED ALWAYS AS IDENTITY, -- orders jobs of the same moment
  PRIMARY KEY (station, id)
);
CREATE UNIQUE INDEX jobs_one_a_subject ON gridbeat.jobs (station, subject) WHERE subject <> '' AND state IN ('queued', 'running');
CREATE UNIQUE INDEX jobs_key ON gridbeat.jobs (station, key) WHERE key <> '';
CREATE INDEX jobs_open ON gridbeat.jobs (station, state) WHERE state IN ('queued', 'running');

ALTER TABLE gridbeat.jobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE gridbeat.jobs FORCE ROW LEVEL SECURITY;
CREATE POLICY own_station ON gridbeat.jobs USING (station = (SELECT gridbeat.current_station()));
GRANT SELECT, INSERT, UPDATE, DELETE ON gridbeat.jobs TO gridbeat_app;

-- Old keys are forgotten by their age.
CREATE INDEX idempotency_keys_by_age ON gridbeat.idempotency_keys (station, at);

-- +goose Down
DROP INDEX gridbeat.idempotency_keys_by_age;
DROP TABLE gridbeat.jobs;
