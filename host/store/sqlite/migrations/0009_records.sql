-- Records of occurrences that did not run are removed when they are old enough, the oldest first.
CREATE INDEX not_run_last ON not_run (last, recorded_at);
