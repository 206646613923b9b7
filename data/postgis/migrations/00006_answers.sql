-- +goose Up
-- What is asked in SQL: the grid of a point, by the rule that gridbeat follows
-- everywhere: a point on a border or node belongs to the lowest code among the grids
-- that touch it. Positions are rounded to 1e-7 degree first, as all that gridbeat
-- stores, and compared as integers.
-- +goose StatementBegin
CREATE FUNCTION gridbeat.grid_at(lon double precision, lat double precision, edition integer) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN (
    SELECT g.code FROM gridbeat.grids g,
      (SELECT ST_MakePoint(round(lon * 1e7), round(lat * 1e7)) AS exact) p
    WHERE g.station = gridbeat.current_station() AND g.edition = grid_at.edition
      AND g.exact && p.exact AND ST_Covers(g.exact, p.exact)
    ORDER BY g.code LIMIT 1
  );
-- +goose StatementEnd

-- Layers for GIS programs. They follow the row filter of whoever asks: set
-- gridbeat.station first, or as a setting of the login role.
CREATE VIEW gridbeat.layer_grids WITH (security_invoker = true) AS
  SELECT g.code, g.name, g.district, g.community, g.households, g.exceptions, g.edition, g.valid_from, g.valid_to, g.geom
  FROM gridbeat.grids g WHERE g.valid_from <= now() AND (g.valid_to IS NULL OR g.valid_to > now());
CREATE VIEW gridbeat.layer_districts WITH (security_invoker = true) AS
  SELECT code, name, households, geom FROM gridbeat.districts;
CREATE VIEW gridbeat.layer_communities WITH (security_invoker = true) AS
  SELECT code, name, district, households, geom FROM gridbeat.communities;
CREATE VIEW gridbeat.layer_compounds WITH (security_invoker = true) AS
  SELECT id, name, households, geom FROM gridbeat.compounds;
CREATE VIEW gridbeat.layer_buildings WITH (security_invoker = true) AS
  SELECT id, households, households_source, compound, geom FROM gridbeat.buildings;
CREATE VIEW gridbeat.layer_streets WITH (security_invoker = true) AS
  SELECT id, name, class, main, oneway, length_metres, geom FROM gridbeat.streets;
CREATE VIEW gridbeat.layer_patrols WITH (security_invoker = true) AS
  SELECT plan, route, unit, shift, metres, seconds, depot, geom FROM gridbeat.patrols;

GRANT EXECUTE ON FUNCTION gridbeat.grid_at(double precision, double precision, integer) TO gridbeat_app, gridbeat_gis;
GRANT SELECT ON gridbeat.layer_grids, gridbeat.layer_districts, gridbeat.layer_communities, gridbeat.layer_compounds,
  gridbeat.layer_buildings, gridbeat.layer_streets, gridbeat.layer_patrols TO gridbeat_app, gridbeat_gis;
-- A view that follows the asker's filter needs the asker's right to read below it.
GRANT SELECT ON gridbeat.grids, gridbeat.districts, gridbeat.communities, gridbeat.compounds, gridbeat.buildings,
  gridbeat.streets, gridbeat.patrols TO gridbeat_gis;

-- +goose Down
DROP VIEW gridbeat.layer_patrols, gridbeat.layer_streets, gridbeat.layer_buildings, gridbeat.layer_compounds,
  gridbeat.layer_communities, gridbeat.layer_districts, gridbeat.layer_grids;
DROP FUNCTION gridbeat.grid_at(double precision, double precision, integer);
