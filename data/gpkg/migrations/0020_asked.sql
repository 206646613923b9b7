-- What a plan was asked for beyond its units and depots: patrol.Asked as JSON.
ALTER TABLE plans ADD COLUMN asked TEXT NOT NULL DEFAULT '{}';
