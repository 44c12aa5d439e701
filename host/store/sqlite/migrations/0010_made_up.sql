-- Periods from before a recurring job was made that a backfill went through: an occurrence in one of
-- them that has neither child nor record is not one that nobody dealt with.
CREATE TABLE made_up (
    job INTEGER NOT NULL REFERENCES job,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (job, first, last)
) STRICT, WITHOUT ROWID;
