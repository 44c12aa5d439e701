-- `parked.why` may be 5 from here on: the job is disabled. `intent.want` is one of core::Want; 0 says
-- that the job was changed while somebody held it, so that its landing reads it again.

ALTER TABLE job ADD COLUMN enabled INTEGER NOT NULL DEFAULT 1;
