-- Fencepost, schema 1, part 5: cursors of the change feed, and dead letters.
--
-- Look at the views cursor_status and parked.

CREATE TABLE cursors (
  -- One row for each cursor: a named position up to which a consumer has handled the changes.
  id INTEGER PRIMARY KEY,
  cursor TEXT NOT NULL UNIQUE CONSTRAINT "a cursor has a name" CHECK (length(cursor) > 0),
  key_id INTEGER NOT NULL REFERENCES keys (id),  -- the consumer holds a claim on this key
  source TEXT NOT NULL CHECK (source IN ('values', 'events', 'stream')),
  prefix TEXT NOT NULL,
  position INTEGER NOT NULL CHECK (position >= 0), -- everything up to this sequence is done
  moved_by_commit INTEGER NOT NULL REFERENCES log (id)
) STRICT;

CREATE TABLE cursor_progress (
  -- One row for each cursor in the middle of a commit, or at a change that has failed. Moving the cursor removes it.
  cursor_id INTEGER PRIMARY KEY REFERENCES cursors (id),
  -- the newest entry of the log that is done; 0 if none after the cursor is
  handled INTEGER NOT NULL CHECK (handled >= 0),
  attempts INTEGER NOT NULL CHECK (attempts >= 0) -- the number of times that the next change has failed
) STRICT;

CREATE TABLE dead_letters (
  -- One row for each change that a subscription gave up after its attempts. DELETE discards it.
  cursor_id INTEGER NOT NULL REFERENCES cursors (id),
  entry INTEGER NOT NULL,                         -- the row of the change in log or events
  name TEXT NOT NULL,                             -- of the key or stream
  number INTEGER NOT NULL,                        -- the version of the key, or the number of the event
  sequence INTEGER NOT NULL,                      -- of the commit that made the change
  writer TEXT NOT NULL,
  written_at INTEGER NOT NULL,
  event_id TEXT,                                  -- the ID of the event; NULL for a version
  schema_version INTEGER NOT NULL,
  body TEXT,                                      -- NULL for a deletion
  attempts INTEGER NOT NULL CHECK (attempts >= 1),
  reason TEXT NOT NULL,                           -- the last error
  parked_at INTEGER NOT NULL,
  PRIMARY KEY (cursor_id, entry)
) STRICT, WITHOUT ROWID;

CREATE VIEW cursor_status AS
  -- Every cursor, its consumer now, and the number of commits that it is behind.
  SELECT f.cursor, f.source, f.prefix, f.position,
    (SELECT count(*) FROM commits WHERE sequence > f.position) AS commits_behind, g.agent AS consumer, p.pid, k.epoch,
    strftime('%Y-%m-%dT%H:%M:%fZ', c.committed_at / 1000.0, 'unixepoch') AS moved_at
  FROM cursors f JOIN keys k ON k.id = f.key_id JOIN commits c ON c.sequence = f.moved_by_commit
    LEFT JOIN claims g ON g.id = k.claim_id LEFT JOIN processes p ON p.id = g.process;

CREATE VIEW parked AS
  -- Every dead letter with its cursor.
  SELECT f.cursor, d.entry, d.name, d.number, d.event_id, d.body, d.sequence, d.attempts, d.reason,
    strftime('%Y-%m-%dT%H:%M:%fZ', d.parked_at / 1000.0, 'unixepoch') AS parked_at
  FROM dead_letters d JOIN cursors f ON f.id = d.cursor_id;

CREATE TRIGGER cursors_insert_check BEFORE INSERT ON cursors
WHEN NEW.moved_by_commit IS NOT (SELECT max(sequence) FROM commits) OR NEW.position > NEW.moved_by_commit
  OR EXISTS (SELECT 1 FROM cursors WHERE id = NEW.id OR cursor = NEW.cursor)
  OR NEW.key_id IS NOT (SELECT id FROM keys WHERE key = 'fencepost:cursor:' || NEW.cursor)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a cursor begins once, with its key and the newest commit, at a place that there is');
END;

