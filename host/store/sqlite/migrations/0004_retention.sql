-- What a job says about its retries, as JSON; NULL when it says nothing.
ALTER TABLE job ADD COLUMN retry TEXT;

-- Attempts that were snoozed one after the other share a row: the last of them. `repeats` is how
-- many they are, `since` when the first began, when they are more than one.
ALTER TABLE attempt ADD COLUMN repeats INTEGER NOT NULL DEFAULT 1;
ALTER TABLE attempt ADD COLUMN since INTEGER;

-- Attempts of a job that have no row of their own: those that share one, and those that were
-- dropped when there were too many. No row here means none.
CREATE TABLE history (
    job INTEGER PRIMARY KEY REFERENCES job,
    folded INTEGER NOT NULL DEFAULT 0,
    dropped INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What ended first goes first. An index of `finished` would cost every job something; instead each
-- transaction that completes jobs notes all of them, as a JSON array, beside the latest of their ends.
-- A job that is not there any more may still be noted.
CREATE TABLE ended (
    id INTEGER PRIMARY KEY,
    ended_at INTEGER NOT NULL,
    jobs TEXT NOT NULL
) STRICT;
CREATE INDEX ended_order ON ended (ended_at);
INSERT INTO ended (ended_at, jobs)
    SELECT max(ended_at), json_group_array(job)
    FROM (SELECT job, ended_at, row_number() OVER (ORDER BY ended_at, job) / 500 AS page FROM finished)
    GROUP BY page ORDER BY 1;
CREATE INDEX parked_stopped ON parked (parked_at) WHERE why = 4;

-- The rank follows from the priority that counts after so many tries.
UPDATE ready SET rank = (SELECT (25 - CASE
        WHEN max_tries < 2 OR ready.tries * 3 <= max_tries THEN priority
        WHEN ready.tries * 3 <= max_tries * 2 THEN min(priority, 10)
        ELSE min(priority, 5) END) / 5 * 64 + min(ready.tries, 63)
    FROM job WHERE key = ready.job)
WHERE tries > 0;
UPDATE parked SET rank = (SELECT (25 - CASE
        WHEN max_tries < 2 OR parked.tries * 3 <= max_tries THEN priority
        WHEN parked.tries * 3 <= max_tries * 2 THEN min(priority, 10)
        ELSE min(priority, 5) END) / 5 * 64 + min(parked.tries, 63)
    FROM job WHERE key = parked.job)
WHERE tries > 0;
