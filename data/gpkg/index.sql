-- The spatial index of one layer: annex F.3 of GeoPackage 1.3, for column geom
-- and primary key fid. Its triggers hold for UPDATE and INSERT, not for UPSERT
-- and REPLACE. %[1]s is the layer, or the table that layers are views of: a table that
-- is no layer itself is not registered.
CREATE VIRTUAL TABLE rtree_%[1]s_geom USING rtree(id, minx, maxx, miny, maxy);
INSERT INTO rtree_%[1]s_geom
  SELECT fid, ST_MinX(geom), ST_MaxX(geom), ST_MinY(geom), ST_MaxY(geom) FROM %[1]s
  WHERE geom NOT NULL AND NOT ST_IsEmpty(geom);

CREATE TRIGGER rtree_%[1]s_geom_insert AFTER INSERT ON %[1]s
  WHEN (new.geom NOT NULL AND NOT ST_IsEmpty(new.geom))
BEGIN
  INSERT OR REPLACE INTO rtree_%[1]s_geom VALUES (
    new.fid, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom));
END;

CREATE TRIGGER rtree_%[1]s_geom_update1 AFTER UPDATE OF geom ON %[1]s
  WHEN old.fid = new.fid AND (new.geom NOTNULL AND NOT ST_IsEmpty(new.geom))
BEGIN
  INSERT OR REPLACE INTO rtree_%[1]s_geom VALUES (
    new.fid, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom));
END;

CREATE TRIGGER rtree_%[1]s_geom_update2 AFTER UPDATE OF geom ON %[1]s
  WHEN old.fid = new.fid AND (new.geom ISNULL OR ST_IsEmpty(new.geom))
BEGIN
  DELETE FROM rtree_%[1]s_geom WHERE id = old.fid;
END;

CREATE TRIGGER rtree_%[1]s_geom_update3 AFTER UPDATE ON %[1]s
  WHEN old.fid != new.fid AND (new.geom NOTNULL AND NOT ST_IsEmpty(new.geom))
BEGIN
  DELETE FROM rtree_%[1]s_geom WHERE id = old.fid;
  INSERT OR REPLACE INTO rtree_%[1]s_geom VALUES (
    new.fid, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom));
END;

CREATE TRIGGER rtree_%[1]s_geom_update4 AFTER UPDATE ON %[1]s
  WHEN old.fid != new.fid AND (new.geom ISNULL OR ST_IsEmpty(new.geom))
BEGIN
  DELETE FROM rtree_%[1]s_geom WHERE id IN (old.fid, new.fid);
END;

CREATE TRIGGER rtree_%[1]s_geom_delete AFTER DELETE ON %[1]s
  WHEN old.geom NOT NULL
BEGIN
  DELETE FROM rtree_%[1]s_geom WHERE id = old.fid;
END;

INSERT INTO gpkg_extensions
  SELECT table_name, 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only'
  FROM gpkg_geometry_columns WHERE table_name = '%[1]s';
