-- The preset that had a say when the job was made or replaced; empty when none had.
ALTER TABLE job ADD COLUMN preset TEXT NOT NULL DEFAULT '';
