-- Fencepost, schema 1, part 2: keys, versions and commits.
--
-- Look at the views current_values and history. To edit by hand, use the view current_values (INSERT, UPDATE, DELETE).

CREATE TABLE commits (
  -- One row for each commit, in order. All that a commit changed carries its sequence.
  sequence INTEGER PRIMARY KEY,
  process INTEGER NOT NULL REFERENCES processes (id),
  process_commit_number INTEGER NOT NULL, -- counts the commits of the process; with it, the name of the commit
  agent TEXT NOT NULL,
  committed_at INTEGER NOT NULL,
  -- the number of its versions; given first, so that none can be added later
  version_count INTEGER NOT NULL CHECK (version_count >= 0),
  event_count INTEGER NOT NULL DEFAULT 0 CHECK (event_count >= 0)
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
  latest_version_id INTEGER REFERENCES versions (id),
  epoch INTEGER NOT NULL DEFAULT 0,    -- grows with each change of ownership; never falls
  claim_id INTEGER REFERENCES claims (id) -- the claim that holds the key now
) STRICT;

CREATE TABLE versions (
  -- One row for each version of each key, in the order of commits. Only ever appended to.
  id INTEGER PRIMARY KEY,
  key_id INTEGER NOT NULL REFERENCES keys (id),
  version INTEGER NOT NULL,
  sequence INTEGER NOT NULL REFERENCES commits (sequence),
  epoch INTEGER,               -- of the key's claim under which it was written; NULL if it was not claimed
  value TEXT                   -- NULL for a tombstone: the key was deleted
    CONSTRAINT "a value is text without NUL" CHECK (instr(CAST(value AS BLOB), x'00') = 0),
  UNIQUE (key_id, version)
) STRICT;

CREATE INDEX keys_claimed ON keys (claim_id) WHERE claim_id IS NOT NULL;

CREATE VIEW current_values AS
  -- The value of each key now. Writable: INSERT (key, value), UPDATE value, DELETE.
  SELECT k.key, v.value, k.version, k.sequence, c.agent AS writer,
    strftime('%Y-%m-%dT%H:%M:%fZ', c.committed_at / 1000.0, 'unixepoch') AS committed_at
  FROM keys k JOIN versions v ON v.id = k.latest_version_id JOIN commits c ON c.sequence = k.sequence
  WHERE k.has_value;

CREATE VIEW history AS
  -- Every version of every key.
  SELECT k.key, v.version, v.sequence, v.value, v.value IS NULL AS deleted, c.agent AS writer, v.epoch,
    strftime('%Y-%m-%dT%H:%M:%fZ', c.committed_at / 1000.0, 'unixepoch') AS committed_at
  FROM versions v JOIN keys k ON k.id = v.key_id JOIN commits c ON c.sequence = v.sequence;

CREATE VIEW internal_single_commits AS
  -- The commits of one version each, which most are. INSERT makes one, by the rules of the tables.
  SELECT c.sequence, c.process, c.process_commit_number, c.agent, c.committed_at, v.key_id, v.version, v.value
  FROM versions v JOIN commits c ON c.sequence = v.sequence
  WHERE c.version_count = 1;

-- A commit is complete when its versions and events are there. The last of them have the highest numbers. Events may
-- have been pruned since; the newest versions are always kept, and a commit has one version of a key.
CREATE VIEW incomplete_commits AS
  -- The newest commit, if some of its versions or events are missing.
  SELECT c.sequence FROM commits c
  WHERE c.sequence = (SELECT max(sequence) FROM commits)
    AND ((c.version_count > 0 AND NOT EXISTS (SELECT 1 FROM versions v
        WHERE v.id = (SELECT max(id) FROM versions) + 1 - c.version_count AND v.sequence = c.sequence))
      OR (c.event_count > 0 AND NOT EXISTS (SELECT 1 FROM events e
          WHERE e.id = (SELECT max(id) FROM events) + 1 - c.event_count AND e.sequence = c.sequence)
        AND NOT EXISTS (SELECT 1 FROM streams h WHERE h.pruned_through > 0 AND h.pruned_through >= c.sequence)));

