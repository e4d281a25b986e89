-- Fencepost, schema 1, part 6: sagas, their journals, and the tasks of their steps.
--
-- Look at the views saga_status, journal and task_status. The coordinator of a saga holds a claim on the key
-- 'fencepost:saga:' and the saga's name. The worker of a task holds a claim on the key that the view task_status shows.

CREATE TABLE sagas (
  -- One row for each saga, with the state that its journal gives.
  id INTEGER PRIMARY KEY,
  saga TEXT NOT NULL UNIQUE CONSTRAINT "a saga has a name" CHECK (length(saga) > 0),
  key_id INTEGER NOT NULL REFERENCES keys (id),  -- the coordinator holds a claim on this key
  definition TEXT NOT NULL,
  version INTEGER NOT NULL,    -- of the definition
  input TEXT NOT NULL,
  deadline INTEGER,            -- a saga that is not completed by then is rolled back, unless it has passed its pivot
  begun_by_commit INTEGER NOT NULL REFERENCES log (id),
  state TEXT NOT NULL DEFAULT 'running'
    CHECK (state IN ('running', 'compensating', 'stuck', 'completed', 'compensated', 'resolved')),
  entry_count INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE saga_journal (
  -- The journals: one row for each event of a saga, in order. Only ever appended to.
  id INTEGER PRIMARY KEY,
  saga_id INTEGER NOT NULL REFERENCES sagas (id),
  number INTEGER NOT NULL,
  sequence INTEGER NOT NULL REFERENCES log (id),
  -- of the claim under which it was written; NULL for the start of a saga and for a cancel request
  epoch INTEGER,
  type TEXT NOT NULL CHECK (type IN ('begun', 'started', 'done', 'failed', 'refused', 'unknown', 'ruled-out',
    'compensating', 'undoing', 'undone', 'undo-failed', 'cancel-requested', 'stuck', 'retried', 'skipped', 'completed',
    'compensated', 'resolved')),
  step TEXT,
  attempt INTEGER,             -- of the step, or of its compensation
  detail TEXT,                 -- an output, an error, a reason or a note; of 'started', the input of the compensation
  UNIQUE (saga_id, number)
) STRICT;

CREATE TABLE saga_tasks (
  -- Tasks: steps, or their compensations, that workers of a role perform.
  id INTEGER PRIMARY KEY,
  saga_id INTEGER NOT NULL REFERENCES sagas (id),
  step TEXT NOT NULL,
  compensation INTEGER NOT NULL CHECK (compensation IN (0, 1)),
  attempt INTEGER NOT NULL,
  role TEXT NOT NULL,
  input TEXT NOT NULL,
  key_id INTEGER NOT NULL REFERENCES keys (id),   -- the worker holds a claim on this key
  offered_epoch INTEGER NOT NULL, -- of that key when the task was offered
  offered_by_commit INTEGER NOT NULL REFERENCES log (id),
  ended_by_commit INTEGER REFERENCES log (id),
  outcome TEXT CHECK (outcome IN ('done', 'failed', 'refused', 'withdrawn', 'lost')),
  output TEXT,
  CHECK ((ended_by_commit IS NULL) = (outcome IS NULL))
) STRICT;

CREATE INDEX sagas_open ON sagas (id) WHERE state IN ('running', 'compensating', 'stuck');

-- The search for sagas to resume reads this index alone, and no inputs.
CREATE INDEX sagas_in_progress ON sagas (id, saga, definition, version, deadline, key_id, state)
WHERE state IN ('running', 'compensating');

CREATE INDEX saga_tasks_by_step ON saga_tasks (saga_id, step, compensation, attempt);

CREATE INDEX saga_tasks_open ON saga_tasks (role, id) WHERE outcome IS NULL;

CREATE VIEW saga_status AS
  -- Every saga, its state, and its coordinator now: not a process that has closed the store, nor an expired claim.
  SELECT r.saga, r.definition, r.version, r.state, r.input, r.entry_count,
    (SELECT e.step FROM saga_journal e WHERE e.saga_id = r.id
      AND e.step IS NOT NULL ORDER BY e.number DESC LIMIT 1) AS step,
    (SELECT e.detail FROM saga_journal e WHERE e.saga_id = r.id AND e.type IN ('stuck', 'compensating')
      ORDER BY e.number DESC LIMIT 1) AS reason,
    g.agent AS coordinator, p.pid, k.epoch,
    strftime('%Y-%m-%dT%H:%M:%fZ', b.committed_at / 1000.0, 'unixepoch') AS begun_at,
    (SELECT strftime('%Y-%m-%dT%H:%M:%fZ', c.committed_at / 1000.0, 'unixepoch') FROM saga_journal e
      JOIN commits c ON c.sequence = e.sequence WHERE e.saga_id = r.id ORDER BY e.number DESC LIMIT 1) AS last_at
  FROM sagas r JOIN keys k ON k.id = r.key_id JOIN commits b ON b.sequence = r.begun_by_commit
    LEFT JOIN claim_leases l ON l.claim_id = k.claim_id AND l.expires_at > (SELECT now FROM internal_clock)
    LEFT JOIN claims g ON g.id = l.claim_id
      AND NOT (g.heartbeats AND EXISTS (SELECT 1 FROM processes o WHERE o.id = g.process AND o.closed_at IS NOT NULL))
    LEFT JOIN processes p ON p.id = g.process;

CREATE VIEW journal AS
  -- The journal of each saga, in order.
  SELECT r.saga, e.number, e.type, e.step, e.attempt, e.detail, c.agent AS writer, e.epoch, e.sequence,
    strftime('%Y-%m-%dT%H:%M:%fZ', c.committed_at / 1000.0, 'unixepoch') AS written_at
  FROM saga_journal e JOIN sagas r ON r.id = e.saga_id JOIN commits c ON c.sequence = e.sequence;

CREATE VIEW task_status AS
  -- The tasks of sagas, and their workers now.
  SELECT w.id, w.role, r.saga, w.step, w.compensation, w.attempt, w.input, k.key, g.agent AS taken_by, w.outcome,
    w.output,
    strftime('%Y-%m-%dT%H:%M:%fZ', c.committed_at / 1000.0, 'unixepoch') AS offered_at
  FROM saga_tasks w JOIN sagas r ON r.id = w.saga_id JOIN keys k ON k.id = w.key_id
    JOIN commits c ON c.sequence = w.offered_by_commit LEFT JOIN claims g ON g.id = k.claim_id;

CREATE TRIGGER sagas_insert_check BEFORE INSERT ON sagas
WHEN NEW.state <> 'running' OR NEW.entry_count <> 0 OR NEW.begun_by_commit IS NOT (SELECT max(sequence) FROM commits)
  OR EXISTS (SELECT 1 FROM sagas WHERE id = NEW.id OR saga = NEW.saga)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a saga begins once, with the newest commit and an empty journal');
END;

CREATE TRIGGER sagas_update_check BEFORE UPDATE ON sagas
WHEN NEW.id <> OLD.id OR NEW.saga <> OLD.saga OR NEW.key_id <> OLD.key_id OR NEW.definition <> OLD.definition
  OR NEW.version <> OLD.version OR NEW.input <> OLD.input OR NEW.deadline IS NOT OLD.deadline
  OR NEW.begun_by_commit <> OLD.begun_by_commit OR NEW.entry_count <> OLD.entry_count + 1
  OR NOT EXISTS (SELECT 1 FROM saga_journal WHERE saga_id = OLD.id AND number = NEW.entry_count)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a saga is what its journal says; use the commands saga retry, skip, resolve or cancel');
END;

CREATE TRIGGER sagas_no_delete BEFORE DELETE ON sagas
WHEN OLD.state NOT IN ('completed', 'compensated', 'resolved')
BEGIN
  SELECT RAISE(ABORT, 'fencepost: only a saga that has ended can be forgotten');
END;

CREATE TRIGGER sagas_delete_journal AFTER DELETE ON sagas
BEGIN
  DELETE FROM saga_journal WHERE saga_id = OLD.id;
  DELETE FROM saga_tasks WHERE saga_id = OLD.id;
END;

CREATE TRIGGER sagas_number_check AFTER INSERT ON sagas
WHEN NEW.id > 1 + (SELECT coalesce(max(id), 0) FROM sagas WHERE id <> NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: sagas are numbered one after the other; leave the number out');
END;

CREATE TRIGGER sagas_text_check BEFORE INSERT ON sagas
WHEN (NEW.saga || NEW.definition) GLOB '*[^ -~]*' OR length(NEW.saga) > 200 OR length(NEW.definition) > 200
  OR NEW.deadline NOT BETWEEN 0 AND 253402300799999
  OR (SELECT process FROM commits WHERE sequence = NEW.begun_by_commit) = 0
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a time is in milliseconds since 1970, and not after the year 9999')
  WHERE NEW.deadline NOT BETWEEN 0 AND 253402300799999;
  SELECT RAISE(ABORT, 'fencepost: a saga and its definition have names of at most 200 bytes')
  WHERE length(CAST(NEW.saga AS BLOB)) > 200 OR length(CAST(NEW.definition AS BLOB)) > 200;
  INSERT INTO internal_wellformed (text) VALUES (NEW.saga), (NEW.definition);
  INSERT INTO internal_wellformed (text)
  SELECT NEW.input WHERE (SELECT process FROM commits WHERE sequence = NEW.begun_by_commit) = 0;
END;

CREATE TRIGGER saga_journal_insert_check BEFORE INSERT ON saga_journal
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a journal is only appended to, in order, with the newest commit')
  WHERE NEW.number IS NOT (SELECT entry_count + 1 FROM sagas WHERE id = NEW.saga_id)
    OR NEW.sequence IS NOT (SELECT max(sequence) FROM commits)
    OR (NEW.number = 1) <> (NEW.type = 'begun')
    OR EXISTS (SELECT 1 FROM saga_journal WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'fencepost: the saga has ended')
  WHERE EXISTS (SELECT 1 FROM sagas WHERE id = NEW.saga_id AND state IN ('completed', 'compensated', 'resolved'));
  SELECT RAISE(ABORT, 'fencepost: a journal is written under the present claim on its saga''s key')
  WHERE NOT (NEW.epoch IS NULL AND NEW.type IN ('begun', 'cancel-requested'))
    AND NOT EXISTS (SELECT 1 FROM sagas r JOIN keys k ON k.id = r.key_id
      WHERE r.id = NEW.saga_id AND k.claim_id IS NOT NULL AND k.epoch = NEW.epoch);
END;

CREATE TRIGGER saga_journal_update_saga AFTER INSERT ON saga_journal
BEGIN
  UPDATE sagas
  SET entry_count = NEW.number,
    state = CASE
      WHEN NEW.type IN ('compensating', 'stuck', 'completed', 'compensated', 'resolved') THEN NEW.type
      WHEN state = 'stuck' AND NEW.type <> 'cancel-requested' THEN iif(EXISTS (
        SELECT 1 FROM saga_journal WHERE saga_id = NEW.saga_id AND type = 'compensating'), 'compensating', 'running')
      ELSE state END
  WHERE id = NEW.saga_id;
END;

CREATE TRIGGER saga_journal_immutable BEFORE UPDATE ON saga_journal
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history does not change');
END;

CREATE TRIGGER saga_journal_no_delete BEFORE DELETE ON saga_journal
WHEN EXISTS (SELECT 1 FROM sagas WHERE id = OLD.saga_id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a journal only grows, until its saga is forgotten');
END;

CREATE TRIGGER saga_journal_number_check AFTER INSERT ON saga_journal
WHEN NEW.id > 1 + (SELECT coalesce(max(id), 0) FROM saga_journal WHERE id <> NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: entries are numbered one after the other; leave the number out');
END;

CREATE TRIGGER saga_journal_text_check BEFORE INSERT ON saga_journal
WHEN NEW.step GLOB '*[^ -~]*' OR (SELECT process FROM commits WHERE sequence = NEW.sequence) = 0
BEGIN
  INSERT INTO internal_wellformed (text) VALUES (NEW.step);
  INSERT INTO internal_wellformed (text)
  SELECT NEW.detail WHERE (SELECT process FROM commits WHERE sequence = NEW.sequence) = 0;
END;

CREATE TRIGGER saga_tasks_insert_check BEFORE INSERT ON saga_tasks
WHEN NEW.outcome IS NOT NULL OR NEW.offered_by_commit IS NOT (SELECT max(sequence) FROM commits)
  OR NEW.offered_epoch IS NOT (SELECT epoch FROM keys WHERE id = NEW.key_id)
  OR EXISTS (SELECT 1 FROM saga_tasks WHERE id = NEW.id)
  OR NOT EXISTS (SELECT 1 FROM saga_journal e WHERE e.saga_id = NEW.saga_id AND e.sequence = NEW.offered_by_commit
    AND e.step = NEW.step AND e.attempt = NEW.attempt AND e.type = iif(NEW.compensation, 'undoing', 'started'))
BEGIN
  SELECT RAISE(ABORT, 'fencepost: work is offered by its saga, with the newest commit');
END;

CREATE TRIGGER saga_tasks_update_check BEFORE UPDATE ON saga_tasks
WHEN OLD.outcome IS NOT NULL OR NEW.id <> OLD.id OR NEW.saga_id <> OLD.saga_id OR NEW.step <> OLD.step
  OR NEW.compensation <> OLD.compensation
  OR NEW.attempt <> OLD.attempt OR NEW.role <> OLD.role OR NEW.input <> OLD.input
  OR NEW.key_id <> OLD.key_id OR NEW.offered_epoch <> OLD.offered_epoch
  OR NEW.offered_by_commit <> OLD.offered_by_commit
  OR NEW.ended_by_commit IS NOT (SELECT max(sequence) FROM commits)
  OR NOT EXISTS (SELECT 1 FROM keys WHERE id = OLD.key_id
    AND CASE NEW.outcome WHEN 'withdrawn' THEN epoch = OLD.offered_epoch WHEN 'lost' THEN epoch > OLD.offered_epoch
    AND claim_id IS NULL
      ELSE epoch > OLD.offered_epoch AND claim_id IS NOT NULL END)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: work is reported once, under the claim on its key, with the newest commit; use saga report');
END;

CREATE TRIGGER saga_tasks_no_delete BEFORE DELETE ON saga_tasks WHEN EXISTS (SELECT 1 FROM sagas WHERE id = OLD.saga_id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: what was offered is part of history, until its saga is forgotten');
END;

CREATE TRIGGER saga_tasks_number_check AFTER INSERT ON saga_tasks
WHEN NEW.id > 1 + (SELECT coalesce(max(id), 0) FROM saga_tasks WHERE id <> NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: tasks are numbered one after the other; leave the number out');
END;

CREATE TRIGGER saga_tasks_text_check BEFORE INSERT ON saga_tasks
WHEN (NEW.step || NEW.role) GLOB '*[^ -~]*' OR (SELECT process FROM commits WHERE sequence = NEW.offered_by_commit) = 0
BEGIN
  INSERT INTO internal_wellformed (text) VALUES (NEW.step), (NEW.role);
  INSERT INTO internal_wellformed (text)
  SELECT NEW.input WHERE (SELECT process FROM commits WHERE sequence = NEW.offered_by_commit) = 0;
END;

CREATE TRIGGER saga_tasks_output_text_check BEFORE UPDATE OF output ON saga_tasks
WHEN (SELECT process FROM commits WHERE sequence = NEW.ended_by_commit) = 0
BEGIN
  INSERT INTO internal_wellformed (text) VALUES (NEW.output);
END;
