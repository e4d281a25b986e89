-- Fencepost, schema 3: what was, and for how long it is kept; streams of events; cursors in the order of commits; what
-- commits rested on, and who was refused.
--
-- Look at the views: streams, events, cursors, snapshots, trims, provenance, conflicts. To append an event by hand, INSERT
-- into the view events (stream, event, text). The table retention may be edited by hand. To let go of old versions of a
-- key by hand, INSERT into the view trims (key, kept_from). The tables defend themselves as those before do.

ALTER TABLE commits ADD COLUMN events INTEGER NOT NULL DEFAULT 0 CHECK (events >= 0);

CREATE TABLE trimmed (
  -- One row for each key of which old versions are no longer kept: those before kept_from, and never the newest.
  key_id INTEGER PRIMARY KEY REFERENCES keys (id),
  kept_from INTEGER NOT NULL,  -- the oldest version that is kept
  kept_since INTEGER NOT NULL, -- its sequence: as of that and later, the key can be read
  began INTEGER NOT NULL,      -- the sequence of version 1: before it, the key was absent
  evicted_to INTEGER NOT NULL  -- the sequence of the newest version that is no longer kept
) STRICT;

CREATE INDEX trimmed_to ON trimmed (evicted_to);

CREATE TABLE pins (
  -- One row for each snapshot that is open: what it can see is kept for as long as its process shows that it lives.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  process INTEGER NOT NULL REFERENCES processes (id),
  sequence INTEGER NOT NULL,
  lease INTEGER NOT NULL,      -- milliseconds without a heartbeat after which it counts for nothing
  opened_at INTEGER NOT NULL
) STRICT;

CREATE INDEX pins_by_sequence ON pins (sequence);

CREATE TABLE retention (
  -- What is kept of the keys and streams with a prefix; of several that fit, the longest counts, and where none does,
  -- everything is kept. A version, or an event, is let go when neither of the two keeps it. The newest always stays.
  prefix TEXT NOT NULL PRIMARY KEY,
  versions INTEGER CHECK (versions >= 1), -- so many of the newest are kept; NULL if their number keeps none
  age INTEGER CHECK (age BETWEEN 0 AND 3153600000000), -- what was current in the last so many milliseconds is kept; NULL as above
  agent TEXT NOT NULL DEFAULT 'sql',      -- who said so
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
  evicted_to INTEGER NOT NULL DEFAULT 0  -- the sequence of the newest event that is no longer kept
) STRICT;

CREATE INDEX stream_heads_evicted ON stream_heads (evicted_to) WHERE evicted_to > 0;

