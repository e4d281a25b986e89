-- Fencepost, schema 1, part 6: sagas, their journals, and the tasks of their steps.
--
-- Look at the views sagas, journal and work. The coordinator of a saga holds a claim on the key 'saga:' and the saga's
-- name. The worker of a task holds a claim on the key that the view work shows.

CREATE TABLE saga_runs (
  -- One row for each saga, with the state that its journal gives.
  id INTEGER PRIMARY KEY,
  saga TEXT NOT NULL UNIQUE CONSTRAINT "a saga has a name" CHECK (length(saga) > 0),
  key_id INTEGER NOT NULL REFERENCES keys (id),  -- the coordinator holds a claim on this key
  definition TEXT NOT NULL,
  version INTEGER NOT NULL,    -- of the definition
  input TEXT NOT NULL,
  deadline INTEGER,            -- a saga that is not completed by then is rolled back, unless it has passed its pivot
  begun_sequence INTEGER NOT NULL REFERENCES commits (sequence),
  state TEXT NOT NULL DEFAULT 'running'
    CHECK (state IN ('running', 'compensating', 'stuck', 'completed', 'compensated', 'resolved')),
  entries INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE saga_entries (
  -- The journals: one row for each event of a saga, in order. Only ever appended to.
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES saga_runs (id),
  entry INTEGER NOT NULL,
  sequence INTEGER NOT NULL REFERENCES commits (sequence),
  epoch INTEGER,               -- of the claim under which it was written; NULL for the start of a saga and for a cancel request
  kind TEXT NOT NULL CHECK (kind IN ('begun', 'started', 'done', 'failed', 'refused', 'unknown', 'ruled-out',
    'compensating', 'undoing', 'undone', 'undo-failed', 'cancel-requested', 'stuck', 'retried', 'skipped', 'completed',
    'compensated', 'resolved')),
  step TEXT,
  attempt INTEGER,             -- of the step, or of its compensation
  text TEXT,                   -- an output, an error, a reason or a note; of 'started', the input of the compensation
  UNIQUE (run, entry)
) STRICT;

CREATE TABLE saga_work (
  -- Tasks: steps, or their compensations, that workers of a role perform.
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES saga_runs (id),
  step TEXT NOT NULL,
  undo INTEGER NOT NULL CHECK (undo IN (0, 1)),
  attempt INTEGER NOT NULL,
  role TEXT NOT NULL,
  input TEXT NOT NULL,
  key_id INTEGER NOT NULL REFERENCES keys (id),   -- the worker holds a claim on this key
  epoch INTEGER NOT NULL,      -- of that key when the task was offered
  offered_sequence INTEGER NOT NULL REFERENCES commits (sequence),
  ended_sequence INTEGER REFERENCES commits (sequence),
  outcome TEXT CHECK (outcome IN ('done', 'failed', 'refused', 'withdrawn', 'lost')),
  output TEXT,
  CHECK ((ended_sequence IS NULL) = (outcome IS NULL))
) STRICT;

CREATE INDEX saga_runs_open ON saga_runs (id) WHERE state IN ('running', 'compensating', 'stuck');

-- The search for sagas to resume reads this index alone, and no inputs.
CREATE INDEX saga_runs_going_on ON saga_runs (id, saga, definition, version, deadline, key_id, state)
WHERE state IN ('running', 'compensating');

CREATE INDEX saga_work_of ON saga_work (run, step, undo, attempt);

CREATE INDEX saga_work_open ON saga_work (role, id) WHERE outcome IS NULL;

CREATE VIEW sagas AS
  -- Every saga, its state, and its coordinator now: not a process that has closed the store, nor an expired claim.
  SELECT r.saga, r.definition, r.version, r.state, r.input, r.entries,
    (SELECT e.step FROM saga_entries e WHERE e.run = r.id AND e.step IS NOT NULL ORDER BY e.entry DESC LIMIT 1) AS step,
    (SELECT e.text FROM saga_entries e WHERE e.run = r.id AND e.kind IN ('stuck', 'compensating')
      ORDER BY e.entry DESC LIMIT 1) AS reason,
    g.agent AS coordinator, p.pid, k.epoch,
    strftime('%Y-%m-%dT%H:%M:%fZ', b.committed_at / 1000.0, 'unixepoch') AS begun_at,
    (SELECT strftime('%Y-%m-%dT%H:%M:%fZ', c.committed_at / 1000.0, 'unixepoch') FROM saga_entries e
      JOIN commits c ON c.sequence = e.sequence WHERE e.run = r.id ORDER BY e.entry DESC LIMIT 1) AS last_at
  FROM saga_runs r JOIN keys k ON k.id = r.key_id JOIN commits b ON b.sequence = r.begun_sequence
    LEFT JOIN leases l ON l.claim = k.claim AND l.expires_at > (SELECT now FROM clock)
    LEFT JOIN grants g ON g.id = l.claim
      AND NOT (g.heartbeats AND EXISTS (SELECT 1 FROM processes o WHERE o.id = g.process AND o.closed_at IS NOT NULL))
    LEFT JOIN processes p ON p.id = g.process;

CREATE VIEW journal AS
  -- The journal of each saga, in order.
  SELECT r.saga, e.entry, e.kind, e.step, e.attempt, e.text, c.agent AS writer, e.epoch, e.sequence,
    strftime('%Y-%m-%dT%H:%M:%fZ', c.committed_at / 1000.0, 'unixepoch') AS at
  FROM saga_entries e JOIN saga_runs r ON r.id = e.run JOIN commits c ON c.sequence = e.sequence;

CREATE VIEW work AS
  -- The tasks of sagas, and their workers now.
  SELECT w.id, w.role, r.saga, w.step, w.undo, w.attempt, w.input, k.key, g.agent AS taken_by, w.outcome, w.output,
    strftime('%Y-%m-%dT%H:%M:%fZ', c.committed_at / 1000.0, 'unixepoch') AS offered_at
  FROM saga_work w JOIN saga_runs r ON r.id = w.run JOIN keys k ON k.id = w.key_id
    JOIN commits c ON c.sequence = w.offered_sequence LEFT JOIN grants g ON g.id = k.claim;

CREATE TRIGGER saga_runs_begin BEFORE INSERT ON saga_runs
WHEN NEW.state <> 'running' OR NEW.entries <> 0 OR NEW.begun_sequence IS NOT (SELECT max(sequence) FROM commits)
  OR EXISTS (SELECT 1 FROM saga_runs WHERE id = NEW.id OR saga = NEW.saga)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a saga begins once, with the newest commit and an empty journal');
END;

CREATE TRIGGER saga_runs_step BEFORE UPDATE ON saga_runs
WHEN NEW.id <> OLD.id OR NEW.saga <> OLD.saga OR NEW.key_id <> OLD.key_id OR NEW.definition <> OLD.definition
  OR NEW.version <> OLD.version OR NEW.input <> OLD.input OR NEW.deadline IS NOT OLD.deadline
  OR NEW.begun_sequence <> OLD.begun_sequence OR NEW.entries <> OLD.entries + 1
  OR NOT EXISTS (SELECT 1 FROM saga_entries WHERE run = OLD.id AND entry = NEW.entries)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a saga is what its journal says; use the commands saga retry, skip, resolve or cancel');
END;

CREATE TRIGGER saga_runs_kept BEFORE DELETE ON saga_runs
WHEN OLD.state NOT IN ('completed', 'compensated', 'resolved')
BEGIN
  SELECT RAISE(ABORT, 'fencepost: only a saga that has ended can be forgotten');
END;

CREATE TRIGGER saga_runs_forgotten AFTER DELETE ON saga_runs
BEGIN
  DELETE FROM saga_entries WHERE run = OLD.id;
  DELETE FROM saga_work WHERE run = OLD.id;
END;

CREATE TRIGGER saga_runs_in_order AFTER INSERT ON saga_runs
WHEN NEW.id > 1 + (SELECT coalesce(max(id), 0) FROM saga_runs WHERE id <> NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: sagas are numbered one after the other; leave the number out');
END;

CREATE TRIGGER saga_runs_text BEFORE INSERT ON saga_runs
WHEN (NEW.saga || NEW.definition) GLOB '*[^ -~]*' OR length(NEW.saga) > 200 OR length(NEW.definition) > 200
  OR NEW.deadline NOT BETWEEN 0 AND 253402300799999
  OR (SELECT process FROM commits WHERE sequence = NEW.begun_sequence) = 0
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a time is in milliseconds since 1970, and not after the year 9999')
  WHERE NEW.deadline NOT BETWEEN 0 AND 253402300799999;
  SELECT RAISE(ABORT, 'fencepost: a saga and its definition have names of at most 200 bytes')
  WHERE length(CAST(NEW.saga AS BLOB)) > 200 OR length(CAST(NEW.definition AS BLOB)) > 200;
  INSERT INTO wellformed (text) VALUES (NEW.saga), (NEW.definition);
  INSERT INTO wellformed (text)
  SELECT NEW.input WHERE (SELECT process FROM commits WHERE sequence = NEW.begun_sequence) = 0;
END;

CREATE TRIGGER saga_entries_append BEFORE INSERT ON saga_entries
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a journal is only appended to, in order, with the newest commit')
  WHERE NEW.entry IS NOT (SELECT entries + 1 FROM saga_runs WHERE id = NEW.run)
    OR NEW.sequence IS NOT (SELECT max(sequence) FROM commits)
    OR (NEW.entry = 1) <> (NEW.kind = 'begun')
    OR EXISTS (SELECT 1 FROM saga_entries WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'fencepost: the saga has ended')
  WHERE EXISTS (SELECT 1 FROM saga_runs WHERE id = NEW.run AND state IN ('completed', 'compensated', 'resolved'));
  SELECT RAISE(ABORT, 'fencepost: a journal is written under the present claim on its saga''s key')
  WHERE NOT (NEW.epoch IS NULL AND NEW.kind IN ('begun', 'cancel-requested'))
    AND NOT EXISTS (SELECT 1 FROM saga_runs r JOIN keys k ON k.id = r.key_id
      WHERE r.id = NEW.run AND k.claim IS NOT NULL AND k.epoch = NEW.epoch);
END;

CREATE TRIGGER saga_entries_count AFTER INSERT ON saga_entries
BEGIN
  UPDATE saga_runs
  SET entries = NEW.entry,
    state = CASE
      WHEN NEW.kind IN ('compensating', 'stuck', 'completed', 'compensated', 'resolved') THEN NEW.kind
      WHEN state = 'stuck' AND NEW.kind <> 'cancel-requested' THEN iif(EXISTS (
        SELECT 1 FROM saga_entries WHERE run = NEW.run AND kind = 'compensating'), 'compensating', 'running')
      ELSE state END
  WHERE id = NEW.run;
END;

CREATE TRIGGER saga_entries_fixed BEFORE UPDATE ON saga_entries
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history does not change');
END;

CREATE TRIGGER saga_entries_kept BEFORE DELETE ON saga_entries WHEN EXISTS (SELECT 1 FROM saga_runs WHERE id = OLD.run)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a journal only grows, until its saga is forgotten');
END;

CREATE TRIGGER saga_entries_in_order AFTER INSERT ON saga_entries
WHEN NEW.id > 1 + (SELECT coalesce(max(id), 0) FROM saga_entries WHERE id <> NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: entries are numbered one after the other; leave the number out');
END;

CREATE TRIGGER saga_entries_text BEFORE INSERT ON saga_entries
WHEN NEW.step GLOB '*[^ -~]*' OR (SELECT process FROM commits WHERE sequence = NEW.sequence) = 0
BEGIN
  INSERT INTO wellformed (text) VALUES (NEW.step);
  INSERT INTO wellformed (text)
  SELECT NEW.text WHERE (SELECT process FROM commits WHERE sequence = NEW.sequence) = 0;
END;

CREATE TRIGGER saga_work_begin BEFORE INSERT ON saga_work
WHEN NEW.outcome IS NOT NULL OR NEW.offered_sequence IS NOT (SELECT max(sequence) FROM commits)
  OR NEW.epoch IS NOT (SELECT epoch FROM keys WHERE id = NEW.key_id)
  OR EXISTS (SELECT 1 FROM saga_work WHERE id = NEW.id)
  OR NOT EXISTS (SELECT 1 FROM saga_entries e WHERE e.run = NEW.run AND e.sequence = NEW.offered_sequence
    AND e.step = NEW.step AND e.attempt = NEW.attempt AND e.kind = iif(NEW.undo, 'undoing', 'started'))
BEGIN
  SELECT RAISE(ABORT, 'fencepost: work is offered by its saga, with the newest commit');
END;

CREATE TRIGGER saga_work_end_once BEFORE UPDATE ON saga_work
WHEN OLD.outcome IS NOT NULL OR NEW.id <> OLD.id OR NEW.run <> OLD.run OR NEW.step <> OLD.step OR NEW.undo <> OLD.undo
  OR NEW.attempt <> OLD.attempt OR NEW.role <> OLD.role OR NEW.input <> OLD.input
  OR NEW.key_id <> OLD.key_id OR NEW.epoch <> OLD.epoch OR NEW.offered_sequence <> OLD.offered_sequence
  OR NEW.ended_sequence IS NOT (SELECT max(sequence) FROM commits)
  OR NOT EXISTS (SELECT 1 FROM keys WHERE id = OLD.key_id
    AND CASE NEW.outcome WHEN 'withdrawn' THEN epoch = OLD.epoch WHEN 'lost' THEN epoch > OLD.epoch AND claim IS NULL
      ELSE epoch > OLD.epoch AND claim IS NOT NULL END)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: work is reported once, under the claim on its key, with the newest commit; use saga report');
END;

CREATE TRIGGER saga_work_kept BEFORE DELETE ON saga_work WHEN EXISTS (SELECT 1 FROM saga_runs WHERE id = OLD.run)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: what was offered is part of history, until its saga is forgotten');
END;

CREATE TRIGGER saga_work_in_order AFTER INSERT ON saga_work
WHEN NEW.id > 1 + (SELECT coalesce(max(id), 0) FROM saga_work WHERE id <> NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: tasks are numbered one after the other; leave the number out');
END;

CREATE TRIGGER saga_work_text BEFORE INSERT ON saga_work
WHEN (NEW.step || NEW.role) GLOB '*[^ -~]*' OR (SELECT process FROM commits WHERE sequence = NEW.offered_sequence) = 0
BEGIN
  INSERT INTO wellformed (text) VALUES (NEW.step), (NEW.role);
  INSERT INTO wellformed (text)
  SELECT NEW.input WHERE (SELECT process FROM commits WHERE sequence = NEW.offered_sequence) = 0;
END;

CREATE TRIGGER saga_work_output_text BEFORE UPDATE OF output ON saga_work
WHEN (SELECT process FROM commits WHERE sequence = NEW.ended_sequence) = 0
BEGIN
  INSERT INTO wellformed (text) VALUES (NEW.output);
END;
