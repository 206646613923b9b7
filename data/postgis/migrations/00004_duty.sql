-- +goose Up
-- People on duty, incidents, where units were, and the plans they followed.
CREATE TABLE gridbeat.people (
  station integer NOT NULL REFERENCES gridbeat.stations,
  id text NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  duty_phone text NOT NULL,
  grid text NOT NULL,
  district text NOT NULL,
  simulated boolean NOT NULL,
  PRIMARY KEY (station, id)
);

CREATE TABLE gridbeat.incidents (
  station integer NOT NULL REFERENCES gridbeat.stations,
  id text NOT NULL,
  version integer NOT NULL,
  number text NOT NULL,
  category text NOT NULL,
  priority text NOT NULL,
  state text NOT NULL,
  grid text NOT NULL,
  district text NOT NULL,
  how text NOT NULL,
  metres double precision NOT NULL,
  level text NOT NULL,
  responsible text NOT NULL,
  text text NOT NULL,
  reported_at timestamptz NOT NULL,
  answer_due_at timestamptz,
  close_due_at timestamptz,
  simulated boolean NOT NULL,
  geom geometry(Point, 4326),
  PRIMARY KEY (station, id)
);
CREATE INDEX incidents_by_time ON gridbeat.incidents (station, reported_at, id);
CREATE INDEX incidents_geom ON gridbeat.incidents USING gist (geom);

CREATE TABLE gridbeat.tracks (
  station integer NOT NULL REFERENCES gridbeat.stations,
  at timestamptz NOT NULL,
  unit text NOT NULL,
  simulated boolean NOT NULL,
  accuracy_metres double precision, -- null when unknown
  geom geometry(Point, 4326),
  PRIMARY KEY (station, at, unit, simulated)
);

CREATE TABLE gridbeat.plans (
  station integer NOT NULL REFERENCES gridbeat.stations,
  id text NOT NULL CHECK (id <> ''),
  created_at timestamptz NOT NULL,
  edition integer, -- null when it was made for none
  district text NOT NULL,
  profile text NOT NULL,
  units text[] NOT NULL,
  depots jsonb NOT NULL, -- array of [lon, lat]
  shift_seconds double precision NOT NULL,
  seed text NOT NULL, -- 64 bits without a sign
  street_metres double precision NOT NULL,
  route_metres double precision NOT NULL,
  shifts integer NOT NULL,
  bound_seconds double precision, -- null when unknown
  note text NOT NULL,
  made bigint GENERATED ALWAYS AS IDENTITY, -- orders plans of the same moment
  PRIMARY KEY (station, id)
);

CREATE TABLE gridbeat.patrols (
  station integer NOT NULL,
  plan text NOT NULL,
  route integer NOT NULL, -- 1, 2, ... in the plan's order
  unit text NOT NULL,
  shift integer NOT NULL,
  metres double precision NOT NULL,
  seconds double precision NOT NULL,
  depot jsonb NOT NULL, -- [lon, lat]
  steps jsonb NOT NULL,
  geom geometry(LineString, 4326),
  PRIMARY KEY (station, plan, route),
  FOREIGN KEY (station, plan) REFERENCES gridbeat.plans
);
CREATE INDEX patrols_geom ON gridbeat.patrols USING gist (geom);

CREATE TABLE gridbeat.missed (
  station integer NOT NULL,
  plan text NOT NULL,
  piece integer NOT NULL, -- 1, 2, ... in the plan's order
  street text NOT NULL,
  name text NOT NULL,
  reason text NOT NULL,
  geom geometry(LineString, 4326),
  PRIMARY KEY (station, plan, piece),
  FOREIGN KEY (station, plan) REFERENCES gridbeat.plans
);

-- +goose Down
DROP TABLE gridbeat.missed, gridbeat.patrols, gridbeat.plans, gridbeat.tracks, gridbeat.incidents, gridbeat.people;
