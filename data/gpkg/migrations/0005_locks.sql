-- A grid that a planner locked stays as it is in a re-plan.
ALTER TABLE draft_grids ADD COLUMN locked BOOLEAN NOT NULL DEFAULT 0;
ALTER TABLE grids ADD COLUMN locked BOOLEAN NOT NULL DEFAULT 0;
