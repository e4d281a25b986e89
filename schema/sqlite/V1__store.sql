-- Fencepost, schema 1, part 1: the store, its processes, and rules that the other parts use.
--
-- The parts of a version are applied together. The tables defend themselves: a trigger refuses a change that breaks a
-- rule, and says what to do instead. Times in tables are milliseconds since 1970 in UTC; the views show ISO-8601.

CREATE TABLE store (
  -- One row: the identity of the store. Claim tokens carry the store_id.
  id INTEGER PRIMARY KEY CHECK (id = 1),
  store_id TEXT NOT NULL CHECK (length(store_id) = 32),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE store_place (
  -- One row: the path at which the last process wrote. A file at another path is a copy while a file of the same store
  -- is at this one. A backup is not opened before it is restored or adopted.
  id INTEGER PRIMARY KEY CHECK (id = 1),
  kind TEXT NOT NULL CHECK (kind IN ('store', 'backup')),
  path BLOB NOT NULL           -- the bytes of the absolute path; empty if no process has noted it yet
) STRICT;

CREATE TABLE former_stores (
  -- One row for each history that this file replaced. Its claim tokens, positions and snapshots are refused for good.
  store_id TEXT NOT NULL PRIMARY KEY CHECK (length(store_id) = 32),
  ended_at INTEGER NOT NULL,
  how TEXT NOT NULL CHECK (how IN ('restore', 'adopt'))
) STRICT, WITHOUT ROWID;

CREATE TABLE numbers (
  -- The last number given to a row of each table whose numbers are never used again.
  name TEXT PRIMARY KEY,
  last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE processes (
  -- One row for each time that a process opened the store and wrote. Number 0 is for edits at a SQL prompt.
  id INTEGER PRIMARY KEY,
  pid INTEGER NOT NULL,
  start_time TEXT NOT NULL,    -- the start time of the process, by the system: tells apart processes with one pid
  boot_id TEXT NOT NULL,       -- the boot of the system
  pid_namespace TEXT NOT NULL, -- the pid namespace of the pid
  opened_at INTEGER NOT NULL,
  heartbeat_at INTEGER NOT NULL,
  closed_at INTEGER,
  -- The time namespace of the start time; empty if unknown.
  time_namespace TEXT NOT NULL DEFAULT '',
  -- The time of day, by the clock of the process, at which the system was started; NULL if unknown. Together with the
  -- system's uptime it gives the time of that clock.
  clock_origin INTEGER
) STRICT;

INSERT INTO store_place (id, kind, path) VALUES (1, 'store', x'');

INSERT INTO numbers (name, last) VALUES ('claim_requests', 0), ('snapshots', 0), ('refusals', 0);

-- Texts are UTF-8. SQLite takes any bytes as text, and programs may read two texts that differ in invalid bytes as one.
-- The view internal_wellformed refuses a text that is not valid. Its trigger replaces the first byte of each character
-- of several bytes by a control character that tells its kind: 1 is followed by one byte that continues a character, 2
-- to 4 by two, 5 to 7 by three. After E0, ED, F0 and F4 (3, 4, 6, 7) the first of these has a narrower range. Bytes
-- that continue a character are now characters of their own, from 128 to 191, so wrong neighbours show. (RFC 3629,
-- section 4.)
CREATE VIEW internal_wellformed AS
  -- Always empty. INSERT (text) does nothing for valid UTF-8 without NUL, and is refused otherwise.
  SELECT NULL AS text WHERE 0;

CREATE VIEW internal_clock AS
  -- The time now, in the unit of the tables.
  SELECT CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) AS now;

CREATE TRIGGER store_insert_check BEFORE INSERT ON store WHEN EXISTS (SELECT 1 FROM store)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: there is one store in a file');
END;

-- The identity changes once its old value is a former one, and while no claim is held.
CREATE TRIGGER store_update_check BEFORE UPDATE ON store
WHEN NEW.id <> OLD.id OR NEW.created_at <> OLD.created_at OR EXISTS (SELECT 1 FROM keys WHERE claim_id IS NOT NULL)
  OR NOT EXISTS (SELECT 1 FROM former_stores WHERE store_id = OLD.store_id)
  OR EXISTS (SELECT 1 FROM former_stores WHERE store_id = NEW.store_id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: the identity of a store does not change; use the command adopt');
END;

CREATE TRIGGER store_no_delete BEFORE DELETE ON store
BEGIN
  SELECT RAISE(ABORT, 'fencepost: the identity of a store does not change');
END;

CREATE TRIGGER store_place_no_delete BEFORE DELETE ON store_place
BEGIN
  SELECT RAISE(ABORT, 'fencepost: the place of a store is noted by the processes that write to it');
END;

CREATE TRIGGER former_stores_immutable BEFORE UPDATE ON former_stores
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history does not change');
END;

CREATE TRIGGER former_stores_no_delete BEFORE DELETE ON former_stores
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history only grows');
END;

CREATE TRIGGER numbers_no_insert BEFORE INSERT ON numbers
BEGIN
  SELECT RAISE(ABORT, 'fencepost: the tables that are numbered do not change');
END;

CREATE TRIGGER numbers_update_check BEFORE UPDATE ON numbers WHEN NEW.name <> OLD.name OR NEW.last <> OLD.last + 1
BEGIN
  SELECT RAISE(ABORT, 'fencepost: rows are numbered one after the other');
END;

CREATE TRIGGER numbers_no_delete BEFORE DELETE ON numbers
BEGIN
  SELECT RAISE(ABORT, 'fencepost: the tables that are numbered do not change');
END;

CREATE TRIGGER processes_insert_check BEFORE INSERT ON processes
WHEN EXISTS (SELECT 1 FROM processes WHERE id = NEW.id)
  OR NOT (NEW.id BETWEEN 1 AND 9007199254740991 OR (NEW.id = 0 AND NOT EXISTS (SELECT 1 FROM processes)))
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a process has a new number from 1 to 9007199254740991, which does not change');
END;

-- Not 'UPDATE OF': that does not notice a number that is changed by its other name, rowid.
CREATE TRIGGER processes_update_check BEFORE UPDATE ON processes
WHEN NEW.id <> OLD.id OR NEW.pid <> OLD.pid OR NEW.start_time <> OLD.start_time OR NEW.boot_id <> OLD.boot_id
  OR NEW.pid_namespace <> OLD.pid_namespace OR NEW.opened_at <> OLD.opened_at OR NEW.closed_at IS NOT OLD.closed_at
  OR NEW.heartbeat_at NOT BETWEEN 0 AND 253402300799999
BEGIN
  SELECT RAISE(ABORT, 'fencepost: what is known of a process does not change')
  WHERE NEW.id <> OLD.id OR NEW.pid <> OLD.pid OR NEW.start_time <> OLD.start_time OR NEW.boot_id <> OLD.boot_id
    OR NEW.pid_namespace <> OLD.pid_namespace OR NEW.opened_at <> OLD.opened_at
    OR (OLD.closed_at IS NOT NULL AND NEW.closed_at IS NOT OLD.closed_at);
  SELECT RAISE(ABORT, 'fencepost: a time is in milliseconds since 1970, and not after the year 9999')
  WHERE NEW.heartbeat_at NOT BETWEEN 0 AND 253402300799999 OR NEW.closed_at NOT BETWEEN 0 AND 253402300799999;
  SELECT RAISE(ABORT, 'fencepost: a process with claims, requests or snapshots is not closed; to end a claim, delete it from the view active_claims')
  WHERE NEW.closed_at IS NOT OLD.closed_at
    AND (EXISTS (SELECT 1 FROM claims WHERE process = OLD.id AND ended_by_commit IS NULL AND heartbeats)
      OR EXISTS (SELECT 1 FROM claim_requests WHERE process = OLD.id) OR EXISTS (SELECT 1 FROM snapshots
        WHERE process = OLD.id));
END;

CREATE TRIGGER processes_no_delete BEFORE DELETE ON processes
BEGIN
  SELECT RAISE(ABORT, 'fencepost: processes are part of history, which only grows');
END;

CREATE TRIGGER processes_bounds_check BEFORE INSERT ON processes
WHEN NEW.opened_at NOT BETWEEN 0 AND 253402300799999 OR NEW.heartbeat_at NOT BETWEEN 0 AND 253402300799999
  OR NEW.closed_at IS NOT NULL OR (NEW.start_time || NEW.boot_id || NEW.pid_namespace) GLOB '*[^ -~]*'
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a process begins open')
  WHERE NEW.closed_at IS NOT NULL;
  SELECT RAISE(ABORT, 'fencepost: a time is in milliseconds since 1970, and not after the year 9999')
  WHERE NEW.opened_at NOT BETWEEN 0 AND 253402300799999 OR NEW.heartbeat_at NOT BETWEEN 0 AND 253402300799999;
  INSERT INTO internal_wellformed (text) VALUES (NEW.start_time), (NEW.boot_id), (NEW.pid_namespace);
END;

CREATE TRIGGER processes_description_check BEFORE UPDATE ON processes
WHEN (NEW.time_namespace <> OLD.time_namespace OR NEW.clock_origin IS NOT OLD.clock_origin)
  AND (OLD.time_namespace <> '' OR OLD.heartbeat_at <> OLD.opened_at OR OLD.closed_at IS NOT NULL OR OLD.pid = 0)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: the time namespace and the clock of a process do not change; they are set when the process is registered');
END;

CREATE TRIGGER internal_wellformed_insert INSTEAD OF INSERT ON internal_wellformed
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
       , CAST(x'c5' AS TEXT), char(1)), CAST(x'c6' AS TEXT),
         char(1)) AS w LIMIT 1) LIMIT 1) LIMIT 1) LIMIT 1) LIMIT 1) LIMIT 1));
END;
