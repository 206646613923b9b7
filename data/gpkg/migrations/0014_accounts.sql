-- Who may use the station. Of passwords and tokens only digests are kept. The tables are
-- not in gpkg_contents: GIS programs do not list them.
CREATE TABLE users (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  login TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  grid TEXT NOT NULL,
  language TEXT NOT NULL,
  person TEXT NOT NULL,
  password TEXT NOT NULL, -- argon2id digest, empty for none
  disabled BOOLEAN NOT NULL,
  created_at DATETIME NOT NULL
);

CREATE TABLE tokens (
  fid INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  user TEXT NOT NULL REFERENCES users (id),
  name TEXT NOT NULL,
  digest TEXT NOT NULL UNIQUE, -- SHA-256 of the secret
  scope TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  expires_at DATETIME NOT NULL,
  revoked_at DATETIME -- null until then
);
