-- Who did what the change log tells.
ALTER TABLE changes ADD COLUMN actor TEXT NOT NULL DEFAULT '';
