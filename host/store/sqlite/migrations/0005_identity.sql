-- Who asked for a job, the word by which the outside world knows it, and when it is too late for it.

ALTER TABLE job ADD COLUMN creator TEXT NOT NULL DEFAULT '';
ALTER TABLE job ADD COLUMN unique_key TEXT;
ALTER TABLE job ADD COLUMN end_at INTEGER;
CREATE UNIQUE INDEX job_unique_key ON job (tenant, unique_key) WHERE unique_key IS NOT NULL;
