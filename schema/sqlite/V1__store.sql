-- Fencepost, schema 1: values, versions, epochs and claims.
--
-- Look at the views: current, history, claims, claim_history, waits. To edit by hand, use the view current
-- (INSERT, UPDATE, DELETE); to end a claim by hand, DELETE from the view claims. The tables defend themselves: whatever
-- breaks a rule is refused by a trigger. Times in tables are milliseconds since 1970 in UTC; the views show ISO-8601.

CREATE TABLE store (
  -- One row: which store this is. Claim tokens carry the store_id.
  id INTEGER PRIMARY KEY CHECK (id = 1),
  store_id TEXT NOT NULL CHECK (length(store_id) = 32),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE processes (
  -- One row for each time that a process opened the store and wrote. Number 0 stands for edits at a SQL prompt.
  id INTEGER PRIMARY KEY,
  pid INTEGER NOT NULL,
  started TEXT NOT NULL,       -- when the system says that the process began: tells apart processes with one pid
  boot TEXT NOT NULL,          -- which boot of the system it ran in
  namespace TEXT NOT NULL,     -- in which pid namespace its pid counts
  opened_at INTEGER NOT NULL,
  heartbeat_at INTEGER NOT NULL,
  closed_at INTEGER
) STRICT;

CREATE TABLE commits (
  -- One row for each commit, in order. All that a commit changed carries its sequence.
  sequence INTEGER PRIMARY KEY,
  process INTEGER NOT NULL REFERENCES processes (id),
  ordinal INTEGER NOT NULL,    -- counts the commits of the process; with it, the name of the commit
  agent TEXT NOT NULL,
  committed_at INTEGER NOT NULL,
  versions INTEGER NOT NULL CHECK (versions >= 0) -- how many it has; said first, so that none can be added later
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
  present INTEGER NOT NULL DEFAULT 0,  -- 1 if the newest version has a value, 0 if it is a tombstone or there is none
  sequence INTEGER NOT NULL DEFAULT 0, -- of the newest version
  head INTEGER REFERENCES versions (id),
  epoch INTEGER NOT NULL DEFAULT 0,    -- grows with each change of ownership; never falls
  claim INTEGER REFERENCES grants (id) -- the claim that is held on the key now
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

CREATE TABLE grants (
  -- One row for each claim ever granted; its number is the sequence of the commit that granted it.
  id INTEGER PRIMARY KEY REFERENCES commits (sequence),
  nonce TEXT NOT NULL CHECK (length(nonce) = 16),
  process INTEGER NOT NULL REFERENCES processes (id),
  agent TEXT NOT NULL,
  thread INTEGER NOT NULL,     -- of the holder, to find circles of waiters
  lease INTEGER NOT NULL,      -- milliseconds
  longest_hold INTEGER NOT NULL,
  keys INTEGER NOT NULL CHECK (keys > 0), -- how many it is for; said first, so that none can be added later
  heartbeats INTEGER NOT NULL, -- 1 if the heartbeats of the process extend the lease
  granted_at INTEGER NOT NULL,
  renewed_at INTEGER NOT NULL,
  ended_sequence INTEGER REFERENCES commits (sequence),
  ending TEXT CHECK (ending IN ('released', 'lease-expired', 'held-too-long', 'holder-dead', 'revoked')),
  CHECK ((ended_sequence IS NULL) = (ending IS NULL))
) STRICT;

CREATE TABLE grant_keys (
  -- Which keys a claim is for, and the epoch of each under it.
  claim INTEGER NOT NULL REFERENCES grants (id),
  key_id INTEGER NOT NULL REFERENCES keys (id),
  epoch INTEGER NOT NULL,
  PRIMARY KEY (claim, key_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE waiters (
  -- Requests for claims that wait, first come, first served.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  process INTEGER NOT NULL REFERENCES processes (id),
  agent TEXT NOT NULL,
  thread INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL
) STRICT;

CREATE TABLE waiter_keys (
  -- Which keys a request is for.
  key_id INTEGER NOT NULL REFERENCES keys (id),
  waiter INTEGER NOT NULL REFERENCES waiters (id),
  PRIMARY KEY (key_id, waiter)
) STRICT, WITHOUT ROWID;

CREATE INDEX waiter_keys_by_waiter ON waiter_keys (waiter);

CREATE INDEX keys_held ON keys (claim) WHERE claim IS NOT NULL;

CREATE INDEX grants_open ON grants (process) WHERE ended_sequence IS NULL;

CREATE VIEW current AS
  -- The value of each key now. Can be written: INSERT (key, value), UPDATE value, DELETE.
  SELECT k.key, v.value, k.version, k.sequence, c.agent AS writer,
    strftime('%Y-%m-%dT%H:%M:%fZ', c.committed_at / 1000.0, 'unixepoch') AS committed_at
  FROM keys k JOIN versions v ON v.id = k.head JOIN commits c ON c.sequence = k.sequence
  WHERE k.present;

CREATE VIEW history AS
  -- Every version of every key.
  SELECT k.key, v.version, v.sequence, v.value, v.value IS NULL AS deleted, c.agent AS writer, v.epoch,
    strftime('%Y-%m-%dT%H:%M:%fZ', c.committed_at / 1000.0, 'unixepoch') AS committed_at
  FROM versions v JOIN keys k ON k.id = v.key_id JOIN commits c ON c.sequence = v.sequence;

CREATE VIEW single_commits AS
  -- The commits of one version each, which most are. INSERT makes one, by the rules of the tables below it.
  SELECT c.sequence, c.process, c.ordinal, c.agent, c.committed_at, v.key_id, v.version, v.value
  FROM versions v JOIN commits c ON c.sequence = v.sequence
  WHERE c.versions = 1;

CREATE VIEW clock AS
  -- The time now, as the tables keep it.
  SELECT CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) AS now;

CREATE VIEW leases AS
  -- Until when each claim that is held lives, unless it is extended.
  SELECT g.id AS claim,
    min(max(g.renewed_at, iif(g.heartbeats, p.heartbeat_at, g.renewed_at)) + g.lease, g.renewed_at + g.longest_hold)
      AS expires_at,
    g.heartbeats AND g.renewed_at + g.longest_hold <= (SELECT now FROM clock) AS too_long
  FROM grants g JOIN processes p ON p.id = g.process
  WHERE g.ended_sequence IS NULL;

CREATE VIEW lapsed AS
  -- The claims that are held but have run out, so that whoever writes one of their keys takes over, and what ends them.
  SELECT claim, iif(too_long, 'held-too-long', 'lease-expired') AS ending
  FROM leases WHERE expires_at <= (SELECT now FROM clock);

CREATE VIEW claims AS
  -- The claims that are held now. DELETE revokes.
  SELECT k.key, k.epoch, g.id AS claim, g.agent, p.pid,
    strftime('%Y-%m-%dT%H:%M:%fZ', g.granted_at / 1000.0, 'unixepoch') AS granted_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', l.expires_at / 1000.0, 'unixepoch') AS expires_at
  FROM keys k JOIN grants g ON g.id = k.claim JOIN processes p ON p.id = g.process JOIN leases l ON l.claim = g.id
  WHERE k.claim IS NOT NULL;

CREATE VIEW claim_history AS
  -- Every claim ever granted, and what ended it.
  SELECT k.key, gk.epoch, g.id AS claim, g.agent, p.pid,
    strftime('%Y-%m-%dT%H:%M:%fZ', g.granted_at / 1000.0, 'unixepoch') AS granted_at,
    g.ending, c.agent AS ended_by,
    strftime('%Y-%m-%dT%H:%M:%fZ', c.committed_at / 1000.0, 'unixepoch') AS ended_at
  FROM grant_keys gk JOIN grants g ON g.id = gk.claim JOIN keys k ON k.id = gk.key_id
    JOIN processes p ON p.id = g.process LEFT JOIN commits c ON c.sequence = g.ended_sequence;

CREATE VIEW waits AS
  -- Who waits for claims, in order.
  SELECT w.id AS ticket, k.key, w.agent, p.pid,
    strftime('%Y-%m-%dT%H:%M:%fZ', w.since / 1000.0, 'unixepoch') AS since,
    strftime('%Y-%m-%dT%H:%M:%fZ', w.until / 1000.0, 'unixepoch') AS until
  FROM waiters w JOIN waiter_keys wk ON wk.waiter = w.id JOIN keys k ON k.id = wk.key_id
    JOIN processes p ON p.id = w.process;

-- The rules. Each message says what is refused and what to do instead.

CREATE TRIGGER store_fixed_insert BEFORE INSERT ON store WHEN EXISTS (SELECT 1 FROM store)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: there is one store in a file');
END;

CREATE TRIGGER store_fixed_update BEFORE UPDATE ON store
BEGIN
  SELECT RAISE(ABORT, 'fencepost: the identity of a store does not change');
END;

CREATE TRIGGER store_fixed_delete BEFORE DELETE ON store
BEGIN
  SELECT RAISE(ABORT, 'fencepost: the identity of a store does not change');
END;

CREATE TRIGGER processes_begin BEFORE INSERT ON processes
WHEN NEW.id IS NOT (SELECT coalesce(max(id), -1) + 1 FROM processes)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: processes are numbered one after the other, and do not change');
END;

-- Not 'UPDATE OF': that does not notice a number that is changed by its other name, rowid.
CREATE TRIGGER processes_fixed BEFORE UPDATE ON processes
WHEN NEW.id <> OLD.id OR NEW.pid <> OLD.pid OR NEW.started <> OLD.started OR NEW.boot <> OLD.boot
  OR NEW.namespace <> OLD.namespace OR NEW.opened_at <> OLD.opened_at
  OR (OLD.closed_at IS NOT NULL AND NEW.closed_at IS NOT OLD.closed_at)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: what is known of a process does not change');
END;

CREATE TRIGGER processes_kept BEFORE DELETE ON processes
BEGIN
  SELECT RAISE(ABORT, 'fencepost: processes are part of history, which only grows');
END;

CREATE TRIGGER commits_in_order BEFORE INSERT ON commits
WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM commits)
  OR NOT EXISTS (SELECT 1 FROM processes WHERE id = NEW.process)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: commits are numbered, each by a known process; edit through the view current');
END;

CREATE TRIGGER commits_fixed BEFORE UPDATE ON commits
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history does not change');
END;

CREATE TRIGGER commits_kept BEFORE DELETE ON commits
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history only grows');
END;

CREATE TRIGGER keys_begin BEFORE INSERT ON keys
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a key begins once, at version 0 and epoch 0; edit through the view current')
  WHERE NEW.version <> 0 OR NEW.present <> 0 OR NEW.sequence <> 0 OR NEW.head IS NOT NULL OR NEW.epoch <> 0
    OR NEW.claim IS NOT NULL OR EXISTS (SELECT 1 FROM keys WHERE key = NEW.key OR id = NEW.id);
  SELECT RAISE(ABORT, 'fencepost: a key is text of 1 to 512 bytes without control characters')
  WHERE typeof(NEW.key) <> 'text' OR length(CAST(NEW.key AS BLOB)) NOT BETWEEN 1 AND 512
    OR instr(CAST(NEW.key AS BLOB), x'00') > 0 OR NEW.key GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*';
END;

-- Not 'UPDATE OF': that does not notice a number that is changed by its other name, rowid.
CREATE TRIGGER keys_fixed BEFORE UPDATE ON keys WHEN NEW.id <> OLD.id OR NEW.key IS NOT OLD.key
BEGIN
  SELECT RAISE(ABORT, 'fencepost: keys are not renamed; insert and delete through the view current');
END;

CREATE TRIGGER keys_kept BEFORE DELETE ON keys
BEGIN
  SELECT RAISE(ABORT, 'fencepost: keys are part of history, which only grows; delete from the view current');
END;

CREATE TRIGGER keys_step BEFORE UPDATE OF version, present, sequence, head ON keys
WHEN NEW.version <> OLD.version + 1 OR NOT EXISTS (
  SELECT 1 FROM versions v WHERE v.id = NEW.head AND v.key_id = OLD.id AND v.version = NEW.version
    AND v.sequence = NEW.sequence AND (v.value IS NOT NULL) = NEW.present)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: versions step by one, with their history; edit through the view current');
END;

CREATE TRIGGER keys_own BEFORE UPDATE OF epoch, claim ON keys
BEGIN
  SELECT RAISE(ABORT, 'fencepost: epochs never fall') WHERE NEW.epoch < OLD.epoch;
  SELECT RAISE(ABORT, 'fencepost: a claim is taken only on a free key, with the next epoch; use claim or revoke')
  WHERE NEW.claim IS NOT NULL AND (OLD.claim IS NOT NULL OR NEW.epoch <> OLD.epoch + 1 OR NOT EXISTS (
    SELECT 1 FROM grants g JOIN grant_keys gk ON gk.claim = g.id
    WHERE g.id = NEW.claim AND g.ended_sequence IS NULL AND gk.key_id = OLD.id AND gk.epoch = NEW.epoch));
  SELECT RAISE(ABORT, 'fencepost: a claim ends with its grant; to end it by hand, delete it from the view claims')
  WHERE NEW.claim IS NULL AND (OLD.claim IS NULL OR NOT EXISTS (
    SELECT 1 FROM grants g WHERE g.id = OLD.claim AND NEW.epoch = OLD.epoch + (g.ending <> 'released')));
END;

CREATE TRIGGER versions_append BEFORE INSERT ON versions
BEGIN
  SELECT RAISE(ABORT, 'fencepost: versions step by one; edit through the view current')
  WHERE NEW.version IS NOT (SELECT version + 1 FROM keys WHERE id = NEW.key_id);
  SELECT RAISE(ABORT, 'fencepost: history does not change; write a new version through the view current')
  WHERE EXISTS (SELECT 1 FROM versions WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'fencepost: a version belongs to the newest commit; edit through the view current')
  WHERE NEW.sequence IS NOT (SELECT max(sequence) FROM commits);
  SELECT RAISE(ABORT, 'fencepost: the key is claimed; see the view claims, or revoke the claim by deleting it there')
  WHERE NEW.epoch IS NOT (SELECT iif(claim IS NULL, NULL, epoch) FROM keys WHERE id = NEW.key_id);
END;

CREATE TRIGGER versions_become_current AFTER INSERT ON versions
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history is only appended to')
  WHERE NEW.id <> 1 + (SELECT coalesce(max(id), 0) FROM versions WHERE id <> NEW.id);
  SELECT RAISE(ABORT, 'fencepost: the commit is complete, and history does not change; edit through the view current')
  WHERE EXISTS (SELECT 1 FROM commits c JOIN versions v ON v.id = NEW.id - c.versions
    WHERE c.sequence = NEW.sequence AND v.sequence = NEW.sequence);
  UPDATE keys SET version = NEW.version, present = NEW.value IS NOT NULL, sequence = NEW.sequence, head = NEW.id
  WHERE id = NEW.key_id;
END;

CREATE TRIGGER versions_fixed BEFORE UPDATE ON versions
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history does not change; write a new version through the view current');
END;

CREATE TRIGGER versions_kept BEFORE DELETE ON versions
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history only grows; delete from the view current');
END;

CREATE TRIGGER grants_begin BEFORE INSERT ON grants
WHEN NEW.ended_sequence IS NOT NULL OR NEW.id IS NOT (SELECT max(sequence) FROM commits)
  OR NOT EXISTS (SELECT 1 FROM commits WHERE sequence = NEW.id AND process = NEW.process AND agent = NEW.agent)
  OR EXISTS (SELECT 1 FROM grants WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a claim begins open, with the newest commit, whose agent is its holder');
END;

CREATE TRIGGER grants_end_once BEFORE UPDATE ON grants
WHEN OLD.ended_sequence IS NOT NULL
  OR NEW.id <> OLD.id OR NEW.nonce <> OLD.nonce OR NEW.process <> OLD.process OR NEW.agent <> OLD.agent
  OR NEW.thread <> OLD.thread OR NEW.lease <> OLD.lease OR NEW.longest_hold <> OLD.longest_hold
  OR NEW.keys <> OLD.keys OR NEW.heartbeats <> OLD.heartbeats OR NEW.granted_at <> OLD.granted_at
  OR (NEW.ended_sequence IS NOT NULL AND NEW.ended_sequence IS NOT (SELECT max(sequence) FROM commits))
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a claim is only renewed, or ended once with the newest commit');
END;

CREATE TRIGGER grants_free_keys AFTER UPDATE OF ended_sequence ON grants WHEN NEW.ended_sequence IS NOT NULL
BEGIN
  UPDATE keys SET claim = NULL, epoch = epoch + (NEW.ending <> 'released')
  WHERE id IN (SELECT key_id FROM grant_keys WHERE claim = NEW.id) AND claim = NEW.id;
END;

CREATE TRIGGER grants_kept BEFORE DELETE ON grants
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history only grows; to end a claim, delete it from the view claims');
END;

CREATE TRIGGER grant_keys_begin BEFORE INSERT ON grant_keys
WHEN NEW.claim IS NOT (SELECT max(sequence) FROM commits)
  OR NOT EXISTS (SELECT 1 FROM grants g WHERE g.id = NEW.claim AND g.ended_sequence IS NULL
    AND g.keys > (SELECT count(*) FROM grant_keys gk WHERE gk.claim = g.id))
  OR NEW.epoch IS NOT (SELECT epoch + 1 FROM keys WHERE id = NEW.key_id AND claim IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a claim takes free keys in the commit that grants it, each with its next epoch');
END;

CREATE TRIGGER grant_keys_take AFTER INSERT ON grant_keys
BEGIN
  UPDATE keys SET epoch = NEW.epoch, claim = NEW.claim WHERE id = NEW.key_id;
END;

CREATE TRIGGER grant_keys_fixed BEFORE UPDATE ON grant_keys
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history does not change');
END;

CREATE TRIGGER grant_keys_kept BEFORE DELETE ON grant_keys
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history only grows');
END;

CREATE TRIGGER waiters_in_order AFTER INSERT ON waiters WHEN NEW.id <> (SELECT max(id) FROM waiters)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: whoever comes waits behind all others');
END;

CREATE TRIGGER waiters_fixed BEFORE UPDATE ON waiters
BEGIN
  SELECT RAISE(ABORT, 'fencepost: requests for claims do not change places');
END;

CREATE TRIGGER waiter_keys_fixed BEFORE UPDATE ON waiter_keys
BEGIN
  SELECT RAISE(ABORT, 'fencepost: requests for claims do not change');
END;

-- One statement for a commit of one version of a key that nobody holds. Without a key it does nothing, so that what is
-- demanded of the key can be asked in the same statement.

CREATE TRIGGER single_commits_insert INSTEAD OF INSERT ON single_commits WHEN NEW.key_id IS NOT NULL
BEGIN
  INSERT INTO commits (sequence, process, ordinal, agent, committed_at, versions)
  VALUES (NEW.sequence, NEW.process, NEW.ordinal, NEW.agent, NEW.committed_at, 1);
  INSERT INTO versions (key_id, version, sequence, value) VALUES (NEW.key_id, NEW.version, NEW.sequence, NEW.value);
END;

-- The lawful way to edit by hand. Each row that is edited becomes a commit of its own, by the agent sql.

CREATE TRIGGER current_insert INSTEAD OF INSERT ON current
BEGIN
  SELECT RAISE(ABORT, 'fencepost: only key and value can be given; version, writer and time follow by themselves')
  WHERE NEW.version IS NOT NULL OR NEW.sequence IS NOT NULL OR NEW.writer IS NOT NULL OR NEW.committed_at IS NOT NULL;
  SELECT RAISE(ABORT, 'fencepost: a key is text of 1 to 512 bytes without control characters')
  WHERE typeof(NEW.key) <> 'text';
  SELECT RAISE(ABORT, 'fencepost: the key has a value; UPDATE current instead')
  WHERE EXISTS (SELECT 1 FROM keys WHERE key = NEW.key AND present);
  SELECT RAISE(ABORT, 'fencepost: a value is text without NUL; to delete a key, DELETE FROM current')
  WHERE typeof(NEW.value) <> 'text' OR instr(CAST(NEW.value AS BLOB), x'00') > 0;
  INSERT INTO commits (sequence, process, ordinal, agent, committed_at, versions)
  SELECT coalesce(max(sequence), 0) + 1, 0, coalesce(max(sequence), 0) + 1, 'sql', (SELECT now FROM clock), 1
  FROM commits;
  UPDATE grants
  SET ending = (SELECT ending FROM lapsed WHERE claim = grants.id), ended_sequence = (SELECT max(sequence) FROM commits)
  WHERE id = (SELECT l.claim FROM lapsed l JOIN keys k ON k.claim = l.claim WHERE k.key = NEW.key);
  INSERT INTO keys (key) SELECT NEW.key WHERE NOT EXISTS (SELECT 1 FROM keys WHERE key = NEW.key);
  INSERT INTO versions (key_id, version, sequence, value)
  SELECT id, version + 1, (SELECT max(sequence) FROM commits), NEW.value FROM keys WHERE key = NEW.key;
END;

CREATE TRIGGER current_update INSTEAD OF UPDATE ON current
BEGIN
  SELECT RAISE(ABORT, 'fencepost: only the value can be edited; version, writer and time follow by themselves')
  WHERE NEW.key IS NOT OLD.key OR NEW.version IS NOT OLD.version OR NEW.sequence IS NOT OLD.sequence
    OR NEW.writer IS NOT OLD.writer OR NEW.committed_at IS NOT OLD.committed_at;
  SELECT RAISE(ABORT, 'fencepost: a value is text without NUL; to delete a key, DELETE FROM current')
  WHERE typeof(NEW.value) <> 'text' OR instr(CAST(NEW.value AS BLOB), x'00') > 0;
  INSERT INTO commits (sequence, process, ordinal, agent, committed_at, versions)
  SELECT coalesce(max(sequence), 0) + 1, 0, coalesce(max(sequence), 0) + 1, 'sql', (SELECT now FROM clock), 1
  FROM commits;
  UPDATE grants
  SET ending = (SELECT ending FROM lapsed WHERE claim = grants.id), ended_sequence = (SELECT max(sequence) FROM commits)
  WHERE id = (SELECT l.claim FROM lapsed l JOIN keys k ON k.claim = l.claim WHERE k.key = OLD.key);
  INSERT INTO versions (key_id, version, sequence, value)
  SELECT id, version + 1, (SELECT max(sequence) FROM commits), NEW.value FROM keys WHERE key = OLD.key;
END;

CREATE TRIGGER current_delete INSTEAD OF DELETE ON current
BEGIN
  INSERT INTO commits (sequence, process, ordinal, agent, committed_at, versions)
  SELECT coalesce(max(sequence), 0) + 1, 0, coalesce(max(sequence), 0) + 1, 'sql', (SELECT now FROM clock), 1
  FROM commits;
  UPDATE grants
  SET ending = (SELECT ending FROM lapsed WHERE claim = grants.id), ended_sequence = (SELECT max(sequence) FROM commits)
  WHERE id = (SELECT l.claim FROM lapsed l JOIN keys k ON k.claim = l.claim WHERE k.key = OLD.key);
  INSERT INTO versions (key_id, version, sequence, value)
  SELECT id, version + 1, (SELECT max(sequence) FROM commits), NULL FROM keys WHERE key = OLD.key;
END;

CREATE TRIGGER claims_delete INSTEAD OF DELETE ON claims
WHEN EXISTS (SELECT 1 FROM grants WHERE id = OLD.claim AND ended_sequence IS NULL)
BEGIN
  INSERT INTO commits (sequence, process, ordinal, agent, committed_at, versions)
  SELECT coalesce(max(sequence), 0) + 1, 0, coalesce(max(sequence), 0) + 1, 'sql', (SELECT now FROM clock), 0
  FROM commits;
  UPDATE grants SET ending = 'revoked', ended_sequence = (SELECT max(sequence) FROM commits) WHERE id = OLD.claim;
END;
