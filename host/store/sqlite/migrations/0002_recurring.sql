-- Recurring jobs. They never run themselves: each occurrence is a job of its own, a child. So a
-- recurring job stands in `plan` and in none of the places of the others.

ALTER TABLE job ADD COLUMN parent INTEGER REFERENCES job;
ALTER TABLE job ADD COLUMN nominal INTEGER;
CREATE INDEX job_parent ON job (parent) WHERE parent IS NOT NULL;
CREATE UNIQUE INDEX job_occurrence ON job (parent, nominal) WHERE nominal IS NOT NULL;

-- `last`: every occurrence up to it has its child or its record. `next_due` is set while the job is
-- armed and something is left to come.
CREATE TABLE plan (
    job INTEGER PRIMARY KEY REFERENCES job,
    status INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    abandoned INTEGER NOT NULL DEFAULT 0,
    next_due INTEGER,
    last INTEGER NOT NULL,
    resumed_at INTEGER,
    last_fired INTEGER,
    ran INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    cron TEXT NOT NULL,
    days INTEGER NOT NULL,
    zone TEXT NOT NULL,
    interval INTEGER NOT NULL,
    end_at INTEGER,
    max_count INTEGER NOT NULL,
    misfire INTEGER NOT NULL,
    misfire_limit INTEGER NOT NULL,
    catch_up INTEGER,
    overlap INTEGER NOT NULL,
    lock_timeout INTEGER NOT NULL,
    jitter INTEGER NOT NULL,
    occurrence_tries INTEGER NOT NULL,
    CHECK (next_due IS NULL OR status = 5)
) STRICT;
CREATE INDEX plan_due ON plan (next_due) WHERE next_due IS NOT NULL;
CREATE INDEX plan_status ON plan (status, job);

-- Children that are not over. `gated`: parked until the others of its parent are over.
CREATE TABLE live_child (
    job INTEGER PRIMARY KEY REFERENCES job,
    parent INTEGER NOT NULL REFERENCES job,
    gated INTEGER NOT NULL,
    occurrence INTEGER NOT NULL
) STRICT;
CREATE INDEX live_child_parent ON live_child (parent, gated, job);

-- Occurrences that did not run. One row for those in a row with one reason; when `counted` is 0
-- there were more than `count`, and `last` is a bound.
CREATE TABLE not_run (
    parent INTEGER NOT NULL REFERENCES job,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    count INTEGER NOT NULL,
    counted INTEGER NOT NULL,
    verdict INTEGER NOT NULL,
    rule TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (parent, first)
) STRICT, WITHOUT ROWID;
