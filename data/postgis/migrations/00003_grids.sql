-- +goose Up
-- Drafts, which change, and editions, which never do but for the day they end.
CREATE TABLE gridbeat.drafts (
  station integer NOT NULL REFERENCES gridbeat.stations,
  id text NOT NULL CHECK (id <> ''),
  seed text NOT NULL, -- 64 bits without a sign
  min_households integer NOT NULL,
  max_households integer NOT NULL,
  created_at timestamptz NOT NULL,
  version integer NOT NULL,
  published_version integer, -- the version that was published last, null when none
  made bigint GENERATED ALWAYS AS IDENTITY, -- orders drafts of the same moment
  PRIMARY KEY (station, id)
);

CREATE TABLE gridbeat.draft_grids (
  station integer NOT NULL,
  draft text NOT NULL,
  code text NOT NULL,
  name text NOT NULL,
  district text NOT NULL,
  community text NOT NULL,
  households integer NOT NULL,
  exceptions text[] NOT NULL,
  geom geometry(Polygon, 4326),
  PRIMARY KEY (station, draft, code),
  FOREIGN KEY (station, draft) REFERENCES gridbeat.drafts ON DELETE CASCADE
);
CREATE INDEX draft_grids_geom ON gridbeat.draft_grids USING gist (geom);

CREATE TABLE gridbeat.draft_districts (
  station integer NOT NULL,
  draft text NOT NULL,
  code text NOT NULL,
  name text NOT NULL,
  households integer NOT NULL,
  geom geometry(MultiPolygon, 4326),
  PRIMARY KEY (station, draft, code),
  FOREIGN KEY (station, draft) REFERENCES gridbeat.drafts ON DELETE CASCADE
);

-- Of two editions of a station at most one is in force at any moment.
CREATE TABLE gridbeat.editions (
  station integer NOT NULL REFERENCES gridbeat.stations,
  number integer NOT NULL CHECK (number > 0),
  valid_from timestamptz NOT NULL,
  valid_to timestamptz, -- null while no later edition is published
  min_households integer NOT NULL,
  max_households integer NOT NULL,
  grids integer NOT NULL,
  households integer NOT NULL,
  draft text NOT NULL,
  draft_version integer NOT NULL,
  published_at timestamptz NOT NULL,
  PRIMARY KEY (station, number),
  CONSTRAINT editions_one_in_force EXCLUDE USING gist (station WITH =, tstzrange(valid_from, valid_to) WITH &&)
);

-- exact is the outline in whole units of 1e-7 degree, without a reference system: on
-- integers a point lies on an edge, or left or right of it, without rounding.
CREATE TABLE gridbeat.grids (
  station integer NOT NULL,
  edition integer NOT NULL,
  code text NOT NULL,
  name text NOT NULL,
  district text NOT NULL,
  community text NOT NULL,
  households integer NOT NULL,
  exceptions text[] NOT NULL,
  geom geometry(Polygon, 4326) CHECK (ST_IsValid(geom)),
  exact geometry(Polygon, 0),
  valid_from timestamptz NOT NULL,
  valid_to timestamptz,
  PRIMARY KEY (station, edition, code),
  FOREIGN KEY (station, edition) REFERENCES gridbeat.editions
);
CREATE INDEX grids_geom ON gridbeat.grids USING gist (geom);
CREATE INDEX grids_exact ON gridbeat.grids USING gist (station, edition, exact);

CREATE TABLE gridbeat.edition_districts (
  station integer NOT NULL,
  edition integer NOT NULL,
  code text NOT NULL,
  name text NOT NULL,
  households integer NOT NULL,
  geom geometry(MultiPolygon, 4326) CHECK (ST_IsValid(geom)),
  PRIMARY KEY (station, edition, code),
  FOREIGN KEY (station, edition) REFERENCES gridbeat.editions
);

-- +goose Down
DROP TABLE gridbeat.edition_districts, gridbeat.grids, gridbeat.editions, gridbeat.draft_districts,
  gridbeat.draft_grids, gridbeat.drafts;
