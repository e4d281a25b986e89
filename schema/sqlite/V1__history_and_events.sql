-- Fencepost, schema 1, part 4: retention, snapshots, streams of events, and provenance.
--
-- Look at the views streams, events, snapshots, trims, provenance and conflicts. To append an event by hand, INSERT into
-- the view events (stream, event, text). The table retention may be edited by hand. To prune old versions of a key by
-- hand, INSERT into the view trims (key, kept_from).

CREATE TABLE trimmed (
  -- One row for each key with pruned versions: those before kept_from, and never the newest.
  key_id INTEGER PRIMARY KEY REFERENCES keys (id),
  kept_from INTEGER NOT NULL,  -- the oldest version that is kept
  kept_since INTEGER NOT NULL, -- its sequence: the key can be read as of this and later
  began INTEGER NOT NULL,      -- the sequence of version 1: before it, the key was absent
  evicted_to INTEGER NOT NULL  -- the sequence of the newest pruned version
) STRICT;

CREATE TABLE pins (
  -- One row for each open snapshot. The versions that it sees are kept while the heartbeats of its process are in time.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  process INTEGER NOT NULL REFERENCES processes (id),
  sequence INTEGER NOT NULL,
  lease INTEGER NOT NULL,      -- milliseconds without a heartbeat after which the snapshot is ignored
  opened_at INTEGER NOT NULL
) STRICT;

CREATE TABLE retention (
  -- The rules for keys and streams with a prefix. The longest matching prefix applies; without one, everything is kept.
  -- A version or event is pruned when neither bound keeps it. The newest is never pruned.
  prefix TEXT NOT NULL PRIMARY KEY,
  versions INTEGER CHECK (versions >= 1), -- the number of newest ones to keep; NULL if this bound keeps none
  age INTEGER CHECK (age BETWEEN 0 AND 3153600000000), -- milliseconds; what was current since then is kept; NULL as above
  agent TEXT NOT NULL DEFAULT 'sql',      -- the author of the rule
  CONSTRAINT "a rule says how much is kept" CHECK (versions IS NOT NULL OR age IS NOT NULL)
) STRICT;

