-- What was done by hand to each draft, and the pieces of ground that grids are made of.
CREATE TABLE draft_edits (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  draft TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
  number INTEGER NOT NULL, -- 1, 2, ... in their order
  version INTEGER NOT NULL, -- of the draft, that the edit led to
  at DATETIME NOT NULL,
  actor TEXT NOT NULL,
  edit TEXT NOT NULL, -- JSON array of one edit
  inverse TEXT NOT NULL, -- JSON array of what undoes it
  UNIQUE (draft, number)
);

CREATE TABLE blocks (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  geom POLYGON,
  id TEXT NOT NULL UNIQUE,
  district TEXT NOT NULL,
  community TEXT NOT NULL,
  compound TEXT NOT NULL,
  households INTEGER NOT NULL
);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES
  ('draft_edits', 'attributes', 'draft_edits', '草案修改 what was done to drafts by hand');
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
  ('blocks', 'features', 'blocks', '街块 pieces of ground that grids are made of', 4326);
INSERT INTO gpkg_geometry_columns VALUES ('blocks', 'geom', 'POLYGON', 4326, 0, 0);
