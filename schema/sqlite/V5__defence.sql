-- Fencepost, schema 5: stricter rules for edits at a prompt, and the identity of a file's history.
--
-- Triggers of earlier schemas that a rule below replaces are dropped and created again.

-- Part 1: the identity of the history. A process has a random number, so that its number and the ordinal of a commit name
-- that commit in every copy of the file, however the copies went on.

DROP TRIGGER processes_begin;

CREATE TRIGGER processes_begin BEFORE INSERT ON processes
WHEN EXISTS (SELECT 1 FROM processes WHERE id = NEW.id)
  OR NOT (NEW.id BETWEEN 1 AND 9007199254740991 OR (NEW.id = 0 AND NOT EXISTS (SELECT 1 FROM processes)))
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a process has a new number from 1 to 9007199254740991, which does not change');
END;

-- Part 2: restored and adopted files.

CREATE TABLE former_stores (
  -- One row for each history that this file replaced. Its claim tokens, positions and snapshots are refused for good.
  store_id TEXT NOT NULL PRIMARY KEY CHECK (length(store_id) = 32),
  ended_at INTEGER NOT NULL,
  how TEXT NOT NULL CHECK (how IN ('restore', 'adopt'))
) STRICT, WITHOUT ROWID;

CREATE TABLE store_place (
  -- One row: the path at which the last process wrote. A file at another path is a copy while a file of the same store
  -- is at this one. A backup is not opened before it is restored or adopted.
  id INTEGER PRIMARY KEY CHECK (id = 1),
  kind TEXT NOT NULL CHECK (kind IN ('store', 'backup')),
  path BLOB NOT NULL           -- the bytes of the absolute path; empty if no process has noted it yet
) STRICT;

INSERT INTO store_place (id, kind, path) VALUES (1, 'store', x'');

CREATE TRIGGER former_stores_fixed BEFORE UPDATE ON former_stores
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history does not change');
END;

CREATE TRIGGER former_stores_kept BEFORE DELETE ON former_stores
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history only grows');
END;

CREATE TRIGGER store_place_kept BEFORE DELETE ON store_place
BEGIN
  SELECT RAISE(ABORT, 'fencepost: the place of a store is noted by the processes that write to it');
END;

DROP TRIGGER store_fixed_update;

