-- +goose Up
-- What a plan was asked for beyond its units and depots: patrol.Asked.
ALTER TABLE gridbeat.plans ADD COLUMN asked jsonb NOT NULL DEFAULT '{}';

-- +goose Down
ALTER TABLE gridbeat.plans DROP COLUMN asked;
