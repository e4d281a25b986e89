-- Fencepost, schema 1, part 2: keys and the log of commits.
--
-- Look at the views current_values, history, commits and versions. To edit by hand, use the view current_values (INSERT,
-- UPDATE, DELETE).

CREATE TABLE log (
  -- The commits and the versions that they wrote, in order. Only ever appended to. A commit that writes one version, as
  -- most do, is one row. Any other commit is a first row without a version, and a row for each version.
  id INTEGER PRIMARY KEY,      -- counts the rows; that of the first row of a commit is the sequence of the commit
  part INTEGER NOT NULL CHECK (part >= 0),           -- the number of rows of the same commit before this one
  remaining INTEGER NOT NULL CHECK (remaining >= 0), -- the number of rows of the same commit after this one
  -- The first row of a commit has these, the other rows do not.
  process INTEGER REFERENCES processes (id),
  process_commit_number INTEGER, -- counts the commits of the process; with it, the name of the commit
  agent TEXT,
  committed_at INTEGER,
  event_count INTEGER NOT NULL CHECK (event_count >= 0),
  -- A row with a version has these. Those of a pruned version are NULL, except for the key.
  key_id INTEGER REFERENCES keys (id),
  version INTEGER,
  epoch INTEGER,               -- of the key's claim under which it was written; NULL if it was not claimed
  previous_id INTEGER REFERENCES log (id), -- the row of the key's version before; NULL for version 1
  value TEXT                   -- NULL for a tombstone: the key was deleted
    CONSTRAINT "a value is text without NUL" CHECK (instr(CAST(value AS BLOB), x'00') = 0),
  CONSTRAINT "the first row of a commit names it, and other rows have versions" CHECK (iif(part = 0,
    process IS NOT NULL AND process_commit_number IS NOT NULL AND agent IS NOT NULL AND committed_at IS NOT NULL
      AND (remaining = 0 OR key_id IS NULL),
    coalesce(process, process_commit_number, agent, committed_at) IS NULL AND key_id IS NOT NULL AND event_count = 0)),
  CONSTRAINT "a version has a key" CHECK ((key_id IS NOT NULL OR version IS NULL)
    AND (version IS NOT NULL OR coalesce(epoch, previous_id, value) IS NULL))
) STRICT;