-- The identity changes once its old value is a former one, and while no claim is held.
CREATE TRIGGER store_fixed_update BEFORE UPDATE ON store
WHEN NEW.id <> OLD.id OR NEW.created_at <> OLD.created_at OR EXISTS (SELECT 1 FROM keys WHERE claim IS NOT NULL)
  OR NOT EXISTS (SELECT 1 FROM former_stores WHERE store_id = OLD.store_id)
  OR EXISTS (SELECT 1 FROM former_stores WHERE store_id = NEW.store_id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: the identity of a store does not change; use the command adopt');
END;

DROP TRIGGER keys_own;

-- As in schema 1, but an adoption also raises the epochs of free keys.
CREATE TRIGGER keys_own BEFORE UPDATE OF epoch, claim ON keys
BEGIN
  SELECT RAISE(ABORT, 'fencepost: epochs never fall') WHERE NEW.epoch < OLD.epoch;
  SELECT RAISE(ABORT, 'fencepost: a claim is taken only on a free key, with the next epoch; use claim or revoke')
  WHERE NEW.claim IS NOT NULL AND (OLD.claim IS NOT NULL OR NEW.epoch <> OLD.epoch + 1 OR NOT EXISTS (
    SELECT 1 FROM grants g JOIN grant_keys gk ON gk.claim = g.id
    WHERE g.id = NEW.claim AND g.ended_sequence IS NULL AND gk.key_id = OLD.id AND gk.epoch = NEW.epoch));
  SELECT RAISE(ABORT, 'fencepost: a claim ends with its grant; to end it by hand, delete it from the view claims')
  WHERE NEW.claim IS NULL AND iif(OLD.claim IS NULL,
    NOT EXISTS (SELECT 1 FROM store s JOIN former_stores f ON f.store_id = s.store_id),
    NOT EXISTS (SELECT 1 FROM grants g WHERE g.id = OLD.claim AND NEW.epoch = OLD.epoch + (g.ending <> 'released')));
END;

-- Part 3: text, numbers and complete commits.

-- Texts are UTF-8. SQLite takes any bytes as text, and programs may read two texts that differ in invalid bytes as one.
-- The view wellformed refuses a text that is not valid. Its trigger replaces the first byte of each character of several
-- bytes by a control character that tells its kind: 1 is followed by one byte that continues a character, 2 to 4 by two,
-- 5 to 7 by three. After E0, ED, F0 and F4 (3, 4, 6, 7) the first of these has a narrower range. Bytes that continue a
-- character are now characters of their own, from 128 to 191, so wrong neighbours show. (RFC 3629, section 4.)

CREATE VIEW wellformed AS
  -- Always empty. INSERT (text) does nothing for valid UTF-8 without NUL, and is refused otherwise.
  SELECT NULL AS text WHERE 0;

CREATE TRIGGER wellformed_insert INSTEAD OF INSERT ON wellformed
WHEN NEW.text GLOB '*[^' || char(1, 45, 127) || ']*' OR instr(CAST(NEW.text AS BLOB), x'00')
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a text is valid UTF-8 without NUL; give it in UTF-8')
  WHERE (SELECT instr(b, x'c0') OR instr(b, x'c1') OR instr(b, x'f5') OR instr(b, x'f6') OR instr(b, x'f7')
      OR instr(b, x'f8') OR instr(b, x'f9') OR instr(b, x'fa') OR instr(b, x'fb') OR instr(b, x'fc')
      OR instr(b, x'fd') OR instr(b, x'fe') OR instr(b, x'ff')
    FROM (SELECT CAST(NEW.text AS BLOB) AS b LIMIT 1))
    OR instr(CAST(NEW.text AS BLOB), x'00')
    OR (SELECT w GLOB '*[' || char(8, 45, 127) || ']' || c || '*'
      OR w GLOB '*' || char(1) || n || '*' OR w GLOB '*' || char(1) || c || c || '*'
      OR w GLOB '*' || char(2) || n || '*'
      OR w GLOB '*' || char(3) || '[^' || char(160, 45, 191) || ']*'
      OR w GLOB '*' || char(4) || '[^' || char(128, 45, 159) || ']*'
      OR w GLOB '*[' || char(2, 45, 4) || ']' || c || n || '*'
      OR w GLOB '*[' || char(2, 45, 4) || ']' || c || c || c || '*'
      OR w GLOB '*' || char(5) || n || '*'
      OR w GLOB '*' || char(6) || '[^' || char(144, 45, 191) || ']*'
      OR w GLOB '*' || char(7) || '[^' || char(128, 45, 143) || ']*'
      OR w GLOB '*[' || char(5, 45, 7) || ']' || c || n || '*'
      OR w GLOB '*[' || char(5, 45, 7) || ']' || c || c || n || '*'
      OR w GLOB '*[' || char(5, 45, 7) || ']' || c || c || c || c || '*'
    FROM (SELECT '[' || char(128, 45, 191) || ']' AS c, '[^' || char(128, 45, 191) || ']' AS n, w FROM (SELECT
      replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(w, CAST(x'eb' AS TEXT), char(2))
       , CAST(x'ec' AS TEXT), char(2)), CAST(x'ed' AS TEXT), char(4)), CAST(x'ee' AS TEXT), char(2))
       , CAST(x'ef' AS TEXT), char(2)), CAST(x'f0' AS TEXT), char(6)), CAST(x'f1' AS TEXT), char(5))
       , CAST(x'f2' AS TEXT), char(5)), CAST(x'f3' AS TEXT), char(5)), CAST(x'f4' AS TEXT), char(7)) AS w FROM (SELECT
      replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(w
       , CAST(x'df' AS TEXT), char(1)), CAST(x'e0' AS TEXT), char(3)), CAST(x'e1' AS TEXT), char(2))
       , CAST(x'e2' AS TEXT), char(2)), CAST(x'e3' AS TEXT), char(2)), CAST(x'e4' AS TEXT), char(2))
       , CAST(x'e5' AS TEXT), char(2)), CAST(x'e6' AS TEXT), char(2)), CAST(x'e7' AS TEXT), char(2))
       , CAST(x'e8' AS TEXT), char(2)), CAST(x'e9' AS TEXT), char(2)), CAST(x'ea' AS TEXT), char(2)) AS w FROM (SELECT
      replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(w
       , CAST(x'd3' AS TEXT), char(1)), CAST(x'd4' AS TEXT), char(1)), CAST(x'd5' AS TEXT), char(1))
       , CAST(x'd6' AS TEXT), char(1)), CAST(x'd7' AS TEXT), char(1)), CAST(x'd8' AS TEXT), char(1))
       , CAST(x'd9' AS TEXT), char(1)), CAST(x'da' AS TEXT), char(1)), CAST(x'db' AS TEXT), char(1))
       , CAST(x'dc' AS TEXT), char(1)), CAST(x'dd' AS TEXT), char(1)), CAST(x'de' AS TEXT), char(1)) AS w FROM (SELECT
      replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(w
       , CAST(x'c7' AS TEXT), char(1)), CAST(x'c8' AS TEXT), char(1)), CAST(x'c9' AS TEXT), char(1))
       , CAST(x'ca' AS TEXT), char(1)), CAST(x'cb' AS TEXT), char(1)), CAST(x'cc' AS TEXT), char(1))
       , CAST(x'cd' AS TEXT), char(1)), CAST(x'ce' AS TEXT), char(1)), CAST(x'cf' AS TEXT), char(1))
       , CAST(x'd0' AS TEXT), char(1)), CAST(x'd1' AS TEXT), char(1)), CAST(x'd2' AS TEXT), char(1)) AS w FROM (SELECT
      replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(' ' || NEW.text || ' '
       , char(1), ' '), char(2), ' '), char(3), ' '), char(4), ' '), char(5), ' '), char(6), ' '), char(7), ' ')
       , CAST(x'c2' AS TEXT), char(1)), CAST(x'c3' AS TEXT), char(1)), CAST(x'c4' AS TEXT), char(1))
       , CAST(x'c5' AS TEXT), char(1)), CAST(x'c6' AS TEXT), char(1)) AS w LIMIT 1) LIMIT 1) LIMIT 1) LIMIT 1) LIMIT 1) LIMIT 1));
END;

-- Edits at a prompt are commits of process 0, whose texts are examined in full. Values, event texts and saga texts of other
-- processes are valid as the library writes them, so the check is left to readers and to the command check.

