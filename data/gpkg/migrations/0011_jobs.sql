-- Long work. What a worker writes commits only while its attempt is the row's and runs.
CREATE TABLE jobs (
  made INTEGER PRIMARY KEY AUTOINCREMENT, -- orders jobs of the same moment
  id TEXT NOT NULL UNIQUE CHECK (id <> ''),
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  input TEXT NOT NULL, -- JSON
  payload BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  attempt INTEGER NOT NULL,
  not_before DATETIME NOT NULL, -- a waiting job waits at least until then
  worker TEXT NOT NULL,
  lease_until DATETIME, -- null unless it runs
  stage TEXT NOT NULL,
  done INTEGER NOT NULL,
  total INTEGER NOT NULL,
  result TEXT, -- JSON, null until it is done
  error TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  started_at DATETIME,
  ended_at DATETIME,
  version INTEGER NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL
);
CREATE UNIQUE INDEX jobs_one_a_subject ON jobs (subject) WHERE subject <> '' AND state IN ('queued', 'running');
CREATE UNIQUE INDEX jobs_key ON jobs (key) WHERE key <> '';
CREATE INDEX jobs_open ON jobs (state) WHERE state IN ('queued', 'running');
