-- Fencepost, schema 1, part 4: retention, snapshots, streams of events, and provenance.
--
-- Look at the views stream_status, event_log, open_snapshots, prunes, provenance and refusal_log. To append an event by
-- hand, INSERT into the view event_log (stream, event_id, body). The table retention_rules may be edited by hand. To
-- prune old versions of a key by hand, INSERT into the view prunes (key, oldest_version).

CREATE TABLE pruned_keys (
  -- One row for each key with pruned versions: those before oldest_version, and never the newest.
  key_id INTEGER PRIMARY KEY REFERENCES keys (id),
  oldest_version INTEGER NOT NULL, -- the oldest version that is kept
  oldest_sequence INTEGER NOT NULL, -- its sequence: the key can be read as of this and later
  first_sequence INTEGER NOT NULL, -- the sequence of version 1: before it, the key was absent
  pruned_through INTEGER NOT NULL -- the sequence of the newest pruned version
) STRICT;

CREATE TABLE snapshots (
  -- One row for each open snapshot. The versions that it sees are kept while the heartbeats of its process are in time.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  process INTEGER NOT NULL REFERENCES processes (id),
  sequence INTEGER NOT NULL,
  lease_ms INTEGER NOT NULL,      -- the time without a heartbeat after which the snapshot is ignored
  opened_at INTEGER NOT NULL
) STRICT;

CREATE TABLE retention_rules (
  -- The rules for keys and streams with a prefix. The longest matching prefix applies; without one, everything is kept.
  -- A version or event is pruned when neither bound keeps it. The newest is never pruned.
  prefix TEXT NOT NULL PRIMARY KEY,
  max_versions INTEGER CHECK (max_versions >= 1), -- the number of newest ones to keep; NULL if this bound keeps none
  -- what was current since then is kept; NULL as above
  max_age_ms INTEGER CHECK (max_age_ms BETWEEN 0 AND 3153600000000),
  agent TEXT NOT NULL DEFAULT 'sql',      -- the author of the rule
  CONSTRAINT "a rule says how much is kept" CHECK (max_versions IS NOT NULL OR max_age_ms IS NOT NULL)
) STRICT;

