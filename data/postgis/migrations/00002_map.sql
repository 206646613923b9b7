-- +goose Up
-- What the map of a station holds. A geometry without any position is null.
CREATE TABLE gridbeat.districts (
  station integer NOT NULL REFERENCES gridbeat.stations,
  code text NOT NULL,
  name text NOT NULL,
  households integer NOT NULL,
  geom geometry(MultiPolygon, 4326),
  PRIMARY KEY (station, code)
);
CREATE INDEX districts_geom ON gridbeat.districts USING gist (geom);

CREATE TABLE gridbeat.communities (
  station integer NOT NULL REFERENCES gridbeat.stations,
  code text NOT NULL,
  name text NOT NULL,
  district text NOT NULL,
  households integer, -- null when unknown
  geom geometry(MultiPolygon, 4326),
  PRIMARY KEY (station, code)
);
CREATE INDEX communities_geom ON gridbeat.communities USING gist (geom);

CREATE TABLE gridbeat.compounds (
  station integer NOT NULL REFERENCES gridbeat.stations,
  id text NOT NULL,
  name text NOT NULL,
  origin text NOT NULL,
  households integer NOT NULL,
  geom geometry(Polygon, 4326),
  PRIMARY KEY (station, id)
);
CREATE INDEX compounds_geom ON gridbeat.compounds USING gist (geom);

CREATE TABLE gridbeat.buildings (
  station integer NOT NULL REFERENCES gridbeat.stations,
  id text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  levels double precision, -- null when unknown
  households integer NOT NULL,
  households_source text NOT NULL,
  compound text NOT NULL,
  outline geometry(Polygon, 4326), -- null where only the point is known
  geom geometry(Point, 4326),
  PRIMARY KEY (station, id)
);
CREATE INDEX buildings_geom ON gridbeat.buildings USING gist (geom);

CREATE TABLE gridbeat.streets (
  station integer NOT NULL REFERENCES gridbeat.stations,
  id text NOT NULL,
  name text NOT NULL,
  name_en text NOT NULL,
  class text NOT NULL,
  main boolean NOT NULL,
  oneway integer NOT NULL, -- 1 along the line, -1 against it, 0 both ways
  length_metres double precision NOT NULL,
  tags jsonb NOT NULL,
  nodes bigint[] NOT NULL, -- one identity for each vertex
  geom geometry(LineString, 4326),
  PRIMARY KEY (station, id)
);
CREATE INDEX streets_geom ON gridbeat.streets USING gist (geom);

CREATE TABLE gridbeat.posts (
  station integer NOT NULL REFERENCES gridbeat.stations,
  node bigint NOT NULL,
  tags jsonb NOT NULL,
  geom geometry(Point, 4326),
  PRIMARY KEY (station, node)
);
CREATE INDEX posts_geom ON gridbeat.posts USING gist (geom);

CREATE TABLE gridbeat.barriers (
  station integer NOT NULL REFERENCES gridbeat.stations,
  id text NOT NULL,
  part integer NOT NULL, -- 1, 2, ... where the map draws one barrier as several lines
  kind text NOT NULL,
  geom geometry(LineString, 4326),
  PRIMARY KEY (station, id, part)
);
CREATE INDEX barriers_geom ON gridbeat.barriers USING gist (geom);

CREATE TABLE gridbeat.restrictions (
  station integer NOT NULL REFERENCES gridbeat.stations,
  id text NOT NULL,
  kind text NOT NULL,
  from_street text NOT NULL,
  via_node bigint, -- null when it runs over streets
  via_streets text[] NOT NULL,
  to_street text NOT NULL,
  exceptions text[] NOT NULL, -- vehicle classes
  PRIMARY KEY (station, id)
);

-- +goose Down
DROP TABLE gridbeat.restrictions, gridbeat.barriers, gridbeat.posts, gridbeat.streets, gridbeat.buildings,
  gridbeat.compounds, gridbeat.communities, gridbeat.districts;
