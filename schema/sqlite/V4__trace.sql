-- Fencepost, schema 4: what each step of the protocol did, for whoever holds it against the specifications.
--
-- Empty unless a store is opened for it. Look at the view steps. The table defends itself as those before do.

CREATE TABLE trace (
  -- The steps, in the order in which they took effect. One row says what was done and how it was judged; rows of the same
  -- step after it say to which keys, under which claims, and which claims it ended.
  id INTEGER PRIMARY KEY,
  step INTEGER NOT NULL,       -- the number of the first row of the step
  sequence INTEGER NOT NULL,   -- of the commit that the step belongs to; 0 if it took none
  process INTEGER NOT NULL REFERENCES processes (id),
  agent TEXT NOT NULL,
  what TEXT NOT NULL,          -- commit, claim, renew, release, end, entry; or a part of one: under, put, delete, require, key, ended
  how TEXT NOT NULL,           -- applied, or why it was refused; of a part, what was demanded or what ended it
  claim INTEGER,
  saga INTEGER,
  key TEXT,                    -- of an entry, its step
  epoch INTEGER,               -- of the key, as the step found it, or as it was granted
  was INTEGER,                 -- the version that the step found
  version INTEGER,             -- the version that the step left; of an entry, its attempt
  expects INTEGER              -- the version that was demanded; 0 if the key was to be absent
) STRICT;

CREATE VIEW steps AS
  -- What each step did.
  SELECT t.step, t.sequence, t.process, p.pid, t.agent, t.what, t.how, t.claim, t.saga, t.key, t.epoch, t.was, t.version,
    t.expects
  FROM trace t JOIN processes p ON p.id = t.process;

CREATE TRIGGER trace_append BEFORE INSERT ON trace
BEGIN
  SELECT RAISE(ABORT, 'fencepost: steps are numbered one after the other; nothing but a step adds to the trace')
  WHERE NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM trace)
    OR (NEW.step <> NEW.id AND NEW.step IS NOT (SELECT step FROM trace WHERE id = NEW.id - 1));
  SELECT RAISE(ABORT, 'fencepost: a step belongs to the newest commit, or to none')
  WHERE NEW.sequence <> 0 AND NEW.sequence IS NOT (SELECT max(sequence) FROM commits);
END;

CREATE TRIGGER trace_kept BEFORE DELETE ON trace
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history only grows');
END;

CREATE TRIGGER trace_fixed BEFORE UPDATE ON trace
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history does not change');
END;