CREATE TABLE keys (
  -- One row for each key that was ever written or claimed, with its newest version and its present epoch.
  id INTEGER PRIMARY KEY CONSTRAINT "keys are numbered from 1" CHECK (id > 0),
  key TEXT NOT NULL UNIQUE
    CONSTRAINT "a key has 1 to 512 bytes and no control characters" CHECK (
      length(CAST(key AS BLOB)) BETWEEN 1 AND 512
      AND instr(CAST(key AS BLOB), x'00') = 0
      AND key NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
  version INTEGER NOT NULL DEFAULT 0,
  has_value INTEGER NOT NULL DEFAULT 0, -- 1 if the newest version has a value, 0 if it is a tombstone or there is none
  sequence INTEGER NOT NULL DEFAULT 0, -- of the newest version
  latest_version_id INTEGER REFERENCES log (id),
  epoch INTEGER NOT NULL DEFAULT 0,    -- grows with each change of ownership; never falls
  claim_id INTEGER REFERENCES claims (id) -- the claim that holds the key now
) STRICT;

-- Every fourth version of a key, with its row. From there, at most three steps lead back to any other version.
CREATE INDEX log_every_fourth_version ON log (key_id, version) WHERE version & 3 = 0;

CREATE INDEX keys_claimed ON keys (claim_id) WHERE claim_id IS NOT NULL;

CREATE VIEW commits AS
  -- Every commit. Its sequence grows; it is the number of its first row in the log, so numbers are left out.
  SELECT id AS sequence, process, process_commit_number, agent, committed_at,
    iif(key_id IS NULL, remaining, 1) AS version_count, event_count
  FROM log WHERE part = 0;

CREATE VIEW versions AS
  -- Every version that is kept, with its row in the log and the sequence of its commit.
  SELECT id, key_id, version, id - part AS sequence, epoch, previous_id, value FROM log WHERE version IS NOT NULL;

CREATE VIEW current_values AS
  -- The value of each key now. Writable: INSERT (key, value), UPDATE value, DELETE.
  SELECT k.key, v.value, k.version, k.sequence, c.agent AS writer,
    strftime('%Y-%m-%dT%H:%M:%fZ', c.committed_at / 1000.0, 'unixepoch') AS committed_at
  FROM keys k JOIN versions v ON v.id = k.latest_version_id JOIN commits c ON c.sequence = k.sequence
  WHERE k.has_value;

CREATE VIEW internal_chains AS
  -- The rows of the versions of each key, by which a key's history is found without reading the log: from every fourth
  -- version and from the newest, up to three steps back.
  SELECT s.key_id, CASE b.column1 WHEN 0 THEN s.id WHEN 1 THEN s.previous_id
    WHEN 2 THEN (SELECT previous_id FROM log WHERE id = s.previous_id)
    ELSE (SELECT o.previous_id FROM log p JOIN log o ON o.id = p.previous_id WHERE p.id = s.previous_id) END AS log_id
  FROM (VALUES (0), (1), (2), (3)) b JOIN log s WHERE s.version & 3 = 0
  UNION ALL
  SELECT k.id, CASE b.column1 WHEN 0 THEN s.id WHEN 1 THEN s.previous_id
    ELSE (SELECT previous_id FROM log WHERE id = s.previous_id) END
  FROM (VALUES (0), (1), (2)) b JOIN keys k JOIN log s ON s.id = k.latest_version_id WHERE b.column1 < k.version & 3;

CREATE VIEW history AS
  -- Every version of every key.
  SELECT k.key, v.version, v.sequence, v.value, v.value IS NULL AS deleted, c.agent AS writer, v.epoch,
    strftime('%Y-%m-%dT%H:%M:%fZ', c.committed_at / 1000.0, 'unixepoch') AS committed_at
  FROM keys k JOIN internal_chains h ON h.key_id = k.id JOIN versions v ON v.id = h.log_id
    JOIN commits c ON c.sequence = v.sequence;

-- A commit is complete when its rows and events are there. The last event of a commit has the highest number. Events may
-- have been pruned since.
CREATE VIEW incomplete_commits AS
  -- The newest commit, if some of its versions or events are missing.
  SELECT l.id - l.part AS sequence FROM log l JOIN log c ON c.id = l.id - l.part
  WHERE l.id = (SELECT max(id) FROM log)
    AND (l.remaining > 0 OR (c.event_count > 0 AND NOT EXISTS (SELECT 1 FROM events e
        WHERE e.id = (SELECT max(id) FROM events) + 1 - c.event_count AND e.sequence = c.id)
      AND NOT EXISTS (SELECT 1 FROM streams h WHERE h.pruned_through > 0 AND h.pruned_through >= c.id)));

-- The condition is cheap for the usual commit: one version, after a commit of one row without events. A row without a
-- number of remaining rows is never inserted, and is not checked.
CREATE TRIGGER log_insert_commit_check BEFORE INSERT ON log
WHEN NEW.part IS 0 AND NEW.remaining IS NOT NULL AND (NEW.key_id IS NULL OR NEW.version IS NOT NULL) AND (
  NOT EXISTS (SELECT 1 FROM log WHERE id = NEW.id - 1 AND part = 0 AND remaining = 0 AND event_count = 0)
  OR EXISTS (SELECT 1 FROM log WHERE id >= NEW.id)
  OR NOT EXISTS (SELECT 1 FROM processes WHERE id = NEW.process)
  OR NEW.committed_at NOT BETWEEN 0 AND 253402300799999
  OR NEW.agent GLOB '*[^ -~]*' OR length(NEW.agent) NOT BETWEEN 1 AND 128
  OR (NEW.process = 0 AND (NEW.key_id IS NOT NULL OR NEW.remaining + NEW.event_count > 1)))
BEGIN
  SELECT RAISE(ABORT, 'fencepost: the newest commit is incomplete, see the view incomplete_commits; restore a backup, or insert what it lacks')
  WHERE EXISTS (SELECT 1 FROM incomplete_commits);
  SELECT RAISE(ABORT, 'fencepost: commits are numbered, each by a known process; edit through the view current_values')
  WHERE NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM log)
    OR NOT EXISTS (SELECT 1 FROM processes WHERE id = NEW.process);
  SELECT RAISE(ABORT, 'fencepost: a time is in milliseconds since 1970, and not after the year 9999')
  WHERE NEW.committed_at NOT BETWEEN 0 AND 253402300799999;
  SELECT RAISE(ABORT, 'fencepost: an agent has a name of 1 to 128 bytes without control characters')
  WHERE length(CAST(NEW.agent AS BLOB)) NOT BETWEEN 1 AND 128 OR instr(CAST(NEW.agent AS BLOB), x'00')
    OR NEW.agent GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*';
  SELECT RAISE(ABORT, 'fencepost: an edit by hand has one version or one event; edit through the views current_values and event_log')
  WHERE NEW.process = 0 AND (NEW.key_id IS NOT NULL OR NEW.remaining + NEW.event_count > 1);
  INSERT INTO internal_wellformed (text)
  SELECT NEW.agent WHERE NEW.agent IS NOT (SELECT agent FROM commits ORDER BY sequence DESC LIMIT 1);
