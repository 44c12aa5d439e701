-- The calendars that a recurring job respects: their names, as a JSON array.
ALTER TABLE plan ADD COLUMN calendars TEXT NOT NULL DEFAULT '[]';
