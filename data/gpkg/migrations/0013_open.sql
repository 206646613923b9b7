-- The newest of the open incidents are what screens ask for; among many closed ones a
-- page of all incidents finds few of them.
CREATE INDEX incidents_open ON incidents (reported_at, id) WHERE state NOT IN ('closed', 'duplicate', 'referred');
