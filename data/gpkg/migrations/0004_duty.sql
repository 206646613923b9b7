-- People on duty, incidents, where units were, and the plans they followed.
CREATE TABLE people (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  duty_phone TEXT NOT NULL,
  grid TEXT NOT NULL,
  district TEXT NOT NULL,
  simulated BOOLEAN NOT NULL
);

CREATE TABLE incidents (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  geom POINT,
  id TEXT NOT NULL UNIQUE,
  number TEXT NOT NULL,
  category TEXT NOT NULL,
  priority TEXT NOT NULL,
  state TEXT NOT NULL,
  grid TEXT NOT NULL,
  district TEXT NOT NULL,
  how TEXT NOT NULL,
  metres DOUBLE NOT NULL,
  level TEXT NOT NULL,
  responsible TEXT NOT NULL,
  text TEXT NOT NULL,
  reported_at DATETIME NOT NULL,
  answer_due_at DATETIME,
  close_due_at DATETIME,
  version INTEGER NOT NULL,
  simulated BOOLEAN NOT NULL
);
CREATE INDEX incidents_by_time ON incidents (reported_at, id);

CREATE TABLE tracks (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  geom POINT,
  unit TEXT NOT NULL,
  at DATETIME NOT NULL,
  accuracy_metres DOUBLE, -- null when unknown
  simulated BOOLEAN NOT NULL,
  UNIQUE (at, unit, simulated)
);

CREATE TABLE plans (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  created_at DATETIME NOT NULL,
  edition INTEGER, -- null when it was made for none
  district TEXT NOT NULL,
  profile TEXT NOT NULL,
  units TEXT NOT NULL, -- JSON array of names
  depots TEXT NOT NULL, -- JSON array of [lon, lat]
  shift_seconds DOUBLE NOT NULL,
  seed TEXT NOT NULL, -- 64 bits without a sign
  street_metres DOUBLE NOT NULL,
  route_metres DOUBLE NOT NULL,
  shifts INTEGER NOT NULL,
  bound_seconds DOUBLE, -- null when unknown
  note TEXT NOT NULL
);

CREATE TABLE patrols (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  geom LINESTRING,
  id TEXT NOT NULL UNIQUE, -- the plan and the place of the route in it
  plan TEXT NOT NULL REFERENCES plans (id),
  route INTEGER NOT NULL, -- 1, 2, ... in the plan's order
  unit TEXT NOT NULL,
  shift INTEGER NOT NULL,
  metres DOUBLE NOT NULL,
  seconds DOUBLE NOT NULL,
  depot TEXT NOT NULL, -- JSON [lon, lat]
  steps TEXT NOT NULL, -- JSON array
  UNIQUE (plan, route)
);

CREATE TABLE missed (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  geom LINESTRING,
  id TEXT NOT NULL UNIQUE, -- the plan and the place of the piece in it
  plan TEXT NOT NULL REFERENCES plans (id),
  piece INTEGER NOT NULL, -- 1, 2, ... in the plan's order
  street TEXT NOT NULL,
  name TEXT NOT NULL,
  reason TEXT NOT NULL,
  UNIQUE (plan, piece)
);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
  ('incidents', 'features', 'incidents', '事件 incidents', 4326),
  ('tracks', 'features', 'tracks', '轨迹 positions of units', 4326),
  ('patrols', 'features', 'patrols', '巡逻路线 patrol routes of every plan', 4326),
  ('missed', 'features', 'missed', '未覆盖 streets that a plan leaves out, with the reason', 4326);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES
  ('people', 'attributes', 'people', '力量 staff and volunteers'),
  ('plans', 'attributes', 'plans', '巡逻方案 patrol plans');

INSERT INTO gpkg_geometry_columns VALUES
  ('incidents', 'geom', 'POINT', 4326, 0, 0),
  ('tracks', 'geom', 'POINT', 4326, 0, 0),
  ('patrols', 'geom', 'LINESTRING', 4326, 0, 0),
  ('missed', 'geom', 'LINESTRING', 4326, 0, 0);