CREATE TABLE stream_events (
  -- One row for each event, in the order of commits. Only ever appended to.
  id INTEGER PRIMARY KEY,
  stream_id INTEGER NOT NULL REFERENCES stream_heads (id),
  number INTEGER NOT NULL,               -- in its stream, from 1
  sequence INTEGER NOT NULL REFERENCES commits (sequence),
  event TEXT NOT NULL                    -- its own name: given twice, it is stored once
    CONSTRAINT "an event has a name of 1 to 200 bytes without control characters" CHECK (
      length(CAST(event AS BLOB)) BETWEEN 1 AND 200
      AND instr(CAST(event AS BLOB), x'00') = 0
      AND event NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
  shape INTEGER NOT NULL DEFAULT 1,      -- which shape of its codec the text has
  text TEXT NOT NULL
    CONSTRAINT "an event is text without NUL" CHECK (instr(CAST(text AS BLOB), x'00') = 0),
  UNIQUE (stream_id, number),
  UNIQUE (stream_id, event)
) STRICT;

CREATE TABLE stream_folds (
  -- What folds of streams came to, so that they need not begin with the first event. Can be deleted at any time.
  stream_id INTEGER NOT NULL REFERENCES stream_heads (id),
  fold TEXT NOT NULL,
  version INTEGER NOT NULL,    -- of the fold
  number INTEGER NOT NULL,     -- of the newest event in it
  text TEXT NOT NULL,
  PRIMARY KEY (stream_id, fold)
) STRICT, WITHOUT ROWID;

CREATE TABLE feed_cursors (
  -- One row for each named place in the order of commits up to which somebody has done something with the changes.
  id INTEGER PRIMARY KEY,
  cursor TEXT NOT NULL UNIQUE CONSTRAINT "a cursor has a name" CHECK (length(cursor) > 0),
  key_id INTEGER NOT NULL REFERENCES keys (id),  -- whoever consumes holds a claim on this
  source TEXT NOT NULL CHECK (source IN ('values', 'events', 'stream')),
  prefix TEXT NOT NULL,
  at INTEGER NOT NULL CHECK (at >= 0),           -- everything up to this sequence is done
  moved_sequence INTEGER NOT NULL REFERENCES commits (sequence)
) STRICT;

CREATE TABLE commit_reads (
  -- What a commit rested on, where that was to be kept.
  sequence INTEGER NOT NULL REFERENCES commits (sequence),
  kind TEXT NOT NULL CHECK (kind IN ('key', 'prefix', 'stream')),
  name TEXT NOT NULL,
  at INTEGER NOT NULL,         -- as of which place in the order of commits it was read
  PRIMARY KEY (sequence, kind, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE refusals (
  -- Commits that were refused, where that was to be kept: one row for each reason. The newest 100000 stay.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  sequence INTEGER NOT NULL,   -- of the newest commit at that moment
  process INTEGER NOT NULL REFERENCES processes (id),
  agent TEXT NOT NULL,         -- who was refused
  kind TEXT NOT NULL,
  name TEXT NOT NULL,          -- the key, prefix or stream that it was about
  by TEXT,                     -- who stood in the way
  by_sequence INTEGER,         -- by which commit
  message TEXT NOT NULL
) STRICT;

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

CREATE VIEW cursors AS
  -- Every cursor, who consumes now, and how many commits it is behind.
  SELECT f.cursor, f.source, f.prefix, f.at, (SELECT max(sequence) FROM commits) - f.at AS commits_behind,
    g.agent AS consumer, p.pid, k.epoch,
    strftime('%Y-%m-%dT%H:%M:%fZ', c.committed_at / 1000.0, 'unixepoch') AS moved_at
  FROM feed_cursors f JOIN keys k ON k.id = f.key_id JOIN commits c ON c.sequence = f.moved_sequence
    LEFT JOIN grants g ON g.id = k.claim LEFT JOIN processes p ON p.id = g.process;

CREATE VIEW snapshots AS
  -- Every snapshot that is open. DELETE from the table pins lets go of what it keeps.
  SELECT n.id, n.sequence, p.pid,
    strftime('%Y-%m-%dT%H:%M:%fZ', n.opened_at / 1000.0, 'unixepoch') AS opened_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', (max(p.heartbeat_at, n.opened_at) + n.lease) / 1000.0, 'unixepoch') AS expires_at
  FROM pins n JOIN processes p ON p.id = n.process;

CREATE VIEW trims AS
  -- Every key of which old versions are no longer kept. INSERT (key, kept_from) lets go of those before that.
  SELECT k.key, t.kept_from, t.kept_since FROM trimmed t JOIN keys k ON k.id = t.key_id;

CREATE VIEW provenance AS
  -- What each commit wrote, and what it rested on, where that was kept.
  SELECT r.sequence, c.agent, k.key, v.version, r.kind, r.name, r.at
  FROM commit_reads r JOIN commits c ON c.sequence = r.sequence
    LEFT JOIN versions v ON v.sequence = r.sequence LEFT JOIN keys k ON k.id = v.key_id;

CREATE VIEW conflicts AS
  -- Who was refused, by whom, and why, where that was kept.
  SELECT r.id, strftime('%Y-%m-%dT%H:%M:%fZ', r.at / 1000.0, 'unixepoch') AS at, r.agent, p.pid, r.kind, r.name, r.by,
    r.by_sequence, r.message
  FROM refusals r JOIN processes p ON p.id = r.process;

DROP TRIGGER versions_kept;

CREATE TRIGGER versions_kept BEFORE DELETE ON versions
WHEN NOT EXISTS (SELECT 1 FROM trimmed WHERE key_id = OLD.key_id AND kept_from > OLD.version)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history only grows; to let go of old versions, INSERT the key and kept_from into the view trims');
END;

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

CREATE TRIGGER pins_fixed BEFORE UPDATE ON pins
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a snapshot stays where it is; DELETE lets go of what it keeps');
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
  SELECT coalesce(max(sequence), 0) + 1, 0, coalesce(max(sequence), 0) + 1, 'sql', (SELECT now FROM clock), 0, 1
  FROM commits;
  INSERT INTO stream_heads (stream)
  SELECT NEW.stream WHERE NOT EXISTS (SELECT 1 FROM stream_heads WHERE stream = NEW.stream);
  INSERT INTO stream_events (stream_id, number, sequence, event, text)
  SELECT id, events + 1, (SELECT max(sequence) FROM commits), NEW.event, NEW.text FROM stream_heads
  WHERE stream = NEW.stream;
END;

CREATE TRIGGER feed_cursors_begin BEFORE INSERT ON feed_cursors
WHEN NEW.moved_sequence IS NOT (SELECT max(sequence) FROM commits) OR NEW.at > NEW.moved_sequence
  OR EXISTS (SELECT 1 FROM feed_cursors WHERE id = NEW.id OR cursor = NEW.cursor)
  OR NEW.key_id IS NOT (SELECT id FROM keys WHERE key = 'cursor:' || NEW.cursor)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a cursor begins once, with its key and the newest commit, at a place that there is');
END;

CREATE TRIGGER feed_cursors_move BEFORE UPDATE ON feed_cursors
WHEN NEW.id <> OLD.id OR NEW.cursor <> OLD.cursor OR NEW.key_id <> OLD.key_id OR NEW.source <> OLD.source
  OR NEW.prefix <> OLD.prefix OR NEW.moved_sequence IS NOT (SELECT max(sequence) FROM commits)
  OR NEW.at > NEW.moved_sequence OR NOT EXISTS (SELECT 1 FROM keys WHERE id = OLD.key_id AND claim IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a cursor is moved under the claim on its key, with the newest commit; use the command cursors');
END;

CREATE TRIGGER feed_cursors_kept BEFORE DELETE ON feed_cursors
WHEN EXISTS (SELECT 1 FROM keys WHERE id = OLD.key_id AND claim IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: somebody consumes by this cursor; see the view claims');
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

CREATE TRIGGER refusals_fixed BEFORE UPDATE ON refusals
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history does not change');
END;

CREATE TRIGGER refusals_bounded AFTER INSERT ON refusals
BEGIN
  DELETE FROM refusals WHERE id <= NEW.id - 100000;
END;