CREATE TABLE numbers (
  -- The last number given to a row of each table whose numbers are never used again.
  name TEXT PRIMARY KEY,
  last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A number that leaves no room for others was given at a prompt, and does not count.

INSERT INTO numbers (name, last)
SELECT 'waiters', coalesce(max(id), 0) FROM (SELECT id FROM waiters UNION ALL SELECT seq FROM sqlite_sequence
  WHERE name = 'waiters') WHERE id BETWEEN 0 AND 4611686018427387903
UNION ALL
SELECT 'pins', coalesce(max(id), 0) FROM (SELECT id FROM pins UNION ALL SELECT seq FROM sqlite_sequence
  WHERE name = 'pins') WHERE id BETWEEN 0 AND 4611686018427387903
UNION ALL
SELECT 'refusals', coalesce(max(id), 0) FROM (SELECT id FROM refusals UNION ALL SELECT seq FROM sqlite_sequence
  WHERE name = 'refusals') WHERE id BETWEEN 0 AND 4611686018427387903;

CREATE TRIGGER numbers_begin BEFORE INSERT ON numbers
BEGIN
  SELECT RAISE(ABORT, 'fencepost: the tables that are numbered do not change');
END;

CREATE TRIGGER numbers_step BEFORE UPDATE ON numbers WHEN NEW.name <> OLD.name OR NEW.last <> OLD.last + 1
BEGIN
  SELECT RAISE(ABORT, 'fencepost: rows are numbered one after the other');
END;

CREATE TRIGGER numbers_kept BEFORE DELETE ON numbers
BEGIN
  SELECT RAISE(ABORT, 'fencepost: the tables that are numbered do not change');
END;

DROP TRIGGER waiters_in_order;

CREATE TRIGGER waiters_in_order AFTER INSERT ON waiters
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a request has the next number, and waits behind all others')
  WHERE NEW.id IS NOT (SELECT last + 1 FROM numbers WHERE name = 'waiters');
  UPDATE numbers SET last = NEW.id WHERE name = 'waiters';
END;

CREATE TRIGGER pins_in_order AFTER INSERT ON pins
BEGIN
  SELECT RAISE(ABORT, 'fencepost: snapshots are numbered one after the other')
  WHERE NEW.id IS NOT (SELECT last + 1 FROM numbers WHERE name = 'pins');
  UPDATE numbers SET last = NEW.id WHERE name = 'pins';
END;

CREATE TRIGGER refusals_in_order AFTER INSERT ON refusals
BEGIN
  SELECT RAISE(ABORT, 'fencepost: refusals are numbered one after the other')
  WHERE NEW.id IS NOT (SELECT last + 1 FROM numbers WHERE name = 'refusals');
  UPDATE numbers SET last = NEW.id WHERE name = 'refusals';
END;

CREATE TRIGGER keys_in_order AFTER INSERT ON keys
WHEN NEW.id > 1 + (SELECT coalesce(max(id), 0) FROM keys WHERE id <> NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: keys are numbered one after the other; leave the number out');
END;

CREATE TRIGGER stream_heads_in_order AFTER INSERT ON stream_heads
WHEN NEW.id > 1 + (SELECT coalesce(max(id), 0) FROM stream_heads WHERE id <> NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: streams are numbered one after the other; leave the number out');
END;

CREATE TRIGGER feed_cursors_in_order AFTER INSERT ON feed_cursors
WHEN NEW.id > 1 + (SELECT coalesce(max(id), 0) FROM feed_cursors WHERE id <> NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: cursors are numbered one after the other; leave the number out');
END;

CREATE TRIGGER saga_runs_in_order AFTER INSERT ON saga_runs
WHEN NEW.id > 1 + (SELECT coalesce(max(id), 0) FROM saga_runs WHERE id <> NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: sagas are numbered one after the other; leave the number out');
END;

CREATE TRIGGER saga_entries_in_order AFTER INSERT ON saga_entries
WHEN NEW.id > 1 + (SELECT coalesce(max(id), 0) FROM saga_entries WHERE id <> NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: entries are numbered one after the other; leave the number out');
END;

CREATE TRIGGER saga_work_in_order AFTER INSERT ON saga_work
WHEN NEW.id > 1 + (SELECT coalesce(max(id), 0) FROM saga_work WHERE id <> NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: tasks are numbered one after the other; leave the number out');
END;

-- A commit is complete when its versions and events are there. The last of them have the highest numbers. Events may have
-- been pruned since; the newest versions are always kept, and a commit has one version of a key.

CREATE VIEW incomplete_commits AS
  -- The newest commit, if some of its versions or events are missing.
  SELECT c.sequence FROM commits c
  WHERE c.sequence = (SELECT max(sequence) FROM commits)
    AND ((c.versions > 0 AND NOT EXISTS (SELECT 1 FROM versions v
        WHERE v.id = (SELECT max(id) FROM versions) + 1 - c.versions AND v.sequence = c.sequence))
      OR (c.events > 0 AND NOT EXISTS (SELECT 1 FROM stream_events e
          WHERE e.id = (SELECT max(id) FROM stream_events) + 1 - c.events AND e.sequence = c.sequence)
        AND NOT EXISTS (SELECT 1 FROM stream_heads h WHERE h.evicted_to > 0 AND h.evicted_to >= c.sequence)));

DROP TRIGGER commits_in_order;

CREATE TRIGGER commits_in_order BEFORE INSERT ON commits
WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM commits)
  OR NOT EXISTS (SELECT 1 FROM processes WHERE id = NEW.process)
  OR NEW.committed_at NOT BETWEEN 0 AND 253402300799999
  OR NEW.agent GLOB '*[^ -~]*' OR length(NEW.agent) NOT BETWEEN 1 AND 128
  OR (NEW.process = 0 AND NEW.versions + NEW.events > 1)
  OR EXISTS (SELECT 1 FROM incomplete_commits)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: commits are numbered, each by a known process; edit through the view current')
  WHERE NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM commits)
    OR NOT EXISTS (SELECT 1 FROM processes WHERE id = NEW.process);
  SELECT RAISE(ABORT, 'fencepost: a time is in milliseconds since 1970, and not after the year 9999')
  WHERE NEW.committed_at NOT BETWEEN 0 AND 253402300799999;
  SELECT RAISE(ABORT, 'fencepost: an agent has a name of 1 to 128 bytes without control characters')
  WHERE length(CAST(NEW.agent AS BLOB)) NOT BETWEEN 1 AND 128 OR instr(CAST(NEW.agent AS BLOB), x'00')
    OR NEW.agent GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*';
  SELECT RAISE(ABORT, 'fencepost: an edit by hand has one version or one event; edit through the views current and events')
  WHERE NEW.process = 0 AND NEW.versions + NEW.events > 1;
  SELECT RAISE(ABORT, 'fencepost: the newest commit is incomplete, see the view incomplete_commits; restore a backup, or insert what it lacks')
  WHERE EXISTS (SELECT 1 FROM incomplete_commits);
  INSERT INTO wellformed (text)
  SELECT NEW.agent WHERE NEW.agent IS NOT (SELECT agent FROM commits WHERE sequence = NEW.sequence - 1);
END;

CREATE TRIGGER keys_text BEFORE INSERT ON keys WHEN NEW.key GLOB '*[^ -~]*'
BEGIN
  INSERT INTO wellformed (text) VALUES (NEW.key);
END;

DROP TRIGGER versions_append;

CREATE TRIGGER versions_append BEFORE INSERT ON versions
WHEN NOT EXISTS (SELECT 1 FROM keys k WHERE k.id = NEW.key_id AND NEW.version = k.version + 1 AND NEW.sequence > k.sequence
    AND NEW.epoch IS iif(k.claim IS NULL, NULL, k.epoch))
  OR NOT EXISTS (SELECT 1 FROM commits WHERE sequence = (SELECT max(sequence) FROM commits) AND sequence = NEW.sequence
    AND process <> 0)
  OR EXISTS (SELECT 1 FROM versions WHERE id = NEW.id)
  OR length(CAST(NEW.value AS BLOB)) > 536870912
BEGIN
  SELECT RAISE(ABORT, 'fencepost: versions step by one; edit through the view current')
  WHERE NEW.version IS NOT (SELECT version + 1 FROM keys WHERE id = NEW.key_id);
  SELECT RAISE(ABORT, 'fencepost: history does not change; write a new version through the view current')
  WHERE EXISTS (SELECT 1 FROM versions WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'fencepost: a version belongs to the newest commit; edit through the view current')
  WHERE NEW.sequence IS NOT (SELECT max(sequence) FROM commits);
  SELECT RAISE(ABORT, 'fencepost: a commit has one version of a key; edit through the view current')
  WHERE NEW.sequence IS (SELECT sequence FROM keys WHERE id = NEW.key_id);
  SELECT RAISE(ABORT, 'fencepost: the key is claimed; see the view claims, or revoke the claim by deleting it there')
  WHERE NEW.epoch IS NOT (SELECT iif(claim IS NULL, NULL, epoch) FROM keys WHERE id = NEW.key_id);
  SELECT RAISE(ABORT, 'fencepost: a value has at most 536870912 bytes of UTF-8')
  WHERE length(CAST(NEW.value AS BLOB)) > 536870912;
  INSERT INTO wellformed (text)
  SELECT NEW.value WHERE (SELECT process FROM commits WHERE sequence = NEW.sequence) = 0;
END;

CREATE TRIGGER stream_heads_text BEFORE INSERT ON stream_heads WHEN NEW.stream GLOB '*[^ -~]*'
BEGIN
  INSERT INTO wellformed (text) VALUES (NEW.stream);
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

CREATE TRIGGER feed_cursors_text BEFORE INSERT ON feed_cursors
WHEN (NEW.cursor || NEW.prefix) GLOB '*[^ -~]*' OR length(NEW.cursor) > 200 OR length(NEW.prefix) > 512
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a cursor has a name of 1 to 200 bytes, and a prefix of at most 512')
  WHERE length(CAST(NEW.cursor AS BLOB)) > 200 OR length(CAST(NEW.prefix AS BLOB)) > 512;
  INSERT INTO wellformed (text) VALUES (NEW.cursor), (NEW.prefix);
END;

CREATE TRIGGER commit_reads_text BEFORE INSERT ON commit_reads WHEN NEW.name GLOB '*[^ -~]*'
BEGIN
  INSERT INTO wellformed (text) VALUES (NEW.name);
END;

CREATE TRIGGER refusals_text BEFORE INSERT ON refusals
WHEN NEW.at NOT BETWEEN 0 AND 253402300799999
  OR (NEW.agent || NEW.kind || NEW.name || coalesce(NEW.by, '') || NEW.message) GLOB '*[^ -~]*'
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a time is in milliseconds since 1970, and not after the year 9999')
  WHERE NEW.at NOT BETWEEN 0 AND 253402300799999;
  INSERT INTO wellformed (text) VALUES (NEW.agent), (NEW.kind), (NEW.name), (NEW.by), (NEW.message);
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

CREATE TRIGGER saga_entries_text BEFORE INSERT ON saga_entries
WHEN NEW.step GLOB '*[^ -~]*' OR (SELECT process FROM commits WHERE sequence = NEW.sequence) = 0
BEGIN
  INSERT INTO wellformed (text) VALUES (NEW.step);
  INSERT INTO wellformed (text)
  SELECT NEW.text WHERE (SELECT process FROM commits WHERE sequence = NEW.sequence) = 0;
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

CREATE TRIGGER trace_text BEFORE INSERT ON trace
WHEN (NEW.agent || NEW.what || NEW.how || coalesce(NEW.key, '')) GLOB '*[^ -~]*'
BEGIN
  INSERT INTO wellformed (text) VALUES (NEW.agent), (NEW.what), (NEW.how), (NEW.key);
END;

CREATE TRIGGER waiters_text BEFORE INSERT ON waiters
WHEN NEW.agent GLOB '*[^ -~]*' OR length(NEW.agent) NOT BETWEEN 1 AND 128
  OR NEW.since NOT BETWEEN 0 AND 253402300799999 OR NEW.until NOT BETWEEN 0 AND 253402300799999
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a time is in milliseconds since 1970, and not after the year 9999')
  WHERE NEW.since NOT BETWEEN 0 AND 253402300799999 OR NEW.until NOT BETWEEN 0 AND 253402300799999;
  SELECT RAISE(ABORT, 'fencepost: an agent has a name of 1 to 128 bytes without control characters')
  WHERE length(CAST(NEW.agent AS BLOB)) NOT BETWEEN 1 AND 128
    OR NEW.agent GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*';
  INSERT INTO wellformed (text) VALUES (NEW.agent);
END;

CREATE TRIGGER pins_bounded BEFORE INSERT ON pins
WHEN NEW.opened_at NOT BETWEEN 0 AND 253402300799999 OR NEW.lease NOT BETWEEN 1 AND 3153600000000 OR NEW.sequence < 0
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a snapshot has a sequence from 0, a time up to the year 9999 and a lease up to 100 years');
END;

CREATE TRIGGER grants_bounded BEFORE INSERT ON grants
WHEN NEW.granted_at NOT BETWEEN 0 AND 253402300799999 OR NEW.renewed_at NOT BETWEEN 0 AND 253402300799999
  OR NEW.lease NOT BETWEEN 1 AND 3153600000000 OR NEW.longest_hold NOT BETWEEN 1 AND 3153600000000
  OR NEW.nonce GLOB '*[^0-9a-f]*'
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a nonce has 16 hexadecimal digits') WHERE NEW.nonce GLOB '*[^0-9a-f]*';
  SELECT RAISE(ABORT, 'fencepost: a claim has times up to the year 9999 and leases up to 100 years, in milliseconds')
  WHERE NEW.nonce NOT GLOB '*[^0-9a-f]*';
END;

CREATE TRIGGER grants_bounded_update BEFORE UPDATE OF renewed_at ON grants
WHEN NEW.renewed_at NOT BETWEEN 0 AND 253402300799999
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a time is in milliseconds since 1970, and not after the year 9999');
END;

-- Edits through the views, as before; the ordinal of their commits is random, so that with the process it names the commit
-- even where a backup was restored and the file went on differently. The library's own keys cannot be written by hand.

DROP TRIGGER current_insert;

CREATE TRIGGER current_insert INSTEAD OF INSERT ON current
BEGIN
  SELECT RAISE(ABORT, 'fencepost: only key and value can be given; version, writer and time follow by themselves')
  WHERE NEW.version IS NOT NULL OR NEW.sequence IS NOT NULL OR NEW.writer IS NOT NULL OR NEW.committed_at IS NOT NULL;
  SELECT RAISE(ABORT, 'fencepost: a key is text of 1 to 512 bytes without control characters')
  WHERE typeof(NEW.key) <> 'text';
  SELECT RAISE(ABORT, 'fencepost: keys that begin with saga:, cursor:, work: or undo: belong to the library; use another name')
  WHERE NEW.key GLOB 'saga:*' OR NEW.key GLOB 'cursor:*' OR NEW.key GLOB 'work:*' OR NEW.key GLOB 'undo:*';
  SELECT RAISE(ABORT, 'fencepost: the key has a value; UPDATE current instead')
  WHERE EXISTS (SELECT 1 FROM keys WHERE key = NEW.key AND present);
  SELECT RAISE(ABORT, 'fencepost: a value is text without NUL; to delete a key, DELETE FROM current')
  WHERE typeof(NEW.value) <> 'text' OR instr(CAST(NEW.value AS BLOB), x'00') > 0;
  INSERT INTO commits (sequence, process, ordinal, agent, committed_at, versions)
  SELECT coalesce(max(sequence), 0) + 1, 0, random() & 4611686018427387903 | 1, 'sql', (SELECT now FROM clock), 1
  FROM commits;
  UPDATE grants
  SET ending = (SELECT ending FROM lapsed WHERE claim = grants.id), ended_sequence = (SELECT max(sequence) FROM commits)
  WHERE id = (SELECT l.claim FROM lapsed l JOIN keys k ON k.claim = l.claim WHERE k.key = NEW.key);
  INSERT INTO keys (key) SELECT NEW.key WHERE NOT EXISTS (SELECT 1 FROM keys WHERE key = NEW.key);
  INSERT INTO versions (key_id, version, sequence, value)
  SELECT id, version + 1, (SELECT max(sequence) FROM commits), NEW.value FROM keys WHERE key = NEW.key;
END;

DROP TRIGGER current_update;

CREATE TRIGGER current_update INSTEAD OF UPDATE ON current
BEGIN
  SELECT RAISE(ABORT, 'fencepost: only the value can be edited; version, writer and time follow by themselves')
  WHERE NEW.key IS NOT OLD.key OR NEW.version IS NOT OLD.version OR NEW.sequence IS NOT OLD.sequence
    OR NEW.writer IS NOT OLD.writer OR NEW.committed_at IS NOT OLD.committed_at;
  SELECT RAISE(ABORT, 'fencepost: keys that begin with saga:, cursor:, work: or undo: belong to the library; use another name')
  WHERE OLD.key GLOB 'saga:*' OR OLD.key GLOB 'cursor:*' OR OLD.key GLOB 'work:*' OR OLD.key GLOB 'undo:*';
  SELECT RAISE(ABORT, 'fencepost: a value is text without NUL; to delete a key, DELETE FROM current')
  WHERE typeof(NEW.value) <> 'text' OR instr(CAST(NEW.value AS BLOB), x'00') > 0;
  INSERT INTO commits (sequence, process, ordinal, agent, committed_at, versions)
  SELECT coalesce(max(sequence), 0) + 1, 0, random() & 4611686018427387903 | 1, 'sql', (SELECT now FROM clock), 1
  FROM commits;
  UPDATE grants
  SET ending = (SELECT ending FROM lapsed WHERE claim = grants.id), ended_sequence = (SELECT max(sequence) FROM commits)
  WHERE id = (SELECT l.claim FROM lapsed l JOIN keys k ON k.claim = l.claim WHERE k.key = OLD.key);
  INSERT INTO versions (key_id, version, sequence, value)
  SELECT id, version + 1, (SELECT max(sequence) FROM commits), NEW.value FROM keys WHERE key = OLD.key;
END;

DROP TRIGGER current_delete;

CREATE TRIGGER current_delete INSTEAD OF DELETE ON current
BEGIN
  INSERT INTO commits (sequence, process, ordinal, agent, committed_at, versions)
  SELECT coalesce(max(sequence), 0) + 1, 0, random() & 4611686018427387903 | 1, 'sql', (SELECT now FROM clock), 1
  FROM commits;
  UPDATE grants
  SET ending = (SELECT ending FROM lapsed WHERE claim = grants.id), ended_sequence = (SELECT max(sequence) FROM commits)
  WHERE id = (SELECT l.claim FROM lapsed l JOIN keys k ON k.claim = l.claim WHERE k.key = OLD.key);
  INSERT INTO versions (key_id, version, sequence, value)
  SELECT id, version + 1, (SELECT max(sequence) FROM commits), NULL FROM keys WHERE key = OLD.key;
END;

DROP TRIGGER events_insert;

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

-- Part 4: processes, claims and their history.

-- Part 4a: rows of processes, and the view of claims.

CREATE TRIGGER processes_bounded BEFORE INSERT ON processes
WHEN NEW.opened_at NOT BETWEEN 0 AND 253402300799999 OR NEW.heartbeat_at NOT BETWEEN 0 AND 253402300799999
  OR NEW.closed_at IS NOT NULL OR (NEW.started || NEW.boot || NEW.namespace) GLOB '*[^ -~]*'
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a process begins open')
  WHERE NEW.closed_at IS NOT NULL;
  SELECT RAISE(ABORT, 'fencepost: a time is in milliseconds since 1970, and not after the year 9999')
  WHERE NEW.opened_at NOT BETWEEN 0 AND 253402300799999 OR NEW.heartbeat_at NOT BETWEEN 0 AND 253402300799999;
  INSERT INTO wellformed (text) VALUES (NEW.started), (NEW.boot), (NEW.namespace);
END;

DROP TRIGGER processes_fixed;

-- Not 'UPDATE OF': that does not notice a number that is changed by its other name, rowid.

CREATE TRIGGER processes_fixed BEFORE UPDATE ON processes
WHEN NEW.id <> OLD.id OR NEW.pid <> OLD.pid OR NEW.started <> OLD.started OR NEW.boot <> OLD.boot
  OR NEW.namespace <> OLD.namespace OR NEW.opened_at <> OLD.opened_at OR NEW.closed_at IS NOT OLD.closed_at
  OR NEW.heartbeat_at NOT BETWEEN 0 AND 253402300799999
BEGIN
  SELECT RAISE(ABORT, 'fencepost: what is known of a process does not change')
  WHERE NEW.id <> OLD.id OR NEW.pid <> OLD.pid OR NEW.started <> OLD.started OR NEW.boot <> OLD.boot
    OR NEW.namespace <> OLD.namespace OR NEW.opened_at <> OLD.opened_at
    OR (OLD.closed_at IS NOT NULL AND NEW.closed_at IS NOT OLD.closed_at);
  SELECT RAISE(ABORT, 'fencepost: a time is in milliseconds since 1970, and not after the year 9999')
  WHERE NEW.heartbeat_at NOT BETWEEN 0 AND 253402300799999 OR NEW.closed_at NOT BETWEEN 0 AND 253402300799999;
  SELECT RAISE(ABORT, 'fencepost: a process with claims, requests or snapshots is not closed; to end a claim, delete it from the view claims')
  WHERE NEW.closed_at IS NOT OLD.closed_at
    AND (EXISTS (SELECT 1 FROM grants WHERE process = OLD.id AND ended_sequence IS NULL AND heartbeats)
      OR EXISTS (SELECT 1 FROM waiters WHERE process = OLD.id) OR EXISTS (SELECT 1 FROM pins WHERE process = OLD.id));
END;

DROP VIEW claims;

CREATE VIEW claims AS
  -- The claims that are held now. Others may take a claim that is 'lapsed' (its lease expired) or 'held-too-long' (heartbeats
  -- extended it for as long as they may), or whose process ended, which the file does not know. DELETE revokes.
  SELECT k.key, k.epoch, g.id AS claim, g.agent, p.pid,
    strftime('%Y-%m-%dT%H:%M:%fZ', g.granted_at / 1000.0, 'unixepoch') AS granted_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', l.expires_at / 1000.0, 'unixepoch') AS expires_at,
    iif(l.expires_at > (SELECT now FROM clock), 'held', iif(l.too_long, 'held-too-long', 'lapsed')) AS status,
    p.closed_at IS NOT NULL AS process_closed
  FROM keys k JOIN grants g ON g.id = k.claim JOIN processes p ON p.id = g.process JOIN leases l ON l.claim = g.id
  WHERE k.claim IS NOT NULL;

CREATE TRIGGER claims_delete INSTEAD OF DELETE ON claims
WHEN EXISTS (SELECT 1 FROM grants WHERE id = OLD.claim AND ended_sequence IS NULL)
BEGIN
  INSERT INTO commits (sequence, process, ordinal, agent, committed_at, versions)
  SELECT coalesce(max(sequence), 0) + 1, 0, random() & 4611686018427387903 | 1, 'sql', (SELECT now FROM clock), 0
  FROM commits;
  UPDATE grants SET ending = 'revoked', ended_sequence = (SELECT max(sequence) FROM commits) WHERE id = OLD.claim;
END;

-- Part 4a: the identity of processes across namespaces.

-- In which time namespace the start time of a process counts; empty if unknown, as for processes of earlier versions.
ALTER TABLE processes ADD COLUMN time_namespace TEXT NOT NULL DEFAULT '';

-- The time of day, by the clock of the process, at which the system was started; NULL if unknown. With the system's uptime
-- it says what that clock shows now.
ALTER TABLE processes ADD COLUMN clock_origin INTEGER;

CREATE TRIGGER processes_described_once BEFORE UPDATE ON processes
WHEN (NEW.time_namespace <> OLD.time_namespace OR NEW.clock_origin IS NOT OLD.clock_origin)
  AND (OLD.time_namespace <> '' OR OLD.heartbeat_at <> OLD.opened_at OR OLD.closed_at IS NOT NULL OR OLD.pid = 0)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: the time namespace and the clock of a process do not change; they are set when the process is registered');
END;

-- Part 5: events, cursors and retention.

-- Part 5a: retention of claim history.

CREATE TABLE claim_retention (
  -- One row, or none: for how long claims that have ended are kept. Without it, all are. May be edited by hand.
  id INTEGER PRIMARY KEY CHECK (id = 1),
  age INTEGER NOT NULL CHECK (age BETWEEN 0 AND 3153600000000), -- milliseconds since the end of a claim
  agent TEXT NOT NULL DEFAULT 'sql'
) STRICT;

CREATE TABLE pruned_claims (
  -- One row, or none: claims that ended with this commit or before may be pruned. Later ones are all there.
  id INTEGER PRIMARY KEY CHECK (id = 1),
  through INTEGER NOT NULL
) STRICT;

CREATE TRIGGER pruned_claims_begin BEFORE INSERT ON pruned_claims
BEGIN
  SELECT RAISE(ABORT, 'fencepost: claims are pruned up to a commit that there is, and more from then on')
  WHERE EXISTS (SELECT 1 FROM pruned_claims) OR NEW.through NOT BETWEEN 1 AND (SELECT max(sequence) FROM commits);
  SELECT RAISE(ABORT, 'fencepost: an open snapshot can see claims that ended then; see the view snapshots')
  WHERE EXISTS (SELECT 1 FROM pins WHERE sequence < NEW.through);
END;

CREATE TRIGGER pruned_claims_step BEFORE UPDATE ON pruned_claims
BEGIN
  SELECT RAISE(ABORT, 'fencepost: claims are pruned up to a commit that there is, and more from then on')
  WHERE NEW.id <> OLD.id OR NEW.through NOT BETWEEN OLD.through AND (SELECT max(sequence) FROM commits);
  SELECT RAISE(ABORT, 'fencepost: an open snapshot can see claims that ended then; see the view snapshots')
  WHERE EXISTS (SELECT 1 FROM pins WHERE sequence < NEW.through);
END;

CREATE TRIGGER pruned_claims_kept BEFORE DELETE ON pruned_claims
BEGIN
  SELECT RAISE(ABORT, 'fencepost: claims that are pruned do not come back');
END;

DROP TRIGGER grants_kept;

CREATE TRIGGER grants_kept BEFORE DELETE ON grants
WHEN OLD.ended_sequence IS NULL OR OLD.ended_sequence > coalesce((SELECT through FROM pruned_claims), 0)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history only grows; to end a claim, delete it from the view claims');
END;

CREATE TRIGGER grants_pruned AFTER DELETE ON grants
BEGIN
  DELETE FROM grant_keys WHERE claim = OLD.id;
END;

DROP TRIGGER grant_keys_kept;

CREATE TRIGGER grant_keys_kept BEFORE DELETE ON grant_keys
WHEN EXISTS (SELECT 1 FROM grants WHERE id = OLD.claim)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history only grows');
END;

DROP VIEW claim_history;

CREATE VIEW claim_history AS
  -- Every claim that is kept, and what ended it. The table pruned_claims says which may be missing.
  SELECT k.key, gk.epoch, g.id AS claim, g.agent, p.pid,
    strftime('%Y-%m-%dT%H:%M:%fZ', g.granted_at / 1000.0, 'unixepoch') AS granted_at,
    g.ending, c.agent AS ended_by,
    strftime('%Y-%m-%dT%H:%M:%fZ', c.committed_at / 1000.0, 'unixepoch') AS ended_at
  FROM grant_keys gk JOIN grants g ON g.id = gk.claim JOIN keys k ON k.id = gk.key_id
    JOIN processes p ON p.id = g.process LEFT JOIN commits c ON c.sequence = g.ended_sequence;

CREATE TABLE cursor_progress (
  -- One row for each cursor in the middle of a commit, or at a change that has failed. Moving the cursor removes it.
  cursor_id INTEGER PRIMARY KEY REFERENCES feed_cursors (id),
  handled INTEGER NOT NULL CHECK (handled >= 0),  -- the newest entry of the log that is done; 0 if none after the cursor is
  attempts INTEGER NOT NULL CHECK (attempts >= 0) -- the number of times that the next change has failed
) STRICT;

CREATE TABLE dead_letters (
  -- One row for each change that a subscription gave up after its attempts. DELETE discards it.
  cursor_id INTEGER NOT NULL REFERENCES feed_cursors (id),
  entry INTEGER NOT NULL,                         -- the row of the change in versions or stream_events
  name TEXT NOT NULL,                             -- of the key or stream
  number INTEGER NOT NULL,                        -- the version of the key, or the number of the event
  sequence INTEGER NOT NULL,                      -- of the commit that made the change
  writer TEXT NOT NULL,
  written_at INTEGER NOT NULL,
  event TEXT,                                     -- the ID of the event; NULL for a version
  shape INTEGER NOT NULL,
  text TEXT,                                      -- NULL for a deletion
  attempts INTEGER NOT NULL CHECK (attempts >= 1),
  reason TEXT NOT NULL,                           -- the last error
  parked_at INTEGER NOT NULL,
  PRIMARY KEY (cursor_id, entry)
) STRICT, WITHOUT ROWID;

CREATE VIEW parked AS
  -- Every dead letter with its cursor.
  SELECT f.cursor, d.entry, d.name, d.number, d.event, d.text, d.sequence, d.attempts, d.reason,
    strftime('%Y-%m-%dT%H:%M:%fZ', d.parked_at / 1000.0, 'unixepoch') AS parked_at
  FROM dead_letters d JOIN feed_cursors f ON f.id = d.cursor_id;

CREATE TRIGGER cursor_progress_begin BEFORE INSERT ON cursor_progress
WHEN NOT EXISTS (SELECT 1 FROM feed_cursors f JOIN keys k ON k.id = f.key_id WHERE f.id = NEW.cursor_id AND k.claim IS NOT NULL)
  OR EXISTS (SELECT 1 FROM cursor_progress WHERE cursor_id = NEW.cursor_id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: the progress of a cursor is written under the claim on its key; use the command cursors');
END;

CREATE TRIGGER cursor_progress_fixed BEFORE UPDATE ON cursor_progress
BEGIN
  SELECT RAISE(ABORT, 'fencepost: the progress of a cursor changes only with the cursor; use the command cursors');
END;

CREATE TRIGGER cursor_progress_kept BEFORE DELETE ON cursor_progress
WHEN EXISTS (SELECT 1 FROM feed_cursors f JOIN keys k ON k.id = f.key_id WHERE f.id = OLD.cursor_id AND k.claim IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: the progress of a cursor changes only with the cursor; use the command cursors');
END;

CREATE TRIGGER cursor_progress_moved AFTER UPDATE ON feed_cursors
BEGIN
  DELETE FROM cursor_progress WHERE cursor_id = NEW.id;
END;

CREATE TRIGGER cursor_progress_dropped AFTER DELETE ON feed_cursors
BEGIN
  DELETE FROM cursor_progress WHERE cursor_id = OLD.id;
END;

CREATE TRIGGER dead_letters_begin BEFORE INSERT ON dead_letters
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a change is parked under the claim on the key of its cursor')
  WHERE NOT EXISTS (
    SELECT 1 FROM feed_cursors f JOIN keys k ON k.id = f.key_id WHERE f.id = NEW.cursor_id AND k.claim IS NOT NULL);
  SELECT RAISE(ABORT, 'fencepost: a cursor has at most 10000 dead letters; take or discard some first')
  WHERE (SELECT count(*) FROM dead_letters WHERE cursor_id = NEW.cursor_id) >= 10000;
END;

CREATE TRIGGER dead_letters_fixed BEFORE UPDATE ON dead_letters
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a dead letter does not change; DELETE discards it');
END;

CREATE TRIGGER dead_letters_kept BEFORE DELETE ON feed_cursors
WHEN EXISTS (SELECT 1 FROM dead_letters WHERE cursor_id = OLD.id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: the cursor has dead letters; take or discard them first, see the view parked');
END;

-- Part 6: sagas.

-- Looks for sagas to carry on read this index alone, and no inputs.
CREATE INDEX saga_runs_going_on ON saga_runs (id, saga, definition, version, deadline, key_id, state)
WHERE state IN ('running', 'compensating');

DROP VIEW sagas;

CREATE VIEW sagas AS
  -- Every saga, its state, and who coordinates it now: no process that has closed the store, and no claim whose lease is over.
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
