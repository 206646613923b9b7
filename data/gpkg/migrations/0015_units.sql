-- Who is out and when, and what was told to the households of a grid.
CREATE TABLE units (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  name TEXT NOT NULL,
  profile TEXT NOT NULL,
  district TEXT NOT NULL,
  skills TEXT NOT NULL, -- JSON array
  retired BOOLEAN NOT NULL,
  simulated BOOLEAN NOT NULL
);

CREATE TABLE shifts (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  unit TEXT NOT NULL REFERENCES units (id),
  starts_at DATETIME NOT NULL,
  ends_at DATETIME NOT NULL,
  people TEXT NOT NULL, -- JSON array of ids
  plan TEXT NOT NULL,
  cancelled BOOLEAN NOT NULL,
  simulated BOOLEAN NOT NULL
);
CREATE INDEX shifts_by_time ON shifts (starts_at, id);
CREATE INDEX shifts_by_unit ON shifts (unit);

CREATE TABLE notices (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  aim TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  grids TEXT NOT NULL, -- JSON array of codes
  author TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  valid_until DATETIME, -- null for no end
  deliveries TEXT NOT NULL, -- JSON array
  simulated BOOLEAN NOT NULL
);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES
  ('units', 'attributes', 'units', '巡逻单元 who patrols'),
  ('shifts', 'attributes', 'shifts', '班次 when units are out'),
  ('notices', 'attributes', 'notices', '宣传与预警 what grids were told');