CREATE TRIGGER cursors_update_check BEFORE UPDATE ON cursors
WHEN NEW.id <> OLD.id OR NEW.cursor <> OLD.cursor OR NEW.key_id <> OLD.key_id OR NEW.source <> OLD.source
  OR NEW.prefix <> OLD.prefix OR NEW.moved_by_commit IS NOT (SELECT max(sequence) FROM commits)
  OR NEW.position > NEW.moved_by_commit OR NOT EXISTS (SELECT 1 FROM keys WHERE id = OLD.key_id
    AND claim_id IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a cursor is moved under the claim on its key, with the newest commit; use the command cursors');
END;

CREATE TRIGGER cursors_no_delete BEFORE DELETE ON cursors
WHEN EXISTS (SELECT 1 FROM keys WHERE id = OLD.key_id AND claim_id IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a consumer holds this cursor; see the view active_claims');
END;

CREATE TRIGGER cursors_number_check AFTER INSERT ON cursors
WHEN NEW.id > 1 + (SELECT coalesce(max(id), 0) FROM cursors WHERE id <> NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: cursors are numbered one after the other; leave the number out');
END;

CREATE TRIGGER cursors_text_check BEFORE INSERT ON cursors
WHEN (NEW.cursor || NEW.prefix) GLOB '*[^ -~]*' OR length(NEW.cursor) > 200 OR length(NEW.prefix) > 512
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a cursor has a name of 1 to 200 bytes, and a prefix of at most 512')
  WHERE length(CAST(NEW.cursor AS BLOB)) > 200 OR length(CAST(NEW.prefix AS BLOB)) > 512;
  INSERT INTO internal_wellformed (text) VALUES (NEW.cursor), (NEW.prefix);
END;

CREATE TRIGGER cursors_update_progress AFTER UPDATE ON cursors
BEGIN
  DELETE FROM cursor_progress WHERE cursor_id = NEW.id;
END;

CREATE TRIGGER cursors_delete_progress AFTER DELETE ON cursors
BEGIN
  DELETE FROM cursor_progress WHERE cursor_id = OLD.id;
END;

CREATE TRIGGER cursors_no_delete_of_dead_letters BEFORE DELETE ON cursors
WHEN EXISTS (SELECT 1 FROM dead_letters WHERE cursor_id = OLD.id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: the cursor has dead letters; take or discard them first, see the view parked');
END;

CREATE TRIGGER cursor_progress_insert_check BEFORE INSERT ON cursor_progress
WHEN NOT EXISTS (SELECT 1 FROM cursors f
  JOIN keys k ON k.id = f.key_id WHERE f.id = NEW.cursor_id AND k.claim_id IS NOT NULL)
  OR EXISTS (SELECT 1 FROM cursor_progress WHERE cursor_id = NEW.cursor_id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: the progress of a cursor is written under the claim on its key; use the command cursors');
END;

CREATE TRIGGER cursor_progress_immutable BEFORE UPDATE ON cursor_progress
BEGIN
  SELECT RAISE(ABORT, 'fencepost: the progress of a cursor changes only with the cursor; use the command cursors');
END;

CREATE TRIGGER cursor_progress_no_delete BEFORE DELETE ON cursor_progress
WHEN EXISTS (SELECT 1 FROM cursors f JOIN keys k ON k.id = f.key_id WHERE f.id = OLD.cursor_id AND k.claim_id IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: the progress of a cursor changes only with the cursor; use the command cursors');
END;

CREATE TRIGGER dead_letters_insert_check BEFORE INSERT ON dead_letters
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a change is parked under the claim on the key of its cursor')
  WHERE NOT EXISTS (
    SELECT 1 FROM cursors f JOIN keys k ON k.id = f.key_id WHERE f.id = NEW.cursor_id AND k.claim_id IS NOT NULL);
  SELECT RAISE(ABORT, 'fencepost: a cursor has at most 10000 dead letters; take or discard some first')
  WHERE (SELECT count(*) FROM dead_letters WHERE cursor_id = NEW.cursor_id) >= 10000;
END;

CREATE TRIGGER dead_letters_immutable BEFORE UPDATE ON dead_letters
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a dead letter does not change; DELETE discards it');
END;
