-- The grids and district outlines of a draft or an edition hang on a tiling, which both
-- may name: publishing copies nothing, and a large draft is laid out in short
-- transactions under a tiling that nobody names until the last of them. The layers are
-- views of what is named.
CREATE TABLE tilings (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  draft TEXT UNIQUE REFERENCES drafts (id),
  edition INTEGER UNIQUE REFERENCES editions (number),
  laid_at DATETIME NOT NULL, -- its last step; empty once it is to be swept away
  grids_min_x DOUBLE, grids_max_x DOUBLE, grids_min_y DOUBLE, grids_max_y DOUBLE, -- null when empty
  districts_min_x DOUBLE, districts_max_x DOUBLE, districts_min_y DOUBLE, districts_max_y DOUBLE
);

CREATE TABLE tiling_grids (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  geom POLYGON,
  tiling INTEGER NOT NULL REFERENCES tilings (id),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  district TEXT NOT NULL,
  community TEXT NOT NULL,
  households INTEGER NOT NULL,
  exceptions TEXT NOT NULL, -- JSON array
  locked BOOLEAN NOT NULL,
  UNIQUE (tiling, code)
);

CREATE TABLE tiling_districts (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  geom MULTIPOLYGON,
  tiling INTEGER NOT NULL REFERENCES tilings (id),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  households INTEGER NOT NULL,
  UNIQUE (tiling, code)
);

INSERT INTO tilings (draft, laid_at) SELECT id, created_at FROM drafts ORDER BY fid;
INSERT INTO tilings (edition, laid_at) SELECT number, published_at FROM editions ORDER BY number;

INSERT INTO tiling_grids (geom, tiling, code, name, district, community, households, exceptions, locked)
  SELECT g.geom, t.id, g.code, g.name, g.district, g.community, g.households, g.exceptions, g.locked
  FROM draft_grids g JOIN tilings t ON t.draft = g.draft ORDER BY g.fid;
INSERT INTO tiling_grids (geom, tiling, code, name, district, community, households, exceptions, locked)
  SELECT g.geom, t.id, g.code, g.name, g.district, g.community, g.households, g.exceptions, g.locked
  FROM grids g JOIN tilings t ON t.edition = g.edition ORDER BY g.fid;
INSERT INTO tiling_districts (geom, tiling, code, name, households)
  SELECT d.geom, t.id, d.code, d.name, d.households
  FROM draft_districts d JOIN tilings t ON t.draft = d.draft ORDER BY d.fid;
INSERT INTO tiling_districts (geom, tiling, code, name, households)
  SELECT d.geom, t.id, d.code, d.name, d.households
  FROM edition_districts d JOIN tilings t ON t.edition = d.edition ORDER BY d.fid;

UPDATE tilings SET
  (grids_min_x, grids_max_x, grids_min_y, grids_max_y) =
    (SELECT min(ST_MinX(geom)), max(ST_MaxX(geom)), min(ST_MinY(geom)), max(ST_MaxY(geom)) FROM tiling_grids WHERE tiling = tilings.id),
  (districts_min_x, districts_max_x, districts_min_y, districts_max_y) =
    (SELECT min(ST_MinX(geom)), max(ST_MaxX(geom)), min(ST_MinY(geom)), max(ST_MaxY(geom)) FROM tiling_districts WHERE tiling = tilings.id);

DELETE FROM gpkg_extensions WHERE table_name IN ('draft_grids', 'draft_districts', 'grids', 'edition_districts');
DROP TABLE rtree_draft_grids_geom;
DROP TABLE rtree_draft_districts_geom;
DROP TABLE rtree_grids_geom;
DROP TABLE rtree_edition_districts_geom;
DROP TABLE draft_grids;
DROP TABLE draft_districts;
DROP TABLE grids;
DROP TABLE edition_districts;

CREATE VIEW draft_grids AS
  SELECT g.fid, g.geom, t.draft, g.code, g.name, g.district, g.community, g.households, g.exceptions, g.locked
  FROM tilings t JOIN tiling_grids g ON g.tiling = t.id WHERE t.draft IS NOT NULL;
CREATE VIEW draft_districts AS
  SELECT d.fid, d.geom, t.draft, d.code, d.name, d.households
  FROM tilings t JOIN tiling_districts d ON d.tiling = t.id WHERE t.draft IS NOT NULL;
CREATE VIEW grids AS
  SELECT g.fid, g.geom, t.edition, g.code, g.name, g.district, g.community, g.households, g.exceptions,
    e.valid_from, e.valid_to, g.locked
  FROM editions e JOIN tilings t ON t.edition = e.number JOIN tiling_grids g ON g.tiling = t.id;
CREATE VIEW edition_districts AS
  SELECT d.fid, d.geom, t.edition, d.code, d.name, d.households
  FROM tilings t JOIN tiling_districts d ON d.tiling = t.id WHERE t.edition IS NOT NULL;