END;

CREATE TRIGGER log_insert_part_check BEFORE INSERT ON log
WHEN NEW.part IS NOT 0 AND (NEW.key_id IS NULL OR NEW.version IS NOT NULL)
  AND NOT (NEW.id IS (SELECT max(id) + 1 FROM log)
    AND EXISTS (SELECT 1 FROM log WHERE id = NEW.id - 1 AND part = NEW.part - 1 AND remaining = NEW.remaining + 1))
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history is only appended to, and a complete commit does not change; edit through the view current_values');
END;

CREATE TRIGGER log_insert_version_check BEFORE INSERT ON log
WHEN NEW.key_id IS NOT NULL AND NEW.version IS NOT NULL AND NEW.remaining IS NOT NULL
  AND (NOT EXISTS (SELECT 1 FROM keys k WHERE k.id = NEW.key_id
    AND k.version = NEW.version - 1 AND k.latest_version_id IS NEW.previous_id AND k.sequence < NEW.id - NEW.part
    AND NEW.epoch IS iif(k.claim_id IS NULL, NULL, k.epoch))
  OR length(CAST(NEW.value AS BLOB)) > 536870912
  OR (NEW.part <> 0 AND (SELECT process FROM log WHERE id = NEW.id - NEW.part) = 0))
BEGIN
  SELECT RAISE(ABORT, 'fencepost: versions step by one, from the newest; edit through the view current_values')
  WHERE NOT EXISTS (SELECT 1 FROM keys WHERE id = NEW.key_id AND version + 1 = NEW.version
    AND latest_version_id IS NEW.previous_id);
  SELECT RAISE(ABORT, 'fencepost: a commit has one version of a key; edit through the view current_values')
  WHERE NEW.id - NEW.part IS (SELECT sequence FROM keys WHERE id = NEW.key_id);
  SELECT RAISE(ABORT, 'fencepost: the key is claimed; see the view active_claims, or revoke the claim by deleting it there')
  WHERE NEW.epoch IS NOT (SELECT iif(claim_id IS NULL, NULL, epoch) FROM keys WHERE id = NEW.key_id);
  SELECT RAISE(ABORT, 'fencepost: a value has at most 536870912 bytes of UTF-8')
  WHERE length(CAST(NEW.value AS BLOB)) > 536870912;
  INSERT INTO internal_wellformed (text)
  SELECT NEW.value WHERE (SELECT process FROM log WHERE id = NEW.id - NEW.part) = 0;
END;

CREATE TRIGGER log_update_key AFTER INSERT ON log WHEN NEW.version IS NOT NULL
BEGIN
  UPDATE keys
    SET version = NEW.version, has_value = NEW.value IS NOT NULL, sequence = NEW.id - NEW.part,
      latest_version_id = NEW.id
  WHERE id = NEW.key_id;
END;

CREATE TRIGGER log_immutable BEFORE UPDATE ON log
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history does not change; write a new version through the view current_values');
END;

CREATE TRIGGER log_no_delete BEFORE DELETE ON log
WHEN NOT EXISTS (SELECT 1 FROM pruned_keys WHERE key_id = OLD.key_id AND oldest_version > OLD.version)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history only grows; to prune old versions, INSERT the key and oldest_version into the view prunes');
END;

-- A row whose version was pruned stays without it, since it may be that of a commit. It is deleted and inserted again,
-- because SQLite joins the pages of deleted rows.
CREATE TRIGGER log_keep_pruned_row AFTER DELETE ON log
BEGIN
  INSERT INTO log (id, part, remaining, process, process_commit_number, agent, committed_at, event_count, key_id)
  VALUES (OLD.id, OLD.part, OLD.remaining, OLD.process, OLD.process_commit_number, OLD.agent, OLD.committed_at,
    OLD.event_count, OLD.key_id);
END;

CREATE TRIGGER log_insert_pruned_check BEFORE INSERT ON log
WHEN NEW.key_id IS NOT NULL AND NEW.version IS NULL
  AND (EXISTS (SELECT 1 FROM log WHERE id = NEW.id) OR NOT EXISTS (SELECT 1 FROM log WHERE id > NEW.id)
    OR NOT EXISTS (SELECT 1 FROM pruned_keys WHERE key_id = NEW.key_id))
BEGIN
  SELECT RAISE(ABORT, 'fencepost: versions step by one, from the newest; edit through the view current_values');
END;

