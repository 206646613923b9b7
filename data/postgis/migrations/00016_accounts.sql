-- +goose Up
-- Who may use a station. Of passwords and tokens only digests are kept.
CREATE TABLE gridbeat.users (
  station integer NOT NULL REFERENCES gridbeat.stations,
  id text NOT NULL,
  version integer NOT NULL,
  login text NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  grid text NOT NULL,
  language text NOT NULL,
  person text NOT NULL,
  password text NOT NULL, -- argon2id digest, empty for none
  disabled boolean NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (station, id),
  UNIQUE (station, login)
);

CREATE TABLE gridbeat.tokens (
  station integer NOT NULL REFERENCES gridbeat.stations,
  id text NOT NULL,
  version integer NOT NULL,
  user_id text NOT NULL,
  name text NOT NULL,
  digest text NOT NULL, -- SHA-256 of the secret
  scope text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz, -- null until then
  PRIMARY KEY (station, id),
  UNIQUE (station, digest),
  FOREIGN KEY (station, user_id) REFERENCES gridbeat.users
);
CREATE INDEX tokens_by_user ON gridbeat.tokens (station, user_id);

-- +goose StatementBegin
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['users', 'tokens'] LOOP
    EXECUTE format('ALTER TABLE gridbeat.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE gridbeat.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_station ON gridbeat.%I TO gridbeat_app, CURRENT_USER USING (station = (SELECT gridbeat.current_station()))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON gridbeat.%I TO gridbeat_app', name);
  END LOOP;
END $$;
-- +goose StatementEnd

-- +goose Down
DROP TABLE gridbeat.tokens, gridbeat.users;