CREATE TABLE stream_heads (
  -- One row for each stream of events.
  id INTEGER PRIMARY KEY,
  stream TEXT NOT NULL UNIQUE
    CONSTRAINT "a stream has a name of 1 to 512 bytes without control characters" CHECK (
      length(CAST(stream AS BLOB)) BETWEEN 1 AND 512
      AND instr(CAST(stream AS BLOB), x'00') = 0
      AND stream NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
  events INTEGER NOT NULL DEFAULT 0,     -- the number of the newest event
  sequence INTEGER NOT NULL DEFAULT 0,   -- of the newest event
  began INTEGER NOT NULL DEFAULT 0,      -- the sequence of event 1
  kept_from INTEGER NOT NULL DEFAULT 1,  -- the number of the oldest event that is kept
  evicted_to INTEGER NOT NULL DEFAULT 0  -- the sequence of the newest pruned event
) STRICT;

CREATE TABLE stream_events (
  -- One row for each event, in the order of commits. Only ever appended to.
  id INTEGER PRIMARY KEY,
  stream_id INTEGER NOT NULL REFERENCES stream_heads (id),
  number INTEGER NOT NULL,               -- in its stream, from 1
  sequence INTEGER NOT NULL REFERENCES commits (sequence),
  event TEXT NOT NULL                    -- the ID of the event; a second event of this ID is not stored
    CONSTRAINT "an event has a name of 1 to 200 bytes without control characters" CHECK (
      length(CAST(event AS BLOB)) BETWEEN 1 AND 200
      AND instr(CAST(event AS BLOB), x'00') = 0
      AND event NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
  shape INTEGER NOT NULL DEFAULT 1,      -- the schema version of the text
  text TEXT NOT NULL
    CONSTRAINT "an event is text without NUL" CHECK (instr(CAST(text AS BLOB), x'00') = 0),
  UNIQUE (stream_id, number),
  UNIQUE (stream_id, event)
) STRICT;

CREATE TABLE stream_folds (
  -- Saved states of folds, so that a fold need not begin with the first event. Can be deleted at any time.
  stream_id INTEGER NOT NULL REFERENCES stream_heads (id),
  fold TEXT NOT NULL,
  version INTEGER NOT NULL,    -- of the fold
  number INTEGER NOT NULL,     -- of the newest event in the state
  text TEXT NOT NULL,
  PRIMARY KEY (stream_id, fold)
) STRICT, WITHOUT ROWID;

CREATE TABLE commit_reads (
  -- The reads that a commit depends on, if provenance is on.
  sequence INTEGER NOT NULL REFERENCES commits (sequence),
  kind TEXT NOT NULL CHECK (kind IN ('key', 'prefix', 'stream')),
  name TEXT NOT NULL,
  at INTEGER NOT NULL,         -- the sequence as of which it was read
  PRIMARY KEY (sequence, kind, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE refusals (
  -- Refused commits, if provenance is on: one row for each reason. The newest 100000 are kept.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  sequence INTEGER NOT NULL,   -- of the newest commit at that moment
  process INTEGER NOT NULL REFERENCES processes (id),
  agent TEXT NOT NULL,         -- the refused agent
  kind TEXT NOT NULL,
  name TEXT NOT NULL,          -- the key, prefix or stream
  by TEXT,                     -- the agent that caused the refusal
  by_sequence INTEGER,         -- the commit that caused it
  message TEXT NOT NULL
) STRICT;

CREATE INDEX trimmed_to ON trimmed (evicted_to);

CREATE INDEX pins_by_sequence ON pins (sequence);

CREATE INDEX stream_heads_evicted ON stream_heads (evicted_to) WHERE evicted_to > 0;

CREATE VIEW streams AS
  -- Every stream of events.
  SELECT h.stream, h.events, h.kept_from, h.sequence,
    strftime('%Y-%m-%dT%H:%M:%fZ', c.committed_at / 1000.0, 'unixepoch') AS last_at
  FROM stream_heads h LEFT JOIN commits c ON c.sequence = h.sequence;

CREATE VIEW events AS
  -- Every event that is kept. INSERT (stream, event, text) appends.
  SELECT h.stream, e.number, e.event, e.text, e.shape, e.sequence, c.agent AS writer,
    strftime('%Y-%m-%dT%H:%M:%fZ', c.committed_at / 1000.0, 'unixepoch') AS committed_at
  FROM stream_events e JOIN stream_heads h ON h.id = e.stream_id JOIN commits c ON c.sequence = e.sequence;

CREATE VIEW trims AS
  -- Every key with pruned versions. INSERT (key, kept_from) prunes those before kept_from.
  SELECT k.key, t.kept_from, t.kept_since FROM trimmed t JOIN keys k ON k.id = t.key_id;

CREATE VIEW snapshots AS
  -- Every open snapshot. DELETE from the table pins lets its versions be pruned.
  SELECT n.id, n.sequence, p.pid,
    strftime('%Y-%m-%dT%H:%M:%fZ', n.opened_at / 1000.0, 'unixepoch') AS opened_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', (max(p.heartbeat_at, n.opened_at) + n.lease) / 1000.0, 'unixepoch') AS expires_at
  FROM pins n JOIN processes p ON p.id = n.process;

CREATE VIEW provenance AS
  -- The writes of each commit, and the reads that they depend on, if provenance was on.
  SELECT r.sequence, c.agent, k.key, v.version, r.kind, r.name, r.at
  FROM commit_reads r JOIN commits c ON c.sequence = r.sequence
    LEFT JOIN versions v ON v.sequence = r.sequence LEFT JOIN keys k ON k.id = v.key_id;

CREATE VIEW conflicts AS
  -- The refused agents, the cause and the reason, if provenance was on.
  SELECT r.id, strftime('%Y-%m-%dT%H:%M:%fZ', r.at / 1000.0, 'unixepoch') AS at, r.agent, p.pid, r.kind, r.name, r.by,
    r.by_sequence, r.message
  FROM refusals r JOIN processes p ON p.id = r.process;

CREATE TRIGGER trimmed_begin BEFORE INSERT ON trimmed
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a key is trimmed up to a version that it has, and the newest is kept')
  WHERE NEW.kept_from < 2 OR EXISTS (SELECT 1 FROM trimmed WHERE key_id = NEW.key_id)
    OR NEW.kept_since IS NOT (SELECT sequence FROM versions WHERE key_id = NEW.key_id AND version = NEW.kept_from)
    OR NEW.began IS NOT (SELECT sequence FROM versions WHERE key_id = NEW.key_id AND version = 1)
    OR NEW.evicted_to IS NOT (SELECT sequence FROM versions WHERE key_id = NEW.key_id AND version = NEW.kept_from - 1);
  SELECT RAISE(ABORT, 'fencepost: an open snapshot can see that version; see the view snapshots')
  WHERE EXISTS (SELECT 1 FROM pins WHERE sequence >= NEW.began AND sequence < NEW.kept_since);
END;

CREATE TRIGGER trimmed_step BEFORE UPDATE ON trimmed
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a key is trimmed up to a version that it has, and the newest is kept')
  WHERE NEW.key_id <> OLD.key_id OR NEW.began <> OLD.began OR NEW.kept_from <= OLD.kept_from
    OR NEW.kept_since IS NOT (SELECT sequence FROM versions WHERE key_id = NEW.key_id AND version = NEW.kept_from)
    OR NEW.evicted_to IS NOT (SELECT sequence FROM versions WHERE key_id = NEW.key_id AND version = NEW.kept_from - 1);
  SELECT RAISE(ABORT, 'fencepost: an open snapshot can see that version; see the view snapshots')
  WHERE EXISTS (SELECT 1 FROM pins WHERE sequence >= OLD.kept_since AND sequence < NEW.kept_since);
END;

CREATE TRIGGER trimmed_first AFTER INSERT ON trimmed
BEGIN
  DELETE FROM versions WHERE key_id = NEW.key_id AND version < NEW.kept_from;
END;

CREATE TRIGGER trimmed_again AFTER UPDATE ON trimmed
BEGIN
  DELETE FROM versions WHERE key_id = NEW.key_id AND version < NEW.kept_from;
END;

CREATE TRIGGER trimmed_kept BEFORE DELETE ON trimmed
BEGIN
  SELECT RAISE(ABORT, 'fencepost: what is no longer kept does not come back');
END;

CREATE TRIGGER pins_fixed BEFORE UPDATE ON pins
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a snapshot does not move; DELETE it so that its versions can be pruned');
END;

CREATE TRIGGER pins_in_order AFTER INSERT ON pins
BEGIN
  SELECT RAISE(ABORT, 'fencepost: snapshots are numbered one after the other')
  WHERE NEW.id IS NOT (SELECT last + 1 FROM numbers WHERE name = 'pins');
  UPDATE numbers SET last = NEW.id WHERE name = 'pins';
END;

CREATE TRIGGER pins_bounded BEFORE INSERT ON pins
WHEN NEW.opened_at NOT BETWEEN 0 AND 253402300799999 OR NEW.lease NOT BETWEEN 1 AND 3153600000000 OR NEW.sequence < 0
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a snapshot has a sequence from 0, a time up to the year 9999 and a lease up to 100 years');
END;

CREATE TRIGGER retention_text BEFORE INSERT ON retention
WHEN (NEW.prefix || NEW.agent) GLOB '*[^ -~]*' OR length(NEW.prefix) > 512
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a prefix has at most 512 bytes')
  WHERE length(CAST(NEW.prefix AS BLOB)) > 512;
  INSERT INTO wellformed (text) VALUES (NEW.prefix), (NEW.agent);
END;

CREATE TRIGGER retention_text_update BEFORE UPDATE ON retention
WHEN (NEW.prefix || NEW.agent) GLOB '*[^ -~]*' OR length(NEW.prefix) > 512
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a prefix has at most 512 bytes')
  WHERE length(CAST(NEW.prefix AS BLOB)) > 512;
  INSERT INTO wellformed (text) VALUES (NEW.prefix), (NEW.agent);
END;

CREATE TRIGGER stream_heads_begin BEFORE INSERT ON stream_heads
WHEN NEW.events <> 0 OR NEW.sequence <> 0 OR NEW.began <> 0 OR NEW.kept_from <> 1 OR NEW.evicted_to <> 0
  OR EXISTS (SELECT 1 FROM stream_heads WHERE id = NEW.id OR stream = NEW.stream)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a stream begins once, and empty; append through the view events');
END;

CREATE TRIGGER stream_heads_fixed BEFORE UPDATE ON stream_heads
WHEN NEW.id <> OLD.id OR NEW.stream IS NOT OLD.stream
BEGIN
  SELECT RAISE(ABORT, 'fencepost: streams are not renamed');
END;

CREATE TRIGGER stream_heads_step BEFORE UPDATE OF events, sequence, began ON stream_heads
WHEN NEW.events <> OLD.events + 1 OR NEW.began <> iif(NEW.events = 1, NEW.sequence, OLD.began) OR NOT EXISTS (
  SELECT 1 FROM stream_events WHERE stream_id = OLD.id AND number = NEW.events AND sequence = NEW.sequence)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a stream only grows, event by event; append through the view events');
END;

CREATE TRIGGER stream_heads_trim BEFORE UPDATE OF kept_from, evicted_to ON stream_heads
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a stream is trimmed up to an event that it has, and the newest is kept')
  WHERE NEW.kept_from <= OLD.kept_from OR NEW.kept_from > OLD.events
    OR NEW.evicted_to IS NOT (SELECT sequence FROM stream_events WHERE stream_id = OLD.id AND number = NEW.kept_from - 1);
  SELECT RAISE(ABORT, 'fencepost: an open snapshot can see that event; see the view snapshots')
  WHERE EXISTS (SELECT 1 FROM pins WHERE sequence >= (
    SELECT sequence FROM stream_events WHERE stream_id = OLD.id AND number = OLD.kept_from));
END;

CREATE TRIGGER stream_heads_trimmed AFTER UPDATE OF kept_from ON stream_heads
BEGIN
  DELETE FROM stream_events WHERE stream_id = NEW.id AND number < NEW.kept_from;
END;

CREATE TRIGGER stream_heads_kept BEFORE DELETE ON stream_heads
BEGIN
  SELECT RAISE(ABORT, 'fencepost: streams are part of history, which only grows');
END;

CREATE TRIGGER stream_heads_in_order AFTER INSERT ON stream_heads
WHEN NEW.id > 1 + (SELECT coalesce(max(id), 0) FROM stream_heads WHERE id <> NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: streams are numbered one after the other; leave the number out');
END;

CREATE TRIGGER stream_heads_text BEFORE INSERT ON stream_heads WHEN NEW.stream GLOB '*[^ -~]*'
BEGIN
  INSERT INTO wellformed (text) VALUES (NEW.stream);
END;

CREATE TRIGGER stream_events_append BEFORE INSERT ON stream_events
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a stream is only appended to, in order; append through the view events')
  WHERE NEW.number IS NOT (SELECT events + 1 FROM stream_heads WHERE id = NEW.stream_id)
    OR EXISTS (SELECT 1 FROM stream_events WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'fencepost: the stream has an event of this name, which is stored once')
  WHERE EXISTS (SELECT 1 FROM stream_events WHERE stream_id = NEW.stream_id AND event = NEW.event);
  SELECT RAISE(ABORT, 'fencepost: an event belongs to the newest commit; append through the view events')
  WHERE NEW.sequence IS NOT (SELECT max(sequence) FROM commits);
END;

CREATE TRIGGER stream_events_count AFTER INSERT ON stream_events
BEGIN
  SELECT RAISE(ABORT, 'fencepost: events are only appended to')
  WHERE NEW.id <> 1 + (SELECT coalesce(max(id), 0) FROM stream_events WHERE id <> NEW.id);
  SELECT RAISE(ABORT, 'fencepost: the commit is complete, and history does not change; append through the view events')
  WHERE EXISTS (SELECT 1 FROM commits c JOIN stream_events e ON e.id = NEW.id - c.events
    WHERE c.sequence = NEW.sequence AND e.sequence = NEW.sequence)
    OR (SELECT events FROM commits WHERE sequence = NEW.sequence) = 0;
  UPDATE stream_heads
  SET events = NEW.number, sequence = NEW.sequence, began = iif(NEW.number = 1, NEW.sequence, began)
  WHERE id = NEW.stream_id;
END;

CREATE TRIGGER stream_events_fixed BEFORE UPDATE ON stream_events
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history does not change');
END;

CREATE TRIGGER stream_events_kept BEFORE DELETE ON stream_events
WHEN NOT EXISTS (SELECT 1 FROM stream_heads WHERE id = OLD.stream_id AND kept_from > OLD.number)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history only grows; what is kept of a stream is said in the table retention');
END;

CREATE TRIGGER stream_events_text BEFORE INSERT ON stream_events
WHEN NEW.event GLOB '*[^ -~]*' OR length(CAST(NEW.text AS BLOB)) > 536870912
  OR (SELECT process FROM commits WHERE sequence = NEW.sequence) = 0
BEGIN
  SELECT RAISE(ABORT, 'fencepost: an event has at most 536870912 bytes of UTF-8')
  WHERE length(CAST(NEW.text AS BLOB)) > 536870912;
  INSERT INTO wellformed (text) VALUES (NEW.event);
  INSERT INTO wellformed (text)
  SELECT NEW.text WHERE (SELECT process FROM commits WHERE sequence = NEW.sequence) = 0;
END;

CREATE TRIGGER stream_folds_text BEFORE INSERT ON stream_folds WHEN NEW.fold GLOB '*[^ -~]*'
BEGIN
  INSERT INTO wellformed (text) VALUES (NEW.fold);
END;

CREATE TRIGGER events_insert INSTEAD OF INSERT ON events
BEGIN
  SELECT RAISE(ABORT, 'fencepost: only stream, event and text can be given; number, writer and time follow by themselves')
  WHERE NEW.number IS NOT NULL OR NEW.shape IS NOT NULL OR NEW.sequence IS NOT NULL OR NEW.writer IS NOT NULL
    OR NEW.committed_at IS NOT NULL;
  SELECT RAISE(ABORT, 'fencepost: a stream, an event''s name and its text are text without NUL')
  WHERE typeof(NEW.stream) <> 'text' OR typeof(NEW.event) <> 'text' OR typeof(NEW.text) <> 'text'
    OR instr(CAST(NEW.text AS BLOB), x'00') > 0;
  SELECT RAISE(ABORT, 'fencepost: the stream has an event of this name, which is stored once')
  WHERE EXISTS (SELECT 1 FROM stream_events e JOIN stream_heads h ON h.id = e.stream_id
    WHERE h.stream = NEW.stream AND e.event = NEW.event);
  INSERT INTO commits (sequence, process, ordinal, agent, committed_at, versions, events)
  SELECT coalesce(max(sequence), 0) + 1, 0, random() & 4611686018427387903 | 1, 'sql', (SELECT now FROM clock), 0, 1
  FROM commits;
  INSERT INTO stream_heads (stream)
  SELECT NEW.stream WHERE NOT EXISTS (SELECT 1 FROM stream_heads WHERE stream = NEW.stream);
  INSERT INTO stream_events (stream_id, number, sequence, event, text)
  SELECT id, events + 1, (SELECT max(sequence) FROM commits), NEW.event, NEW.text FROM stream_heads
  WHERE stream = NEW.stream;
END;

CREATE TRIGGER trims_insert INSTEAD OF INSERT ON trims
BEGIN
  SELECT RAISE(ABORT, 'fencepost: only key and kept_from can be given, of a key that exists; kept_since follows by itself')
  WHERE NEW.kept_since IS NOT NULL OR typeof(NEW.kept_from) <> 'integer'
    OR NOT EXISTS (SELECT 1 FROM keys WHERE key = NEW.key);
  SELECT RAISE(ABORT, 'fencepost: a key is trimmed up to a version that it has, and the newest is kept')
  WHERE (SELECT count(*) FROM versions v JOIN keys k ON k.id = v.key_id
    WHERE k.key = NEW.key AND v.version IN (NEW.kept_from - 1, NEW.kept_from)) < 2;
  UPDATE trimmed
  SET kept_from = NEW.kept_from,
    kept_since = (SELECT sequence FROM versions v WHERE v.key_id = trimmed.key_id AND v.version = NEW.kept_from),
    evicted_to = (SELECT sequence FROM versions v WHERE v.key_id = trimmed.key_id AND v.version = NEW.kept_from - 1)
  WHERE key_id = (SELECT id FROM keys WHERE key = NEW.key);
  INSERT INTO trimmed (key_id, kept_from, kept_since, began, evicted_to)
  SELECT id, NEW.kept_from,
    (SELECT sequence FROM versions v WHERE v.key_id = k.id AND v.version = NEW.kept_from),
    (SELECT sequence FROM versions v WHERE v.key_id = k.id AND v.version = 1),
    (SELECT sequence FROM versions v WHERE v.key_id = k.id AND v.version = NEW.kept_from - 1)
  FROM keys k WHERE k.key = NEW.key AND NOT EXISTS (SELECT 1 FROM trimmed WHERE key_id = k.id);
END;

CREATE TRIGGER commit_reads_append BEFORE INSERT ON commit_reads WHEN NEW.sequence IS NOT (SELECT max(sequence) FROM commits)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: what a commit rested on is said with it');
END;

CREATE TRIGGER commit_reads_once BEFORE INSERT ON commit_reads
WHEN EXISTS (SELECT 1 FROM commit_reads WHERE sequence = NEW.sequence AND kind = NEW.kind AND name = NEW.name)
BEGIN
  SELECT RAISE(IGNORE);
END;

CREATE TRIGGER commit_reads_kept BEFORE DELETE ON commit_reads
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history only grows');
END;

CREATE TRIGGER commit_reads_fixed BEFORE UPDATE ON commit_reads
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history does not change');
END;

CREATE TRIGGER commit_reads_text BEFORE INSERT ON commit_reads WHEN NEW.name GLOB '*[^ -~]*'
BEGIN
  INSERT INTO wellformed (text) VALUES (NEW.name);
END;

CREATE TRIGGER refusals_fixed BEFORE UPDATE ON refusals
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history does not change');
END;

CREATE TRIGGER refusals_bounded AFTER INSERT ON refusals
BEGIN
  DELETE FROM refusals WHERE id <= NEW.id - 100000;
END;

CREATE TRIGGER refusals_in_order AFTER INSERT ON refusals
BEGIN
  SELECT RAISE(ABORT, 'fencepost: refusals are numbered one after the other')
  WHERE NEW.id IS NOT (SELECT last + 1 FROM numbers WHERE name = 'refusals');
  UPDATE numbers SET last = NEW.id WHERE name = 'refusals';
END;

CREATE TRIGGER refusals_text BEFORE INSERT ON refusals
WHEN NEW.at NOT BETWEEN 0 AND 253402300799999
  OR (NEW.agent || NEW.kind || NEW.name || coalesce(NEW.by, '') || NEW.message) GLOB '*[^ -~]*'
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a time is in milliseconds since 1970, and not after the year 9999')
  WHERE NEW.at NOT BETWEEN 0 AND 253402300799999;
  INSERT INTO wellformed (text) VALUES (NEW.agent), (NEW.kind), (NEW.name), (NEW.by), (NEW.message);
END;
