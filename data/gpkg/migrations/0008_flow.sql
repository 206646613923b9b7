-- What happened to each incident, the numbers given on each day, and the keys by which
-- a client may repeat a request without doing it twice.
CREATE TABLE incident_history (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  incident TEXT NOT NULL REFERENCES incidents (id),
  version INTEGER NOT NULL, -- that the step led to
  at DATETIME NOT NULL,
  actor TEXT NOT NULL,
  from_state TEXT NOT NULL, -- empty for the report itself
  to_state TEXT NOT NULL,
  reason TEXT NOT NULL,
  outcome TEXT NOT NULL,
  level TEXT NOT NULL,
  responsible TEXT NOT NULL,
  UNIQUE (incident, version)
);

CREATE TABLE incident_days (
  day TEXT PRIMARY KEY, -- such as 20260101
  last INTEGER NOT NULL -- highest count given on it
);
INSERT INTO incident_days
  SELECT substr(number, 1, 8), max(CAST(substr(number, 10) AS INTEGER)) FROM incidents
  WHERE number GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]-[0-9]*' GROUP BY 1;

CREATE TABLE idempotency_keys (
  key TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  incident TEXT NOT NULL,
  at DATETIME NOT NULL
);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES
  ('incident_history', 'attributes', 'incident_history', '事件经过 what happened to each incident');
