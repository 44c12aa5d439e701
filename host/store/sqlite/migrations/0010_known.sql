-- From here on a recurring job was planned or made up for; NULL: since it was made. An occurrence
-- after it that has neither child nor record is not one that nobody dealt with.
ALTER TABLE plan ADD COLUMN known_from INTEGER;
