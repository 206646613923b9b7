-- +goose Up
-- What was done by hand to each draft, and the pieces of ground that grids are made of.
CREATE TABLE gridbeat.draft_edits (
  station integer NOT NULL,
  draft text NOT NULL,
  number integer NOT NULL, -- 1, 2, ... in their order
  version integer NOT NULL, -- of the draft, that the edit led to
  at timestamptz NOT NULL,
  actor text NOT NULL,
  edit text NOT NULL, -- JSON array of one edit
  inverse text NOT NULL, -- JSON array of what undoes it
  PRIMARY KEY (station, draft, number),
  FOREIGN KEY (station, draft) REFERENCES gridbeat.drafts ON DELETE CASCADE
);

CREATE TABLE gridbeat.blocks (
  station integer NOT NULL REFERENCES gridbeat.stations,
  id text NOT NULL,
  district text NOT NULL,
  community text NOT NULL,
  compound text NOT NULL,
  households integer NOT NULL,
  geom geometry(Polygon, 4326),
  PRIMARY KEY (station, id)
);
CREATE INDEX blocks_geom ON gridbeat.blocks USING gist (geom);

-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['draft_edits', 'blocks'] LOOP
    EXECUTE format('ALTER TABLE gridbeat.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE gridbeat.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_station ON gridbeat.%I TO gridbeat_app, CURRENT_USER USING (station = (SELECT gridbeat.current_station()))', name);
  END LOOP;
END $$;
-- +goose StatementEnd
GRANT SELECT, INSERT ON gridbeat.draft_edits TO gridbeat_app; -- only ever added to
GRANT SELECT, INSERT, UPDATE, DELETE ON gridbeat.blocks TO gridbeat_app;

CREATE POLICY own_reader ON gridbeat.blocks FOR SELECT TO gridbeat_gis USING (station = (SELECT gridbeat.reader_station()));
CREATE VIEW gridbeat.layer_blocks WITH (security_invoker = true) AS
  SELECT id, district, community, compound, households, geom FROM gridbeat.blocks;
GRANT SELECT ON gridbeat.layer_blocks TO gridbeat_app, gridbeat_gis;
GRANT SELECT ON gridbeat.blocks TO gridbeat_gis;

-- +goose Down
DROP VIEW gridbeat.layer_blocks;
DROP TABLE gridbeat.blocks, gridbeat.draft_edits;
