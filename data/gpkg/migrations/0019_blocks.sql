-- Blocks come by the thousand whenever grids are drawn: they hang on a tiling too, which
-- the station names.
ALTER TABLE tilings ADD COLUMN station INTEGER CHECK (station = 1);
ALTER TABLE tilings ADD COLUMN blocks_min_x DOUBLE;
ALTER TABLE tilings ADD COLUMN blocks_max_x DOUBLE;
ALTER TABLE tilings ADD COLUMN blocks_min_y DOUBLE;
ALTER TABLE tilings ADD COLUMN blocks_max_y DOUBLE;
CREATE UNIQUE INDEX tilings_station ON tilings (station);

CREATE TABLE tiling_blocks (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  geom POLYGON,
  tiling INTEGER NOT NULL REFERENCES tilings (id),
  id TEXT NOT NULL,
  district TEXT NOT NULL,
  community TEXT NOT NULL,
  compound TEXT NOT NULL,
  households INTEGER NOT NULL,
  UNIQUE (tiling, id)
);

UPDATE gridbeat_guard SET writing = 1;
INSERT INTO tilings (station, laid_at) SELECT 1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE EXISTS (SELECT 1 FROM blocks);
INSERT INTO tiling_blocks (geom, tiling, id, district, community, compound, households)
  SELECT b.geom, t.id, b.id, b.district, b.community, b.compound, b.households
  FROM blocks b JOIN tilings t ON t.station = 1 ORDER BY b.fid;
UPDATE tilings SET (blocks_min_x, blocks_max_x, blocks_min_y, blocks_max_y) =
  (SELECT min(ST_MinX(geom)), max(ST_MaxX(geom)), min(ST_MinY(geom)), max(ST_MaxY(geom)) FROM tiling_blocks WHERE tiling = tilings.id);
UPDATE gridbeat_guard SET writing = 0;

DELETE FROM gpkg_extensions WHERE table_name = 'blocks';
DROP TABLE rtree_blocks_geom;
DROP TABLE blocks;

CREATE VIEW blocks AS
  SELECT b.fid, b.geom, b.id, b.district, b.community, b.compound, b.households
  FROM tilings t JOIN tiling_blocks b ON b.tiling = t.id WHERE t.station = 1;
