-- What a station is and what its map holds. The runner gives every layer that
-- stands in gpkg_geometry_columns its spatial index and triggers. A geometry
-- without any position is null.
CREATE TABLE station (
  fid INTEGER PRIMARY KEY CHECK (fid = 1),
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  code_prefix TEXT NOT NULL,
  min_households INTEGER NOT NULL,
  max_households INTEGER NOT NULL,
  map_file TEXT NOT NULL,
  map_date TEXT NOT NULL,
  map_attribution TEXT NOT NULL,
  homes_rule TEXT NOT NULL,
  given_share DOUBLE NOT NULL,
  derived_share DOUBLE NOT NULL,
  assumed_share DOUBLE NOT NULL,
  demo BOOLEAN NOT NULL,
  demo_seed TEXT NOT NULL -- 64 bits without a sign
);

CREATE TABLE changes (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  at DATETIME NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL
);

CREATE TABLE districts (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  geom MULTIPOLYGON,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  households INTEGER NOT NULL
);

CREATE TABLE communities (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  geom MULTIPOLYGON,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  district TEXT NOT NULL,
  households INTEGER -- null when unknown
);

CREATE TABLE compounds (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  geom POLYGON,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  origin TEXT NOT NULL,
  households INTEGER NOT NULL
);

CREATE TABLE buildings (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  geom POINT,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  levels DOUBLE, -- null when unknown
  households INTEGER NOT NULL,
  households_source TEXT NOT NULL,
  compound TEXT NOT NULL,
  outline BLOB -- a GeoPackage geometry; null where only the point is known
);

CREATE TABLE streets (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  geom LINESTRING,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  class TEXT NOT NULL,
  main BOOLEAN NOT NULL,
  oneway INTEGER NOT NULL, -- 1 along the line, -1 against it, 0 both ways
  length_metres DOUBLE NOT NULL,
  tags TEXT NOT NULL, -- JSON object
  nodes TEXT NOT NULL -- JSON array, one identity for each vertex
);

CREATE TABLE posts (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  geom POINT,
  id TEXT NOT NULL UNIQUE, -- "n" and the node
  node INTEGER NOT NULL,
  tags TEXT NOT NULL -- JSON object
);

CREATE TABLE barriers (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  geom LINESTRING,
  id TEXT NOT NULL,
  part INTEGER NOT NULL, -- 1, 2, ... where the map draws one barrier as several lines
  kind TEXT NOT NULL,
  UNIQUE (id, part)
);

CREATE TABLE restrictions (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  from_street TEXT NOT NULL,
  via_node INTEGER, -- null when it runs over streets
  via_streets TEXT NOT NULL, -- JSON array
  to_street TEXT NOT NULL,
  exceptions TEXT NOT NULL -- JSON array of vehicle classes
);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
  ('districts', 'features', 'districts', '警务区 police districts', 4326),
  ('communities', 'features', 'communities', '社区 communities', 4326),
  ('compounds', 'features', 'compounds', '小区 residential compounds', 4326),
  ('buildings', 'features', 'buildings', '楼栋 buildings, with a household count and its source', 4326),
  ('streets', 'features', 'streets', '道路 streets', 4326),
  ('posts', 'features', 'posts', '路障 gates and bollards', 4326),
  ('barriers', 'features', 'barriers', '水系与铁路 water and rail', 4326);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES
  ('station', 'attributes', 'station', '派出所 whose territory this is'),
  ('changes', 'attributes', 'changes', '变更日志 what was written, in order'),
  ('restrictions', 'attributes', 'restrictions', '禁转 turn restrictions');

INSERT INTO gpkg_geometry_columns VALUES
  ('districts', 'geom', 'MULTIPOLYGON', 4326, 0, 0),
  ('communities', 'geom', 'MULTIPOLYGON', 4326, 0, 0),
  ('compounds', 'geom', 'POLYGON', 4326, 0, 0),
  ('buildings', 'geom', 'POINT', 4326, 0, 0),
  ('streets', 'geom', 'LINESTRING', 4326, 0, 0),
  ('posts', 'geom', 'POINT', 4326, 0, 0),
  ('barriers', 'geom', 'LINESTRING', 4326, 0, 0);
