-- What the tracks of units show to have been passed: the trips with their visits,
-- from which all coverage is summed, and its sum by street for those who look.
CREATE TABLE trips (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  unit TEXT NOT NULL,
  simulated BOOLEAN NOT NULL,
  since DATETIME NOT NULL, -- the first fix
  until DATETIME NOT NULL, -- the last fix
  fixes INTEGER NOT NULL,
  digest TEXT NOT NULL, -- of the fixes, streets and profile that the visits follow from
  visits TEXT NOT NULL, -- JSON array
  UNIQUE (unit, simulated, since)
);

CREATE TABLE coverage (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  geom LINESTRING,
  street TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  covered_metres DOUBLE NOT NULL,
  length_metres DOUBLE NOT NULL,
  last_visit_at DATETIME, -- null for never
  simulated BOOLEAN NOT NULL
);

CREATE INDEX tracks_by_unit ON tracks (unit, simulated, at);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
  ('coverage', 'features', 'coverage', '覆盖 metres of street truly passed', 4326);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES
  ('trips', 'attributes', 'trips', '行程 unbroken runs of fixes, with the streets passed');

INSERT INTO gpkg_geometry_columns VALUES
  ('coverage', 'geom', 'LINESTRING', 4326, 0, 0);
