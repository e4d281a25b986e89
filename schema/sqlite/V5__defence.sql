-- Fencepost, schema 5: stricter rules for edits at a prompt, and the identity of a file's history.
--
-- Triggers of earlier schemas that a rule below replaces are dropped and created again.

-- Part 1: the identity of the history. A process has a random number, so that its number and the ordinal of a commit name
-- that commit in every copy of the file, however the copies went on.

DROP TRIGGER processes_begin;

CREATE TRIGGER processes_begin BEFORE INSERT ON processes
WHEN EXISTS (SELECT 1 FROM processes WHERE id = NEW.id)
  OR NOT (NEW.id BETWEEN 1 AND 9007199254740991 OR (NEW.id = 0 AND NOT EXISTS (SELECT 1 FROM processes)))
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a process has a new number from 1 to 9007199254740991, which does not change');
END;

-- Part 2: restored and adopted files.

-- Part 3: text, numbers and complete commits.

-- Part 4: processes, claims and their history.

-- Part 5: events, cursors and retention.

-- Part 6: sagas.
