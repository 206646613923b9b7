-- The row that tells the guard triggers whether a transaction of gridbeat's is writing.
-- The runner puts the triggers on every table that gpkg_contents names.
CREATE TABLE gridbeat_guard (writing BOOLEAN NOT NULL);
INSERT INTO gridbeat_guard VALUES (0);
