-- Drafts, which change, and editions, which never do but for the day they end.
CREATE TABLE drafts (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  seed TEXT NOT NULL, -- 64 bits without a sign
  min_households INTEGER NOT NULL,
  max_households INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  version INTEGER NOT NULL,
  published_version INTEGER -- the version that was published last, null when none
);

CREATE TABLE draft_grids (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  geom POLYGON,
  draft TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  district TEXT NOT NULL,
  community TEXT NOT NULL,
  households INTEGER NOT NULL,
  exceptions TEXT NOT NULL, -- JSON array
  UNIQUE (draft, code)
);

CREATE TABLE draft_districts (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  geom MULTIPOLYGON,
  draft TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  households INTEGER NOT NULL,
  UNIQUE (draft, code)
);

CREATE TABLE editions (
  number INTEGER PRIMARY KEY,
  valid_from DATETIME NOT NULL,
  valid_to DATETIME, -- null while no later edition is published
  min_households INTEGER NOT NULL,
  max_households INTEGER NOT NULL,
  grids INTEGER NOT NULL,
  households INTEGER NOT NULL,
  draft TEXT NOT NULL,
  draft_version INTEGER NOT NULL,
  published_at DATETIME NOT NULL
);

CREATE TABLE grids (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  geom POLYGON,
  edition INTEGER NOT NULL REFERENCES editions (number),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  district TEXT NOT NULL,
  community TEXT NOT NULL,
  households INTEGER NOT NULL,
  exceptions TEXT NOT NULL, -- JSON array
  valid_from DATETIME NOT NULL,
  valid_to DATETIME,
  UNIQUE (edition, code)
);

CREATE TABLE edition_districts (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  geom MULTIPOLYGON,
  edition INTEGER NOT NULL REFERENCES editions (number),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  households INTEGER NOT NULL,
  UNIQUE (edition, code)
);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
  ('draft_grids', 'features', 'draft_grids', '草案网格 grids of drafts', 4326),
  ('draft_districts', 'features', 'draft_districts', '草案警务区 district outlines of drafts', 4326),
  ('grids', 'features', 'grids', '网格 grids of every edition', 4326),
  ('edition_districts', 'features', 'edition_districts', '各版警务区 district outlines of every edition', 4326);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES
  ('drafts', 'attributes', 'drafts', '草案 editable sets of grids'),
  ('editions', 'attributes', 'editions', '版本 published sets of grids');

INSERT INTO gpkg_geometry_columns VALUES
  ('draft_grids', 'geom', 'POLYGON', 4326, 0, 0),
  ('draft_districts', 'geom', 'MULTIPOLYGON', 4326, 0, 0),
  ('grids', 'geom', 'POLYGON', 4326, 0, 0),
  ('edition_districts', 'geom', 'MULTIPOLYGON', 4326, 0, 0);
