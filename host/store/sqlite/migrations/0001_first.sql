-- Where a job stands is a row in exactly one of ready, parked and finished. The job row says what
-- was asked for and is not written again on the hot path. Instants are milliseconds since 1970 in
-- UTC, durations are milliseconds, codes are the numbers of the enumerations in host/core.

CREATE TABLE store (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    identity BLOB NOT NULL CHECK (length(identity) = 16)
) STRICT;
INSERT INTO store VALUES (1, randomblob(16));

-- One row for each start of a host on this file. The epoch is the upper part of every token.
CREATE TABLE boot (
    epoch INTEGER PRIMARY KEY,
    opened_at INTEGER NOT NULL,
    node BLOB CHECK (length(node) = 16),
    name TEXT NOT NULL DEFAULT '',
    probed_at INTEGER
) STRICT;

-- Jobs in each status, `running` left out, and the last key given to a job.
CREATE TABLE counter (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counter VALUES
    ('queuing', 0), ('failed_retry', 0), ('paused', 0), ('stopped', 0), ('completed', 0),
    ('last_key', 0);

-- A class of jobs that the same nodes can run. `labels` is a JSON object with sorted names.
CREATE TABLE lane (
    id INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    labels TEXT NOT NULL,
    UNIQUE (type, labels)
) STRICT;

CREATE TABLE job (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    tenant INTEGER NOT NULL DEFAULT 0,
    lane INTEGER NOT NULL REFERENCES lane,
    kind INTEGER NOT NULL,
    source INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    max_tries INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    begin_at INTEGER,
    timeout INTEGER,
    name TEXT,
    grp TEXT NOT NULL,
    description TEXT NOT NULL,
    args TEXT NOT NULL
) STRICT;

-- A name belongs to one stored job of its tenant and group.
CREATE TABLE name_key (
    tenant INTEGER NOT NULL,
    name TEXT NOT NULL,
    grp TEXT NOT NULL,
    job INTEGER NOT NULL REFERENCES job,
    PRIMARY KEY (tenant, name, grp)
) STRICT, WITHOUT ROWID;

-- The queue: what could run now, held or not. `rank` folds priority and tries; less runs first.
CREATE TABLE ready (
    lane INTEGER NOT NULL REFERENCES lane,
    rank INTEGER NOT NULL,
    due INTEGER NOT NULL,
    job INTEGER NOT NULL REFERENCES job,
    tries INTEGER NOT NULL,
    crashes INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    PRIMARY KEY (lane, rank, due, job)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX ready_job ON ready (job);
CREATE INDEX ready_retry ON ready (job) WHERE tries > 0;

-- What waits for something else than a free place. `why`: 1 its time, 2 its next try, 3 paused,
-- 4 stopped. `until` is set for what the clock ends.
CREATE TABLE parked (
    job INTEGER PRIMARY KEY REFERENCES job,
    why INTEGER NOT NULL,
    until INTEGER,
    lane INTEGER NOT NULL REFERENCES lane,
    rank INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    crashes INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    parked_at INTEGER NOT NULL,
    abandoned INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    CHECK ((until IS NOT NULL) = (why IN (1, 2)))
) STRICT;
CREATE INDEX parked_until ON parked (until) WHERE until IS NOT NULL;
CREATE INDEX parked_why ON parked (why, job);

CREATE TABLE finished (
    job INTEGER PRIMARY KEY REFERENCES job,
    ended_at INTEGER NOT NULL
) STRICT;

-- What runs longer than a second, for the case that the machine loses power.
CREATE TABLE running (
    job INTEGER PRIMARY KEY REFERENCES job,
    token INTEGER NOT NULL,
    started_at INTEGER NOT NULL
) STRICT;

-- What somebody wants of a job that is held: 1 its end.
CREATE TABLE intent (
    job INTEGER PRIMARY KEY REFERENCES job,
    want INTEGER NOT NULL,
    asked_at INTEGER NOT NULL
) STRICT;

CREATE TABLE attempt (
    job INTEGER NOT NULL REFERENCES job,
    token INTEGER NOT NULL,
    number INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    PRIMARY KEY (job, token)
) STRICT, WITHOUT ROWID;

-- Of attempts that failed or gave a result.
CREATE TABLE attempt_text (
    job INTEGER NOT NULL REFERENCES job,
    token INTEGER NOT NULL,
    category INTEGER,
    hint INTEGER,
    retry_after INTEGER,
    type TEXT,
    code INTEGER,
    message TEXT,
    details TEXT,
    result TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (job, token)
) STRICT, WITHOUT ROWID;

-- `part`: 0 the beginning, 1 the end. `chunks` is packed by outputs.cpp.
CREATE TABLE output (
    job INTEGER NOT NULL REFERENCES job,
    token INTEGER NOT NULL,
    part INTEGER NOT NULL,
    dropped INTEGER NOT NULL,
    chunks BLOB NOT NULL,
    PRIMARY KEY (job, token, part)
) STRICT;