CREATE TRIGGER keys_insert_check BEFORE INSERT ON keys
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a key begins once, at version 0 and epoch 0; edit through the view current_values')
  WHERE NEW.version <> 0 OR NEW.has_value <> 0 OR NEW.sequence <> 0 OR NEW.latest_version_id IS NOT NULL
    OR NEW.epoch <> 0
    OR NEW.claim_id IS NOT NULL OR EXISTS (SELECT 1 FROM keys WHERE key = NEW.key OR id = NEW.id);
  SELECT RAISE(ABORT, 'fencepost: a key is text of 1 to 512 bytes without control characters')
  WHERE typeof(NEW.key) <> 'text' OR length(CAST(NEW.key AS BLOB)) NOT BETWEEN 1 AND 512
    OR instr(CAST(NEW.key AS BLOB), x'00') > 0 OR NEW.key GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*';
END;

-- Not 'UPDATE OF': that does not notice a number that is changed by its other name, rowid.
CREATE TRIGGER keys_name_immutable BEFORE UPDATE ON keys WHEN NEW.id <> OLD.id OR NEW.key IS NOT OLD.key
BEGIN
  SELECT RAISE(ABORT, 'fencepost: keys are not renamed; insert and delete through the view current_values');
END;

CREATE TRIGGER keys_no_delete BEFORE DELETE ON keys
BEGIN
  SELECT RAISE(ABORT, 'fencepost: keys are part of history, which only grows; delete from the view current_values');
END;

CREATE TRIGGER keys_version_check BEFORE UPDATE OF version, has_value, sequence, latest_version_id ON keys
WHEN NEW.version <> OLD.version + 1 OR NOT EXISTS (
  SELECT 1 FROM log v WHERE v.id = NEW.latest_version_id AND v.key_id = OLD.id AND v.version = NEW.version
    AND v.id - v.part = NEW.sequence AND v.previous_id IS OLD.latest_version_id
    AND (v.value IS NOT NULL) = NEW.has_value)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: versions step by one, with their history; edit through the view current_values');
END;

-- An adoption also raises the epochs of free keys.
CREATE TRIGGER keys_claim_check BEFORE UPDATE OF epoch, claim_id ON keys
BEGIN
  SELECT RAISE(ABORT, 'fencepost: epochs never fall') WHERE NEW.epoch < OLD.epoch;
  SELECT RAISE(ABORT, 'fencepost: a claim is taken only on a free key, with the next epoch; use claim or revoke')
  WHERE NEW.claim_id IS NOT NULL AND (OLD.claim_id IS NOT NULL OR NEW.epoch <> OLD.epoch + 1 OR NOT EXISTS (
    SELECT 1 FROM claims g JOIN claim_keys gk ON gk.claim_id = g.id
    WHERE g.id = NEW.claim_id AND g.ended_by_commit IS NULL AND gk.key_id = OLD.id AND gk.epoch = NEW.epoch));
  SELECT RAISE(ABORT, 'fencepost: the epoch of a key changes only with its claim; to end a claim by hand, delete it from the view active_claims')
  WHERE NEW.claim_id IS NULL AND iif(OLD.claim_id IS NULL,
    NOT EXISTS (SELECT 1 FROM store s JOIN former_stores f ON f.store_id = s.store_id),
    NOT EXISTS (SELECT 1 FROM claims g WHERE g.id = OLD.claim_id
      AND NEW.epoch = OLD.epoch + (g.end_reason <> 'released')));
END;

