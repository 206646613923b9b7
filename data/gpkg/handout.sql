-- In a hand-out the grids of the editions and the blocks are tables like all other layers:
-- what they are views of in a store, drafts among it, stays behind.
UPDATE gridbeat_guard SET writing = 1;

CREATE TABLE plain_grids (
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
  locked BOOLEAN NOT NULL,
  UNIQUE (edition, code)
);
INSERT INTO plain_grids SELECT fid, geom, edition, code, name, district, community, households, exceptions,
  valid_from, valid_to, locked FROM grids ORDER BY edition, code;

CREATE TABLE plain_districts (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  geom MULTIPOLYGON,
  edition INTEGER NOT NULL REFERENCES editions (number),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  households INTEGER NOT NULL,
  UNIQUE (edition, code)
);
INSERT INTO plain_districts SELECT fid, geom, edition, code, name, households FROM edition_districts ORDER BY edition, code;

CREATE TABLE plain_blocks (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  geom POLYGON,
  id TEXT NOT NULL UNIQUE,
  district TEXT NOT NULL,
  community TEXT NOT NULL,
  compound TEXT NOT NULL,
  households INTEGER NOT NULL
);
INSERT INTO plain_blocks SELECT fid, geom, id, district, community, compound, households FROM blocks ORDER BY id;

DROP VIEW blocks;
DROP VIEW draft_grids;
DROP VIEW draft_districts;
DROP VIEW grids;
DROP VIEW edition_districts;
ALTER TABLE plain_blocks RENAME TO blocks;
ALTER TABLE plain_grids RENAME TO grids;
ALTER TABLE plain_districts RENAME TO edition_districts;

DROP TABLE rtree_tiling_grids_geom;
DROP TABLE rtree_tiling_districts_geom;
DROP TABLE rtree_tiling_blocks_geom;
DROP TABLE tiling_grids;
DROP TABLE tiling_districts;
DROP TABLE tiling_blocks;
DROP TABLE tilings;
DELETE FROM gpkg_geometry_columns WHERE table_name IN ('draft_grids', 'draft_districts');
DELETE FROM gpkg_contents WHERE table_name IN ('draft_grids', 'draft_districts');