CREATE TRIGGER commits_insert_check BEFORE INSERT ON commits
WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM commits)
  OR NOT EXISTS (SELECT 1 FROM processes WHERE id = NEW.process)
  OR NEW.committed_at NOT BETWEEN 0 AND 253402300799999
  OR NEW.agent GLOB '*[^ -~]*' OR length(NEW.agent) NOT BETWEEN 1 AND 128
  OR (NEW.process = 0 AND NEW.version_count + NEW.event_count > 1)
  OR EXISTS (SELECT 1 FROM incomplete_commits)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: commits are numbered, each by a known process; edit through the view current_values')
  WHERE NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM commits)
    OR NOT EXISTS (SELECT 1 FROM processes WHERE id = NEW.process);
  SELECT RAISE(ABORT, 'fencepost: a time is in milliseconds since 1970, and not after the year 9999')
  WHERE NEW.committed_at NOT BETWEEN 0 AND 253402300799999;
  SELECT RAISE(ABORT, 'fencepost: an agent has a name of 1 to 128 bytes without control characters')
  WHERE length(CAST(NEW.agent AS BLOB)) NOT BETWEEN 1 AND 128 OR instr(CAST(NEW.agent AS BLOB), x'00')
    OR NEW.agent GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*';
  SELECT RAISE(ABORT, 'fencepost: an edit by hand has one version or one event; edit through the views current_values and event_log')
  WHERE NEW.process = 0 AND NEW.version_count + NEW.event_count > 1;
  SELECT RAISE(ABORT, 'fencepost: the newest commit is incomplete, see the view incomplete_commits; restore a backup, or insert what it lacks')
  WHERE EXISTS (SELECT 1 FROM incomplete_commits);
  INSERT INTO internal_wellformed (text)
  SELECT NEW.agent WHERE NEW.agent IS NOT (SELECT agent FROM commits WHERE sequence = NEW.sequence - 1);
END;

CREATE TRIGGER commits_immutable BEFORE UPDATE ON commits
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history does not change');
END;

CREATE TRIGGER commits_no_delete BEFORE DELETE ON commits
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history only grows');
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
  SELECT 1 FROM versions v WHERE v.id = NEW.latest_version_id AND v.key_id = OLD.id AND v.version = NEW.version
    AND v.sequence = NEW.sequence AND (v.value IS NOT NULL) = NEW.has_value)
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

CREATE TRIGGER versions_insert_check BEFORE INSERT ON versions
WHEN NOT EXISTS (SELECT 1 FROM keys k WHERE k.id = NEW.key_id AND NEW.version = k.version + 1
  AND NEW.sequence > k.sequence
    AND NEW.epoch IS iif(k.claim_id IS NULL, NULL, k.epoch))
  OR NOT EXISTS (SELECT 1 FROM commits WHERE sequence = (SELECT max(sequence) FROM commits) AND sequence = NEW.sequence
    AND process <> 0)
  OR EXISTS (SELECT 1 FROM versions WHERE id = NEW.id)
  OR length(CAST(NEW.value AS BLOB)) > 536870912
BEGIN
  SELECT RAISE(ABORT, 'fencepost: versions step by one; edit through the view current_values')
  WHERE NEW.version IS NOT (SELECT version + 1 FROM keys WHERE id = NEW.key_id);
  SELECT RAISE(ABORT, 'fencepost: history does not change; write a new version through the view current_values')
  WHERE EXISTS (SELECT 1 FROM versions WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'fencepost: a version belongs to the newest commit; edit through the view current_values')
  WHERE NEW.sequence IS NOT (SELECT max(sequence) FROM commits);
  SELECT RAISE(ABORT, 'fencepost: a commit has one version of a key; edit through the view current_values')
  WHERE NEW.sequence IS (SELECT sequence FROM keys WHERE id = NEW.key_id);
  SELECT RAISE(ABORT, 'fencepost: the key is claimed; see the view active_claims, or revoke the claim by deleting it there')
  WHERE NEW.epoch IS NOT (SELECT iif(claim_id IS NULL, NULL, epoch) FROM keys WHERE id = NEW.key_id);
  SELECT RAISE(ABORT, 'fencepost: a value has at most 536870912 bytes of UTF-8')
  WHERE length(CAST(NEW.value AS BLOB)) > 536870912;
  INSERT INTO internal_wellformed (text)
  SELECT NEW.value WHERE (SELECT process FROM commits WHERE sequence = NEW.sequence) = 0;
END;

