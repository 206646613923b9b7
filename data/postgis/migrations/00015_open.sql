-- +goose Up
-- The newest of the open incidents are what screens ask for; among many closed ones a
-- page of all incidents finds few of them.
CREATE INDEX incidents_open ON gridbeat.incidents (station, reported_at, id COLLATE "C")
  WHERE state NOT IN ('closed', 'duplicate', 'referred');

-- +goose Down
DROP INDEX gridbeat.incidents_open;
