-- Fencepost, schema 1, part 3: claims, and requests that wait for them.
--
-- Look at the views claims, claim_history and waits. To end a claim by hand, DELETE from the view claims.

CREATE TABLE grants (
  -- One row for each claim ever granted; its number is the sequence of the commit that granted it.
  id INTEGER PRIMARY KEY REFERENCES commits (sequence),
  nonce TEXT NOT NULL CHECK (length(nonce) = 16),
  process INTEGER NOT NULL REFERENCES processes (id),
  agent TEXT NOT NULL,
  thread INTEGER NOT NULL,     -- of the holder, for deadlock detection
  lease INTEGER NOT NULL,      -- milliseconds
  longest_hold INTEGER NOT NULL,
  keys INTEGER NOT NULL CHECK (keys > 0), -- the number of its keys; given first, so that none can be added later
  heartbeats INTEGER NOT NULL, -- 1 if the heartbeats of the process extend the lease
  granted_at INTEGER NOT NULL,
  renewed_at INTEGER NOT NULL,
  ended_sequence INTEGER REFERENCES commits (sequence),
  ending TEXT CHECK (ending IN ('released', 'lease-expired', 'held-too-long', 'holder-dead', 'revoked')),
  CHECK ((ended_sequence IS NULL) = (ending IS NULL))
) STRICT;

CREATE TABLE grant_keys (
  -- One row for each key of a claim, with its epoch.
  claim INTEGER NOT NULL REFERENCES grants (id),
  key_id INTEGER NOT NULL REFERENCES keys (id),
  epoch INTEGER NOT NULL,
  PRIMARY KEY (claim, key_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE waiters (
  -- Waiting requests for claims, first come, first served.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  process INTEGER NOT NULL REFERENCES processes (id),
  agent TEXT NOT NULL,
  thread INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL
) STRICT;

CREATE TABLE waiter_keys (
  -- One row for each key of a request.
  key_id INTEGER NOT NULL REFERENCES keys (id),
  waiter INTEGER NOT NULL REFERENCES waiters (id),
  PRIMARY KEY (key_id, waiter)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim_retention (
  -- One row, or none: how long ended claims are kept. Without it, all are kept. May be edited by hand.
  id INTEGER PRIMARY KEY CHECK (id = 1),
  age INTEGER NOT NULL CHECK (age BETWEEN 0 AND 3153600000000), -- milliseconds since the end of a claim
  agent TEXT NOT NULL DEFAULT 'sql'
) STRICT;

CREATE TABLE pruned_claims (
  -- One row, or none: claims that ended with this commit or before may be pruned. Later ones are all there.
  id INTEGER PRIMARY KEY CHECK (id = 1),
  through INTEGER NOT NULL
) STRICT;

CREATE INDEX grants_open ON grants (process) WHERE ended_sequence IS NULL;

CREATE INDEX waiter_keys_by_waiter ON waiter_keys (waiter);

CREATE VIEW leases AS
  -- The expiry of each held claim, unless it is extended.
  SELECT g.id AS claim,
    min(max(g.renewed_at, iif(g.heartbeats, p.heartbeat_at, g.renewed_at)) + g.lease, g.renewed_at + g.longest_hold)
      AS expires_at,
    g.heartbeats AND g.renewed_at + g.longest_hold <= (SELECT now FROM clock) AS too_long
  FROM grants g JOIN processes p ON p.id = g.process
  WHERE g.ended_sequence IS NULL;

CREATE VIEW lapsed AS
  -- The held claims that have expired, and the reason. A writer of one of their keys takes over.
  SELECT claim, iif(too_long, 'held-too-long', 'lease-expired') AS ending
  FROM leases WHERE expires_at <= (SELECT now FROM clock);

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

CREATE VIEW claim_history AS
  -- Every claim that is kept, and its end. The table pruned_claims says which may be missing.
  SELECT k.key, gk.epoch, g.id AS claim, g.agent, p.pid,
    strftime('%Y-%m-%dT%H:%M:%fZ', g.granted_at / 1000.0, 'unixepoch') AS granted_at,
    g.ending, c.agent AS ended_by,
    strftime('%Y-%m-%dT%H:%M:%fZ', c.committed_at / 1000.0, 'unixepoch') AS ended_at
  FROM grant_keys gk JOIN grants g ON g.id = gk.claim JOIN keys k ON k.id = gk.key_id
    JOIN processes p ON p.id = g.process LEFT JOIN commits c ON c.sequence = g.ended_sequence;

CREATE VIEW waits AS
  -- The waiting requests for claims, in order.
  SELECT w.id AS ticket, k.key, w.agent, p.pid,
    strftime('%Y-%m-%dT%H:%M:%fZ', w.since / 1000.0, 'unixepoch') AS since,
    strftime('%Y-%m-%dT%H:%M:%fZ', w.until / 1000.0, 'unixepoch') AS until
  FROM waiters w JOIN waiter_keys wk ON wk.waiter = w.id JOIN keys k ON k.id = wk.key_id
    JOIN processes p ON p.id = w.process;

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
WHEN OLD.ended_sequence IS NULL OR OLD.ended_sequence > coalesce((SELECT through FROM pruned_claims), 0)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history only grows; to end a claim, delete it from the view claims');
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

CREATE TRIGGER grants_pruned AFTER DELETE ON grants
BEGIN
  DELETE FROM grant_keys WHERE claim = OLD.id;
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
WHEN EXISTS (SELECT 1 FROM grants WHERE id = OLD.claim)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history only grows');
END;

CREATE TRIGGER waiters_in_order AFTER INSERT ON waiters
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a request has the next number, and waits behind all others')
  WHERE NEW.id IS NOT (SELECT last + 1 FROM numbers WHERE name = 'waiters');
  UPDATE numbers SET last = NEW.id WHERE name = 'waiters';
END;

CREATE TRIGGER waiters_fixed BEFORE UPDATE ON waiters
BEGIN
  SELECT RAISE(ABORT, 'fencepost: requests for claims do not change places');
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

CREATE TRIGGER waiter_keys_fixed BEFORE UPDATE ON waiter_keys
BEGIN
  SELECT RAISE(ABORT, 'fencepost: requests for claims do not change');
END;

CREATE TRIGGER claims_delete INSTEAD OF DELETE ON claims
WHEN EXISTS (SELECT 1 FROM grants WHERE id = OLD.claim AND ended_sequence IS NULL)
BEGIN
  INSERT INTO commits (sequence, process, ordinal, agent, committed_at, versions)
  SELECT coalesce(max(sequence), 0) + 1, 0, random() & 4611686018427387903 | 1, 'sql', (SELECT now FROM clock), 0
  FROM commits;
  UPDATE grants SET ending = 'revoked', ended_sequence = (SELECT max(sequence) FROM commits) WHERE id = OLD.claim;
END;

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
