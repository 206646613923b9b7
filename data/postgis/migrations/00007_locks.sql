-- +goose Up
-- A grid that a planner locked stays as it is in a re-plan.
ALTER TABLE gridbeat.draft_grids ADD COLUMN locked boolean NOT NULL DEFAULT false;
ALTER TABLE gridbeat.grids ADD COLUMN locked boolean NOT NULL DEFAULT false;

-- +goose Down
ALTER TABLE gridbeat.grids DROP COLUMN locked;
ALTER TABLE gridbeat.draft_grids DROP COLUMN locked;
