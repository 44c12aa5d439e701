-- Jobs that the file of a host declares. `place` is where ("jobhost.toml:42"), and empty since the
-- file does not say so any more.
CREATE TABLE declaration (
    job INTEGER PRIMARY KEY REFERENCES job,
    host TEXT NOT NULL,
    place TEXT NOT NULL
) STRICT;
CREATE INDEX declaration_host ON declaration (host, job);