CREATE TRIGGER keys_number_check AFTER INSERT ON keys
WHEN NEW.id > 1 + (SELECT coalesce(max(id), 0) FROM keys WHERE id <> NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: keys are numbered one after the other; leave the number out');
END;

CREATE TRIGGER keys_text_check BEFORE INSERT ON keys WHEN NEW.key GLOB '*[^ -~]*'
BEGIN
  INSERT INTO internal_wellformed (text) VALUES (NEW.key);
END;

-- Edits through the views. The numbers of their commits are random, so that such a number and the process name the
-- commit even where a backup was restored and the file continued differently. Their texts are checked in full; the
-- library writes valid texts. The library's own keys cannot be written by hand.
CREATE TRIGGER current_values_insert INSTEAD OF INSERT ON current_values
BEGIN
  SELECT RAISE(ABORT, 'fencepost: only key and value can be given; version, writer and time follow by themselves')
  WHERE NEW.version IS NOT NULL OR NEW.sequence IS NOT NULL OR NEW.writer IS NOT NULL OR NEW.committed_at IS NOT NULL;
  SELECT RAISE(ABORT, 'fencepost: a key is text of 1 to 512 bytes without control characters')
  WHERE typeof(NEW.key) <> 'text';
  SELECT RAISE(ABORT, 'fencepost: keys that begin with fencepost: belong to the library; use another name')
  WHERE NEW.key GLOB 'fencepost:*';
  SELECT RAISE(ABORT, 'fencepost: the key has a value; UPDATE current_values instead')
  WHERE EXISTS (SELECT 1 FROM keys WHERE key = NEW.key AND has_value);
  SELECT RAISE(ABORT, 'fencepost: a value is text without NUL; to delete a key, DELETE FROM current_values')
  WHERE typeof(NEW.value) <> 'text' OR instr(CAST(NEW.value AS BLOB), x'00') > 0;
  INSERT INTO log (id, part, remaining, process, process_commit_number, agent, committed_at, event_count)
  SELECT coalesce(max(id), 0) + 1, 0, 1, 0, random() & 4611686018427387903 | 1, 'sql',
    (SELECT now FROM internal_clock), 0
  FROM log;
  UPDATE claims
  SET end_reason = (SELECT end_reason FROM internal_expired_claims WHERE claim_id = claims.id),
    ended_by_commit = (SELECT max(sequence) FROM commits)
  WHERE id = (
    SELECT l.claim_id FROM internal_expired_claims l JOIN keys k ON k.claim_id = l.claim_id WHERE k.key = NEW.key);
  INSERT INTO keys (key) SELECT NEW.key WHERE NOT EXISTS (SELECT 1 FROM keys WHERE key = NEW.key);
  INSERT INTO log (id, part, remaining, event_count, key_id, version, previous_id, value)
  SELECT (SELECT max(id) + 1 FROM log), 1, 0, 0, id, version + 1, latest_version_id, NEW.value FROM keys
  WHERE key = NEW.key;
END;

CREATE TRIGGER current_values_update INSTEAD OF UPDATE ON current_values
BEGIN
  SELECT RAISE(ABORT, 'fencepost: only the value can be edited; version, writer and time follow by themselves')
  WHERE NEW.key IS NOT OLD.key OR NEW.version IS NOT OLD.version OR NEW.sequence IS NOT OLD.sequence
    OR NEW.writer IS NOT OLD.writer OR NEW.committed_at IS NOT OLD.committed_at;
  SELECT RAISE(ABORT, 'fencepost: keys that begin with fencepost: belong to the library; use another name')
  WHERE OLD.key GLOB 'fencepost:*';
  SELECT RAISE(ABORT, 'fencepost: a value is text without NUL; to delete a key, DELETE FROM current_values')
  WHERE typeof(NEW.value) <> 'text' OR instr(CAST(NEW.value AS BLOB), x'00') > 0;
  INSERT INTO log (id, part, remaining, process, process_commit_number, agent, committed_at, event_count)
  SELECT coalesce(max(id), 0) + 1, 0, 1, 0, random() & 4611686018427387903 | 1, 'sql',
    (SELECT now FROM internal_clock), 0
  FROM log;
  UPDATE claims
  SET end_reason = (SELECT end_reason FROM internal_expired_claims WHERE claim_id = claims.id),
    ended_by_commit = (SELECT max(sequence) FROM commits)
  WHERE id = (
    SELECT l.claim_id FROM internal_expired_claims l JOIN keys k ON k.claim_id = l.claim_id WHERE k.key = OLD.key);
  INSERT INTO log (id, part, remaining, event_count, key_id, version, previous_id, value)
  SELECT (SELECT max(id) + 1 FROM log), 1, 0, 0, id, version + 1, latest_version_id, NEW.value FROM keys
  WHERE key = OLD.key;
END;

CREATE TRIGGER current_values_delete INSTEAD OF DELETE ON current_values
BEGIN
  INSERT INTO log (id, part, remaining, process, process_commit_number, agent, committed_at, event_count)
  SELECT coalesce(max(id), 0) + 1, 0, 1, 0, random() & 4611686018427387903 | 1, 'sql',
    (SELECT now FROM internal_clock), 0
  FROM log;
  UPDATE claims
  SET end_reason = (SELECT end_reason FROM internal_expired_claims WHERE claim_id = claims.id),
    ended_by_commit = (SELECT max(sequence) FROM commits)
  WHERE id = (
    SELECT l.claim_id FROM internal_expired_claims l JOIN keys k ON k.claim_id = l.claim_id WHERE k.key = OLD.key);
  INSERT INTO log (id, part, remaining, event_count, key_id, version, previous_id, value)
  SELECT (SELECT max(id) + 1 FROM log), 1, 0, 0, id, version + 1, latest_version_id, NULL FROM keys WHERE key = OLD.key;
END;
