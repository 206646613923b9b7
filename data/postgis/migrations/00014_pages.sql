-- +goose Up
-- Pages of incidents go by time and then by the bytes of the id, whatever the database's
-- language: only an index of the same order serves them.
CREATE INDEX incidents_by_page ON gridbeat.incidents (station, reported_at, id COLLATE "C");
DROP INDEX gridbeat.incidents_by_time;

-- +goose Down
CREATE INDEX incidents_by_time ON gridbeat.incidents (station, reported_at, id);
DROP INDEX gridbeat.incidents_by_page;