CREATE TRIGGER versions_update_key AFTER INSERT ON versions
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history is only appended to')
  WHERE NEW.id <> 1 + (SELECT coalesce(max(id), 0) FROM versions WHERE id <> NEW.id);
  SELECT RAISE(ABORT, 'fencepost: the commit is complete, and history does not change; edit through the view current_values')
  WHERE EXISTS (SELECT 1 FROM commits c JOIN versions v ON v.id = NEW.id - c.version_count
    WHERE c.sequence = NEW.sequence AND v.sequence = NEW.sequence);
  UPDATE keys
    SET version = NEW.version, has_value = NEW.value IS NOT NULL, sequence = NEW.sequence, latest_version_id = NEW.id
  WHERE id = NEW.key_id;
END;

CREATE TRIGGER versions_immutable BEFORE UPDATE ON versions
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history does not change; write a new version through the view current_values');
END;

CREATE TRIGGER versions_no_delete BEFORE DELETE ON versions
WHEN NOT EXISTS (SELECT 1 FROM pruned_keys WHERE key_id = OLD.key_id AND oldest_version > OLD.version)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history only grows; to prune old versions, INSERT the key and oldest_version into the view prunes');
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
  INSERT INTO commits (sequence, process, process_commit_number, agent, committed_at, version_count)
  SELECT coalesce(max(sequence), 0) + 1, 0, random() & 4611686018427387903 | 1, 'sql',
    (SELECT now FROM internal_clock), 1
  FROM commits;
  UPDATE claims
  SET end_reason = (SELECT end_reason FROM internal_expired_claims WHERE claim_id = claims.id),
    ended_by_commit = (SELECT max(sequence) FROM commits)
  WHERE id = (
    SELECT l.claim_id FROM internal_expired_claims l JOIN keys k ON k.claim_id = l.claim_id WHERE k.key = NEW.key);
  INSERT INTO keys (key) SELECT NEW.key WHERE NOT EXISTS (SELECT 1 FROM keys WHERE key = NEW.key);
  INSERT INTO versions (key_id, version, sequence, value)
  SELECT id, version + 1, (SELECT max(sequence) FROM commits), NEW.value FROM keys WHERE key = NEW.key;
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
  INSERT INTO commits (sequence, process, process_commit_number, agent, committed_at, version_count)
  SELECT coalesce(max(sequence), 0) + 1, 0, random() & 4611686018427387903 | 1, 'sql',
    (SELECT now FROM internal_clock), 1
  FROM commits;
  UPDATE claims
  SET end_reason = (SELECT end_reason FROM internal_expired_claims WHERE claim_id = claims.id),
    ended_by_commit = (SELECT max(sequence) FROM commits)
  WHERE id = (
    SELECT l.claim_id FROM internal_expired_claims l JOIN keys k ON k.claim_id = l.claim_id WHERE k.key = OLD.key);
  INSERT INTO versions (key_id, version, sequence, value)
  SELECT id, version + 1, (SELECT max(sequence) FROM commits), NEW.value FROM keys WHERE key = OLD.key;
END;

CREATE TRIGGER current_values_delete INSTEAD OF DELETE ON current_values
BEGIN
  INSERT INTO commits (sequence, process, process_commit_number, agent, committed_at, version_count)
  SELECT coalesce(max(sequence), 0) + 1, 0, random() & 4611686018427387903 | 1, 'sql',
    (SELECT now FROM internal_clock), 1
  FROM commits;
  UPDATE claims
  SET end_reason = (SELECT end_reason FROM internal_expired_claims WHERE claim_id = claims.id),
    ended_by_commit = (SELECT max(sequence) FROM commits)
  WHERE id = (
    SELECT l.claim_id FROM internal_expired_claims l JOIN keys k ON k.claim_id = l.claim_id WHERE k.key = OLD.key);
  INSERT INTO versions (key_id, version, sequence, value)
  SELECT id, version + 1, (SELECT max(sequence) FROM commits), NULL FROM keys WHERE key = OLD.key;
END;

-- One statement for a commit of one version of an unclaimed key. Without a key it does nothing, so the same statement
-- can check the precondition.
CREATE TRIGGER internal_single_commits_insert INSTEAD OF INSERT ON internal_single_commits WHEN NEW.key_id IS NOT NULL
BEGIN
  INSERT INTO commits (sequence, process, process_commit_number, agent, committed_at, version_count)
  VALUES (NEW.sequence, NEW.process, NEW.process_commit_number, NEW.agent, NEW.committed_at, 1);
  INSERT INTO versions (key_id, version, sequence, value) VALUES (NEW.key_id, NEW.version, NEW.sequence, NEW.value);
END;