CREATE TABLE streams (
  -- One row for each stream of events.
  id INTEGER PRIMARY KEY,
  stream TEXT NOT NULL UNIQUE
    CONSTRAINT "a stream has a name of 1 to 512 bytes without control characters" CHECK (
      length(CAST(stream AS BLOB)) BETWEEN 1 AND 512
      AND instr(CAST(stream AS BLOB), x'00') = 0
      AND stream NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
  last_number INTEGER NOT NULL DEFAULT 0, -- the number of the newest event
  sequence INTEGER NOT NULL DEFAULT 0,   -- of the newest event
  first_sequence INTEGER NOT NULL DEFAULT 0, -- the sequence of event 1
  oldest_number INTEGER NOT NULL DEFAULT 1, -- the number of the oldest event that is kept
  pruned_through INTEGER NOT NULL DEFAULT 0 -- the sequence of the newest pruned event
) STRICT;

CREATE TABLE events (
  -- One row for each event, in the order of commits. Only ever appended to.
  id INTEGER PRIMARY KEY,
  stream_id INTEGER NOT NULL REFERENCES streams (id),
  number INTEGER NOT NULL,               -- in its stream, from 1
  sequence INTEGER NOT NULL REFERENCES log (id),
  event_id TEXT NOT NULL                 -- the ID of the event; a second event of this ID is not stored
    CONSTRAINT "an event has a name of 1 to 200 bytes without control characters" CHECK (
      length(CAST(event_id AS BLOB)) BETWEEN 1 AND 200
      AND instr(CAST(event_id AS BLOB), x'00') = 0
      AND event_id NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
  schema_version INTEGER NOT NULL DEFAULT 1,      -- the schema version of the body
  body TEXT NOT NULL
    CONSTRAINT "an event is text without NUL" CHECK (instr(CAST(body AS BLOB), x'00') = 0),
  UNIQUE (stream_id, number),
  UNIQUE (stream_id, event_id)
) STRICT;

CREATE TABLE fold_states (
  -- Saved states of folds, so that a fold need not begin with the first event. Can be deleted at any time.
  stream_id INTEGER NOT NULL REFERENCES streams (id),
  fold TEXT NOT NULL,
  version INTEGER NOT NULL,    -- of the fold
  number INTEGER NOT NULL,     -- of the newest event in the state
  state TEXT NOT NULL,
  PRIMARY KEY (stream_id, fold)
) STRICT, WITHOUT ROWID;

CREATE TABLE commit_dependencies (
  -- The reads that a commit depends on, if provenance is on.
  sequence INTEGER NOT NULL REFERENCES log (id),
  kind TEXT NOT NULL CHECK (kind IN ('key', 'prefix', 'stream')),
  name TEXT NOT NULL,
  as_of INTEGER NOT NULL,      -- the sequence as of which it was read
  PRIMARY KEY (sequence, kind, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE refusals (
  -- Refused commits, if provenance is on: one row for each reason. The newest 100000 are kept.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  refused_at INTEGER NOT NULL,
  sequence INTEGER NOT NULL,   -- of the newest commit at that moment
  process INTEGER NOT NULL REFERENCES processes (id),
  agent TEXT NOT NULL,         -- the refused agent
  kind TEXT NOT NULL,
  name TEXT NOT NULL,          -- the key, prefix or stream
  blocked_by TEXT,             -- the agent that caused the refusal
  blocked_by_commit INTEGER,   -- the commit that caused it
  message TEXT NOT NULL
) STRICT;

CREATE INDEX pruned_keys_by_sequence ON pruned_keys (pruned_through);

CREATE INDEX snapshots_by_sequence ON snapshots (sequence);

CREATE INDEX streams_pruned ON streams (pruned_through) WHERE pruned_through > 0;

CREATE VIEW stream_status AS
  -- Every stream of events.
  SELECT h.stream, h.last_number, h.oldest_number, h.sequence,
    strftime('%Y-%m-%dT%H:%M:%fZ', c.committed_at / 1000.0, 'unixepoch') AS last_at
  FROM streams h LEFT JOIN commits c ON c.sequence = h.sequence;

CREATE VIEW event_log AS
  -- Every event that is kept. INSERT (stream, event_id, body) appends.
  SELECT h.stream, e.number, e.event_id, e.body, e.schema_version, e.sequence, c.agent AS writer,
    strftime('%Y-%m-%dT%H:%M:%fZ', c.committed_at / 1000.0, 'unixepoch') AS committed_at
  FROM events e JOIN streams h ON h.id = e.stream_id JOIN commits c ON c.sequence = e.sequence;

CREATE VIEW internal_commit_versions AS
  -- The versions that are kept, for searches by the sequence of their commit.
  SELECT c.id AS sequence, v.key_id, v.version, v.previous_id
  FROM log c JOIN log v ON v.id BETWEEN c.id AND c.id + c.remaining
  WHERE c.part = 0 AND v.version IS NOT NULL;

CREATE VIEW prunes AS
  -- Every key with pruned versions. INSERT (key, oldest_version) prunes those before oldest_version.
  SELECT k.key, t.oldest_version, t.oldest_sequence FROM pruned_keys t JOIN keys k ON k.id = t.key_id;

CREATE VIEW open_snapshots AS
  -- Every open snapshot. DELETE from the table snapshots lets its versions be pruned.
  SELECT n.id, n.sequence, p.pid,
    strftime('%Y-%m-%dT%H:%M:%fZ', n.opened_at / 1000.0, 'unixepoch') AS opened_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', (max(p.heartbeat_at, n.opened_at) + n.lease_ms) / 1000.0, 'unixepoch') AS expires_at
  FROM snapshots n JOIN processes p ON p.id = n.process;

CREATE VIEW provenance AS
  -- The writes of each commit, and the reads that they depend on, if provenance was on.
  SELECT r.sequence, c.agent, k.key, v.version, r.kind, r.name, r.as_of
  FROM commit_dependencies r JOIN commits c ON c.sequence = r.sequence
    LEFT JOIN versions v ON v.id BETWEEN c.sequence AND c.sequence + c.version_count
      AND v.sequence = c.sequence
    LEFT JOIN keys k ON k.id = v.key_id;

CREATE VIEW refusal_log AS
  -- The refused agents, the cause and the reason, if provenance was on.
  SELECT r.id, strftime('%Y-%m-%dT%H:%M:%fZ', r.refused_at / 1000.0, 'unixepoch') AS refused_at, r.agent, p.pid, r.kind,
    r.name, r.blocked_by, r.blocked_by_commit, r.message
  FROM refusals r JOIN processes p ON p.id = r.process;

CREATE TRIGGER pruned_keys_insert_check BEFORE INSERT ON pruned_keys
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a key is pruned up to a version that it has, and the newest is kept')
  WHERE NEW.oldest_version < 2 OR EXISTS (SELECT 1 FROM pruned_keys WHERE key_id = NEW.key_id)
    OR NEW.oldest_version IS NOT (SELECT version FROM internal_commit_versions
      WHERE sequence = NEW.oldest_sequence AND key_id = NEW.key_id)
    OR NEW.oldest_version - 1 IS NOT (SELECT version FROM internal_commit_versions
      WHERE sequence = NEW.pruned_through AND key_id = NEW.key_id)
    OR 1 IS NOT (SELECT version FROM internal_commit_versions
      WHERE sequence = NEW.first_sequence AND key_id = NEW.key_id);
  SELECT RAISE(ABORT, 'fencepost: an open snapshot can see that version; see the view open_snapshots')
  WHERE EXISTS (SELECT 1 FROM snapshots WHERE sequence >= NEW.first_sequence AND sequence < NEW.oldest_sequence);
END;

CREATE TRIGGER pruned_keys_update_check BEFORE UPDATE ON pruned_keys
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a key is pruned up to a version that it has, and the newest is kept')
  WHERE NEW.key_id <> OLD.key_id OR NEW.first_sequence <> OLD.first_sequence OR NEW.oldest_version <= OLD.oldest_version
    OR NEW.oldest_version IS NOT (SELECT version FROM internal_commit_versions
      WHERE sequence = NEW.oldest_sequence AND key_id = NEW.key_id)
    OR NEW.oldest_version - 1 IS NOT (SELECT version FROM internal_commit_versions
      WHERE sequence = NEW.pruned_through AND key_id = NEW.key_id);
  SELECT RAISE(ABORT, 'fencepost: an open snapshot can see that version; see the view open_snapshots')
  WHERE EXISTS (SELECT 1 FROM snapshots WHERE sequence >= OLD.oldest_sequence AND sequence < NEW.oldest_sequence);
END;

CREATE TRIGGER pruned_keys_insert_prunes AFTER INSERT ON pruned_keys
BEGIN
  DELETE FROM log WHERE version IS NOT NULL AND id IN (
    WITH RECURSIVE older (id) AS (
      SELECT previous_id FROM internal_commit_versions
      WHERE sequence = NEW.oldest_sequence AND key_id = NEW.key_id
      UNION
      SELECT l.previous_id FROM older o JOIN log l ON l.id = o.id AND l.version IS NOT NULL)
    SELECT id FROM older);
END;

CREATE TRIGGER pruned_keys_update_prunes AFTER UPDATE ON pruned_keys
BEGIN
  DELETE FROM log WHERE version IS NOT NULL AND id IN (
    WITH RECURSIVE older (id) AS (
      SELECT previous_id FROM internal_commit_versions
      WHERE sequence = NEW.oldest_sequence AND key_id = NEW.key_id
      UNION
      SELECT l.previous_id FROM older o JOIN log l ON l.id = o.id AND l.version IS NOT NULL)
    SELECT id FROM older);
END;

CREATE TRIGGER pruned_keys_no_delete BEFORE DELETE ON pruned_keys
BEGIN
  SELECT RAISE(ABORT, 'fencepost: what is no longer kept does not come back');
END;

CREATE TRIGGER snapshots_immutable BEFORE UPDATE ON snapshots
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a snapshot does not move; DELETE it so that its versions can be pruned');
END;

CREATE TRIGGER snapshots_number_check AFTER INSERT ON snapshots
BEGIN
  SELECT RAISE(ABORT, 'fencepost: snapshots are numbered one after the other')
  WHERE NEW.id IS NOT (SELECT last + 1 FROM numbers WHERE name = 'snapshots');
  UPDATE numbers SET last = NEW.id WHERE name = 'snapshots';
END;

CREATE TRIGGER snapshots_bounds_check BEFORE INSERT ON snapshots
WHEN NEW.opened_at NOT BETWEEN 0 AND 253402300799999 OR NEW.lease_ms NOT BETWEEN 1 AND 3153600000000 OR NEW.sequence < 0
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a snapshot has a sequence from 0, a time up to the year 9999 and a lease up to 100 years');
END;

CREATE TRIGGER retention_rules_insert_check BEFORE INSERT ON retention_rules
WHEN (NEW.prefix || NEW.agent) GLOB '*[^ -~]*' OR length(NEW.prefix) > 512
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a prefix has at most 512 bytes')
  WHERE length(CAST(NEW.prefix AS BLOB)) > 512;
  INSERT INTO internal_wellformed (text) VALUES (NEW.prefix), (NEW.agent);
END;

CREATE TRIGGER retention_rules_update_check BEFORE UPDATE ON retention_rules
WHEN (NEW.prefix || NEW.agent) GLOB '*[^ -~]*' OR length(NEW.prefix) > 512
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a prefix has at most 512 bytes')
  WHERE length(CAST(NEW.prefix AS BLOB)) > 512;
  INSERT INTO internal_wellformed (text) VALUES (NEW.prefix), (NEW.agent);
END;

CREATE TRIGGER streams_insert_check BEFORE INSERT ON streams
WHEN NEW.last_number <> 0 OR NEW.sequence <> 0 OR NEW.first_sequence <> 0 OR NEW.oldest_number <> 1
  OR NEW.pruned_through <> 0
  OR EXISTS (SELECT 1 FROM streams WHERE id = NEW.id OR stream = NEW.stream)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a stream begins once, and empty; append through the view event_log');
END;

CREATE TRIGGER streams_name_immutable BEFORE UPDATE ON streams
WHEN NEW.id <> OLD.id OR NEW.stream IS NOT OLD.stream
BEGIN
  SELECT RAISE(ABORT, 'fencepost: streams are not renamed');
END;

CREATE TRIGGER streams_append_check BEFORE UPDATE OF last_number, sequence, first_sequence ON streams
WHEN NEW.last_number <> OLD.last_number + 1
  OR NEW.first_sequence <> iif(NEW.last_number = 1, NEW.sequence, OLD.first_sequence) OR NOT EXISTS (
  SELECT 1 FROM events WHERE stream_id = OLD.id AND number = NEW.last_number AND sequence = NEW.sequence)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a stream only grows, event by event; append through the view event_log');
END;

CREATE TRIGGER streams_prune_check BEFORE UPDATE OF oldest_number, pruned_through ON streams
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a stream is pruned up to an event that it has, and the newest is kept')
  WHERE NEW.oldest_number <= OLD.oldest_number OR NEW.oldest_number > OLD.last_number
    OR NEW.pruned_through IS NOT (SELECT sequence FROM events WHERE stream_id = OLD.id
      AND number = NEW.oldest_number - 1);
  SELECT RAISE(ABORT, 'fencepost: an open snapshot can see that event; see the view open_snapshots')
  WHERE EXISTS (SELECT 1 FROM snapshots WHERE sequence >= (
    SELECT sequence FROM events WHERE stream_id = OLD.id AND number = OLD.oldest_number));
END;

CREATE TRIGGER streams_prune_events AFTER UPDATE OF oldest_number ON streams
BEGIN
  DELETE FROM events WHERE stream_id = NEW.id AND number < NEW.oldest_number;
END;

CREATE TRIGGER streams_no_delete BEFORE DELETE ON streams
BEGIN
  SELECT RAISE(ABORT, 'fencepost: streams are part of history, which only grows');
END;

CREATE TRIGGER streams_number_check AFTER INSERT ON streams
WHEN NEW.id > 1 + (SELECT coalesce(max(id), 0) FROM streams WHERE id <> NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: streams are numbered one after the other; leave the number out');
END;

CREATE TRIGGER streams_text_check BEFORE INSERT ON streams WHEN NEW.stream GLOB '*[^ -~]*'
BEGIN
  INSERT INTO internal_wellformed (text) VALUES (NEW.stream);
END;

CREATE TRIGGER events_insert_check BEFORE INSERT ON events
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a stream is only appended to, in order; append through the view event_log')
  WHERE NEW.number IS NOT (SELECT last_number + 1 FROM streams WHERE id = NEW.stream_id)
    OR EXISTS (SELECT 1 FROM events WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'fencepost: the stream has an event of this name, which is stored once')
  WHERE EXISTS (SELECT 1 FROM events WHERE stream_id = NEW.stream_id AND event_id = NEW.event_id);
  SELECT RAISE(ABORT, 'fencepost: an event belongs to the newest commit; append through the view event_log')
  WHERE NEW.sequence IS NOT (SELECT max(sequence) FROM commits);
END;

CREATE TRIGGER events_update_stream AFTER INSERT ON events
BEGIN
  SELECT RAISE(ABORT, 'fencepost: events are only appended to')
  WHERE NEW.id <> 1 + (SELECT coalesce(max(id), 0) FROM events WHERE id <> NEW.id);
  SELECT RAISE(ABORT, 'fencepost: the commit is complete, and history does not change; append through the view event_log')
  WHERE EXISTS (SELECT 1 FROM commits c JOIN events e ON e.id = NEW.id - c.event_count
    WHERE c.sequence = NEW.sequence AND e.sequence = NEW.sequence)
    OR (SELECT event_count FROM commits WHERE sequence = NEW.sequence) = 0;
  UPDATE streams
  SET last_number = NEW.number, sequence = NEW.sequence, first_sequence = iif(NEW.number = 1, NEW.sequence,
    first_sequence)
  WHERE id = NEW.stream_id;
END;

CREATE TRIGGER events_immutable BEFORE UPDATE ON events
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history does not change');
END;

CREATE TRIGGER events_no_delete BEFORE DELETE ON events
WHEN NOT EXISTS (SELECT 1 FROM streams WHERE id = OLD.stream_id AND oldest_number > OLD.number)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history only grows; what is kept of a stream is said in the table retention_rules');
END;

CREATE TRIGGER events_text_check BEFORE INSERT ON events
WHEN NEW.event_id GLOB '*[^ -~]*' OR length(CAST(NEW.body AS BLOB)) > 536870912
  OR (SELECT process FROM commits WHERE sequence = NEW.sequence) = 0
BEGIN
  SELECT RAISE(ABORT, 'fencepost: an event has at most 536870912 bytes of UTF-8')
  WHERE length(CAST(NEW.body AS BLOB)) > 536870912;
  INSERT INTO internal_wellformed (text) VALUES (NEW.event_id);
  INSERT INTO internal_wellformed (text)
  SELECT NEW.body WHERE (SELECT process FROM commits WHERE sequence = NEW.sequence) = 0;
END;

CREATE TRIGGER fold_states_text_check BEFORE INSERT ON fold_states WHEN NEW.fold GLOB '*[^ -~]*'
BEGIN
  INSERT INTO internal_wellformed (text) VALUES (NEW.fold);
END;

CREATE TRIGGER event_log_insert INSTEAD OF INSERT ON event_log
BEGIN
  SELECT RAISE(ABORT, 'fencepost: only stream, event_id and body can be given; number, writer and time follow by themselves')
  WHERE NEW.number IS NOT NULL OR NEW.schema_version IS NOT NULL OR NEW.sequence IS NOT NULL OR NEW.writer IS NOT NULL
    OR NEW.committed_at IS NOT NULL;
  SELECT RAISE(ABORT, 'fencepost: a stream, an event''s ID and its body are text without NUL')
  WHERE typeof(NEW.stream) <> 'text' OR typeof(NEW.event_id) <> 'text' OR typeof(NEW.body) <> 'text'
    OR instr(CAST(NEW.body AS BLOB), x'00') > 0;
  SELECT RAISE(ABORT, 'fencepost: the stream has an event of this name, which is stored once')
  WHERE EXISTS (SELECT 1 FROM events e JOIN streams h ON h.id = e.stream_id
    WHERE h.stream = NEW.stream AND e.event_id = NEW.event_id);
  INSERT INTO log (id, part, remaining, process, process_commit_number, agent, committed_at, event_count)
  SELECT coalesce(max(id), 0) + 1, 0, 0, 0, random() & 4611686018427387903 | 1, 'sql',
    (SELECT now FROM internal_clock), 1
  FROM log;
  INSERT INTO streams (stream)
  SELECT NEW.stream WHERE NOT EXISTS (SELECT 1 FROM streams WHERE stream = NEW.stream);
  INSERT INTO events (stream_id, number, sequence, event_id, body)
  SELECT id, last_number + 1, (SELECT max(sequence) FROM commits), NEW.event_id, NEW.body FROM streams
  WHERE stream = NEW.stream;
END;

CREATE TRIGGER prunes_insert INSTEAD OF INSERT ON prunes
BEGIN
  SELECT RAISE(ABORT, 'fencepost: only key and oldest_version can be given, of a key that exists; oldest_sequence follows by itself')
  WHERE NEW.oldest_sequence IS NOT NULL OR typeof(NEW.oldest_version) <> 'integer'
    OR NOT EXISTS (SELECT 1 FROM keys WHERE key = NEW.key);
  SELECT RAISE(ABORT, 'fencepost: a key is pruned up to a version that it has, and the newest is kept')
  WHERE NOT EXISTS (SELECT 1 FROM keys k LEFT JOIN pruned_keys t ON t.key_id = k.id
    WHERE k.key = NEW.key AND NEW.oldest_version > coalesce(t.oldest_version, 1) AND NEW.oldest_version <= k.version);
  UPDATE pruned_keys
  SET oldest_version = NEW.oldest_version, oldest_sequence = o.sequence, pruned_through = p.sequence
  FROM keys k
    JOIN versions o ON o.id = (
      WITH RECURSIVE walk (id, version, previous_id) AS (
        SELECT id, version, previous_id FROM log WHERE id = coalesce(
          (SELECT id FROM log WHERE key_id = k.id AND version = (NEW.oldest_version + 3) & ~3 AND version & 3 = 0), k.latest_version_id)
        UNION ALL
        SELECT l.id, l.version, l.previous_id FROM walk w JOIN log l ON l.id = w.previous_id AND l.id < w.id
        WHERE w.version > NEW.oldest_version)
      SELECT id FROM walk WHERE version = NEW.oldest_version)
    JOIN versions p ON p.id = o.previous_id
  WHERE pruned_keys.key_id = k.id AND k.key = NEW.key;
  INSERT INTO pruned_keys (key_id, oldest_version, oldest_sequence, first_sequence, pruned_through)
  SELECT k.id, NEW.oldest_version, o.sequence, f.sequence, p.sequence
  FROM keys k
    JOIN versions o ON o.id = (
      WITH RECURSIVE walk (id, version, previous_id) AS (
        SELECT id, version, previous_id FROM log WHERE id = coalesce(
          (SELECT id FROM log WHERE key_id = k.id AND version = (NEW.oldest_version + 3) & ~3 AND version & 3 = 0), k.latest_version_id)
        UNION ALL
        SELECT l.id, l.version, l.previous_id FROM walk w JOIN log l ON l.id = w.previous_id AND l.id < w.id
        WHERE w.version > NEW.oldest_version)
      SELECT id FROM walk WHERE version = NEW.oldest_version)
    JOIN versions p ON p.id = o.previous_id
    JOIN versions f ON f.id = (
      WITH RECURSIVE walk (id, version, previous_id) AS (
        SELECT id, version, previous_id FROM log WHERE id = coalesce(
          (SELECT id FROM log WHERE key_id = k.id AND version = (1 + 3) & ~3 AND version & 3 = 0), k.latest_version_id)
        UNION ALL
        SELECT l.id, l.version, l.previous_id FROM walk w JOIN log l ON l.id = w.previous_id AND l.id < w.id
        WHERE w.version > 1)
      SELECT id FROM walk WHERE version = 1)
  WHERE k.key = NEW.key AND NOT EXISTS (SELECT 1 FROM pruned_keys WHERE key_id = k.id);
END;

CREATE TRIGGER commit_dependencies_insert_check BEFORE INSERT ON commit_dependencies
WHEN NEW.sequence IS NOT (SELECT max(sequence) FROM commits)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: what a commit rested on is said with it');
END;

CREATE TRIGGER commit_dependencies_ignore_duplicate BEFORE INSERT ON commit_dependencies
WHEN EXISTS (SELECT 1 FROM commit_dependencies WHERE sequence = NEW.sequence AND kind = NEW.kind AND name = NEW.name)
BEGIN
  SELECT RAISE(IGNORE);
END;

CREATE TRIGGER commit_dependencies_no_delete BEFORE DELETE ON commit_dependencies
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history only grows');
END;

CREATE TRIGGER commit_dependencies_immutable BEFORE UPDATE ON commit_dependencies
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history does not change');
END;

CREATE TRIGGER commit_dependencies_text_check BEFORE INSERT ON commit_dependencies WHEN NEW.name GLOB '*[^ -~]*'
BEGIN
  INSERT INTO internal_wellformed (text) VALUES (NEW.name);
END;

CREATE TRIGGER refusals_immutable BEFORE UPDATE ON refusals
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history does not change');
END;

CREATE TRIGGER refusals_delete_oldest AFTER INSERT ON refusals
BEGIN
  DELETE FROM refusals WHERE id <= NEW.id - 100000;
END;

CREATE TRIGGER refusals_number_check AFTER INSERT ON refusals
BEGIN
  SELECT RAISE(ABORT, 'fencepost: refusals are numbered one after the other')
  WHERE NEW.id IS NOT (SELECT last + 1 FROM numbers WHERE name = 'refusals');
  UPDATE numbers SET last = NEW.id WHERE name = 'refusals';
END;

CREATE TRIGGER refusals_text_check BEFORE INSERT ON refusals
WHEN NEW.refused_at NOT BETWEEN 0 AND 253402300799999
  OR (NEW.agent || NEW.kind || NEW.name || coalesce(NEW.blocked_by, '') || NEW.message) GLOB '*[^ -~]*'
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a time is in milliseconds since 1970, and not after the year 9999')
  WHERE NEW.refused_at NOT BETWEEN 0 AND 253402300799999;
  INSERT INTO internal_wellformed (text) VALUES (NEW.agent), (NEW.kind), (NEW.name), (NEW.blocked_by), (NEW.message);
END;
