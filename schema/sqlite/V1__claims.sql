-- Fencepost, schema 1, part 3: claims, and requests that wait for them.
--
-- Look at the views active_claims, claim_history and claim_waiters. To end a claim by hand, DELETE from the view
-- active_claims.

CREATE TABLE claims (
  -- One row for each claim ever granted; its number is the sequence of the commit that granted it.
  id INTEGER PRIMARY KEY REFERENCES log (id),
  nonce TEXT NOT NULL CHECK (length(nonce) = 16),
  process INTEGER NOT NULL REFERENCES processes (id),
  agent TEXT NOT NULL,
  thread INTEGER NOT NULL,     -- of the holder, for deadlock detection
  lease_ms INTEGER NOT NULL,
  max_hold_ms INTEGER NOT NULL,
  -- the number of its keys; given first, so that none can be added later
  key_count INTEGER NOT NULL CHECK (key_count > 0),
  heartbeats INTEGER NOT NULL, -- 1 if the heartbeats of the process extend the lease
  granted_at INTEGER NOT NULL,
  renewed_at INTEGER NOT NULL,
  ended_by_commit INTEGER REFERENCES log (id),
  end_reason TEXT CHECK (end_reason IN ('released', 'lease-expired', 'held-too-long', 'holder-dead', 'revoked')),
  CHECK ((ended_by_commit IS NULL) = (end_reason IS NULL))
) STRICT;

CREATE TABLE claim_keys (
  -- One row for each key of a claim, with its epoch.
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  key_id INTEGER NOT NULL REFERENCES keys (id),
  epoch INTEGER NOT NULL,
  PRIMARY KEY (claim_id, key_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim_requests (
  -- Waiting requests for claims, first come, first served. The commit that frees the keys of a request grants it, so it
  -- has all that its claim will have.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  process INTEGER NOT NULL REFERENCES processes (id),
  agent TEXT NOT NULL,
  thread INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  nonce TEXT NOT NULL CONSTRAINT "a nonce has 16 hexadecimal digits"
    CHECK (length(nonce) = 16 AND nonce NOT GLOB '*[^0-9a-f]*'),
  lease_ms INTEGER NOT NULL CONSTRAINT "a lease has up to 100 years" CHECK (lease_ms BETWEEN 1 AND 3153600000000),
  max_hold_ms INTEGER NOT NULL CONSTRAINT "a hold has up to 100 years" CHECK (max_hold_ms BETWEEN 1 AND 3153600000000),
  heartbeats INTEGER NOT NULL CONSTRAINT "heartbeats are 0 or 1" CHECK (heartbeats IN (0, 1))
) STRICT;

CREATE TABLE claim_request_keys (
  -- One row for each key of a request.
  key_id INTEGER NOT NULL REFERENCES keys (id),
  request_id INTEGER NOT NULL REFERENCES claim_requests (id),
  PRIMARY KEY (key_id, request_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim_retention (
  -- One row, or none: how long ended claims are kept. Without it, all are kept. May be edited by hand.
  id INTEGER PRIMARY KEY CHECK (id = 1),
  max_age_ms INTEGER NOT NULL CHECK (max_age_ms BETWEEN 0 AND 3153600000000), -- since the end of a claim
  agent TEXT NOT NULL DEFAULT 'sql'
) STRICT;

CREATE TABLE pruned_claims (
  -- One row, or none: claims that ended with this commit or before may be pruned. Later ones are all there.
  id INTEGER PRIMARY KEY CHECK (id = 1),
  through INTEGER NOT NULL
) STRICT;

CREATE INDEX claims_open ON claims (process) WHERE ended_by_commit IS NULL;

CREATE INDEX claim_request_keys_by_request ON claim_request_keys (request_id);

CREATE VIEW claim_leases AS
  -- The expiry of each held claim, unless it is extended.
  SELECT g.id AS claim_id,
    min(max(g.renewed_at, iif(g.heartbeats, p.heartbeat_at, g.renewed_at)) + g.lease_ms, g.renewed_at + g.max_hold_ms)
      AS expires_at,
    g.heartbeats AND g.renewed_at + g.max_hold_ms <= (SELECT now FROM internal_clock) AS too_long
  FROM claims g JOIN processes p ON p.id = g.process
  WHERE g.ended_by_commit IS NULL;

CREATE VIEW internal_expired_claims AS
  -- The held claims that have expired, and the reason. A writer of one of their keys takes over.
  SELECT claim_id, iif(too_long, 'held-too-long', 'lease-expired') AS end_reason
  FROM claim_leases WHERE expires_at <= (SELECT now FROM internal_clock);

CREATE VIEW active_claims AS
  -- The claims that are held now. Others may take a claim that is 'lapsed' (its lease expired) or 'held-too-long'
  -- (heartbeats extended it for as long as they may), or whose process ended, which the file does not know. DELETE
  -- revokes.
  SELECT k.key, k.epoch, g.id AS claim_id, g.agent, p.pid,
    strftime('%Y-%m-%dT%H:%M:%fZ', g.granted_at / 1000.0, 'unixepoch') AS granted_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', l.expires_at / 1000.0, 'unixepoch') AS expires_at,
    iif(l.expires_at > (SELECT now FROM internal_clock), 'held', iif(l.too_long, 'held-too-long', 'lapsed')) AS status,
    p.closed_at IS NOT NULL AS process_closed
  FROM keys k JOIN claims g ON g.id = k.claim_id JOIN processes p ON p.id = g.process
    JOIN claim_leases l ON l.claim_id = g.id
  WHERE k.claim_id IS NOT NULL;

CREATE VIEW claim_history AS
  -- Every claim that is kept, and its end. The table pruned_claims says which may be missing.
  SELECT k.key, gk.epoch, g.id AS claim_id, g.agent, p.pid,
    strftime('%Y-%m-%dT%H:%M:%fZ', g.granted_at / 1000.0, 'unixepoch') AS granted_at,
    g.end_reason, c.agent AS ended_by,
    strftime('%Y-%m-%dT%H:%M:%fZ', c.committed_at / 1000.0, 'unixepoch') AS ended_at
  FROM claim_keys gk JOIN claims g ON g.id = gk.claim_id JOIN keys k ON k.id = gk.key_id
    JOIN processes p ON p.id = g.process LEFT JOIN commits c ON c.sequence = g.ended_by_commit;

CREATE VIEW claim_waiters AS
  -- The waiting requests for claims, in order.
  SELECT w.id AS ticket, k.key, w.agent, p.pid,
    strftime('%Y-%m-%dT%H:%M:%fZ', w.since / 1000.0, 'unixepoch') AS since,
    strftime('%Y-%m-%dT%H:%M:%fZ', w.until / 1000.0, 'unixepoch') AS until
  FROM claim_requests w JOIN claim_request_keys wk ON wk.request_id = w.id JOIN keys k ON k.id = wk.key_id
    JOIN processes p ON p.id = w.process;

CREATE TRIGGER claims_insert_check BEFORE INSERT ON claims
WHEN NEW.ended_by_commit IS NOT NULL OR NEW.id IS NOT (SELECT max(sequence) FROM commits)
  OR NOT EXISTS (SELECT 1 FROM commits WHERE sequence = NEW.id AND agent = NEW.agent AND (process = NEW.process
    OR EXISTS (SELECT 1 FROM claim_requests w WHERE w.nonce = NEW.nonce AND w.process = NEW.process
      AND w.agent = NEW.agent AND w.thread = NEW.thread AND w.lease_ms = NEW.lease_ms
      AND w.max_hold_ms = NEW.max_hold_ms AND w.heartbeats = NEW.heartbeats)))
  OR EXISTS (SELECT 1 FROM claims WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a claim begins open, with the newest commit, whose agent is its holder; another process gets one only for its waiting request');
END;

CREATE TRIGGER claims_update_check BEFORE UPDATE ON claims
WHEN OLD.ended_by_commit IS NOT NULL
  OR NEW.id <> OLD.id OR NEW.nonce <> OLD.nonce OR NEW.process <> OLD.process OR NEW.agent <> OLD.agent
  OR NEW.thread <> OLD.thread OR NEW.lease_ms <> OLD.lease_ms OR NEW.max_hold_ms <> OLD.max_hold_ms
  OR NEW.key_count <> OLD.key_count OR NEW.heartbeats <> OLD.heartbeats OR NEW.granted_at <> OLD.granted_at
  OR (NEW.ended_by_commit IS NOT NULL AND NEW.ended_by_commit IS NOT (SELECT max(sequence) FROM commits))
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a claim is only renewed, or ended once with the newest commit');
END;

CREATE TRIGGER claims_free_keys AFTER UPDATE OF ended_by_commit ON claims WHEN NEW.ended_by_commit IS NOT NULL
BEGIN
  UPDATE keys SET claim_id = NULL, epoch = epoch + (NEW.end_reason <> 'released')
  WHERE id IN (SELECT key_id FROM claim_keys WHERE claim_id = NEW.id) AND claim_id = NEW.id;
END;

CREATE TRIGGER claims_no_delete BEFORE DELETE ON claims
WHEN OLD.ended_by_commit IS NULL OR OLD.ended_by_commit > coalesce((SELECT through FROM pruned_claims), 0)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history only grows; to end a claim, delete it from the view active_claims');
END;

CREATE TRIGGER claims_bounds_check BEFORE INSERT ON claims
WHEN NEW.granted_at NOT BETWEEN 0 AND 253402300799999 OR NEW.renewed_at NOT BETWEEN 0 AND 253402300799999
  OR NEW.lease_ms NOT BETWEEN 1 AND 3153600000000 OR NEW.max_hold_ms NOT BETWEEN 1 AND 3153600000000
  OR NEW.nonce GLOB '*[^0-9a-f]*'
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a nonce has 16 hexadecimal digits') WHERE NEW.nonce GLOB '*[^0-9a-f]*';
  SELECT RAISE(ABORT, 'fencepost: a claim has times up to the year 9999 and leases up to 100 years, in milliseconds')
  WHERE NEW.nonce NOT GLOB '*[^0-9a-f]*';
END;

CREATE TRIGGER claims_update_bounds_check BEFORE UPDATE OF renewed_at ON claims
WHEN NEW.renewed_at NOT BETWEEN 0 AND 253402300799999
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a time is in milliseconds since 1970, and not after the year 9999');
END;

CREATE TRIGGER claims_delete_keys AFTER DELETE ON claims
BEGIN
  DELETE FROM claim_keys WHERE claim_id = OLD.id;
END;

CREATE TRIGGER claim_keys_insert_check BEFORE INSERT ON claim_keys
WHEN NEW.claim_id IS NOT (SELECT max(sequence) FROM commits)
  OR NOT EXISTS (SELECT 1 FROM claims g WHERE g.id = NEW.claim_id AND g.ended_by_commit IS NULL
    AND g.key_count > (SELECT count(*) FROM claim_keys gk WHERE gk.claim_id = g.id))
  OR NEW.epoch IS NOT (SELECT epoch + 1 FROM keys WHERE id = NEW.key_id AND claim_id IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a claim takes free keys in the commit that grants it, each with its next epoch');
END;

CREATE TRIGGER claim_keys_handover_check BEFORE INSERT ON claim_keys
WHEN EXISTS (SELECT 1 FROM claims g JOIN commits c ON c.sequence = g.id
  WHERE g.id = NEW.claim_id AND c.process <> g.process AND NOT EXISTS (
    SELECT 1 FROM claim_requests w JOIN claim_request_keys wk ON wk.request_id = w.id
    WHERE w.nonce = g.nonce AND wk.key_id = NEW.key_id))
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a claim that another process grants takes the keys of the waiting request');
END;

CREATE TRIGGER claim_keys_update_key AFTER INSERT ON claim_keys
BEGIN
  UPDATE keys SET epoch = NEW.epoch, claim_id = NEW.claim_id WHERE id = NEW.key_id;
END;

CREATE TRIGGER claim_keys_immutable BEFORE UPDATE ON claim_keys
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history does not change');
END;

CREATE TRIGGER claim_keys_no_delete BEFORE DELETE ON claim_keys
WHEN EXISTS (SELECT 1 FROM claims WHERE id = OLD.claim_id)
BEGIN
  SELECT RAISE(ABORT, 'fencepost: history only grows');
END;

CREATE TRIGGER claim_requests_number_check AFTER INSERT ON claim_requests
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a request has the next number, and waits behind all others')
  WHERE NEW.id IS NOT (SELECT last + 1 FROM numbers WHERE name = 'claim_requests');
  UPDATE numbers SET last = NEW.id WHERE name = 'claim_requests';
END;

CREATE TRIGGER claim_requests_immutable BEFORE UPDATE ON claim_requests
BEGIN
  SELECT RAISE(ABORT, 'fencepost: requests for claims do not change places');
END;

CREATE TRIGGER claim_requests_delete_keys BEFORE DELETE ON claim_requests
BEGIN
  DELETE FROM claim_request_keys WHERE request_id = OLD.id;
END;

CREATE TRIGGER claim_requests_text_check BEFORE INSERT ON claim_requests
WHEN NEW.agent GLOB '*[^ -~]*' OR length(NEW.agent) NOT BETWEEN 1 AND 128
  OR NEW.since NOT BETWEEN 0 AND 253402300799999 OR NEW.until NOT BETWEEN 0 AND 253402300799999
BEGIN
  SELECT RAISE(ABORT, 'fencepost: a time is in milliseconds since 1970, and not after the year 9999')
  WHERE NEW.since NOT BETWEEN 0 AND 253402300799999 OR NEW.until NOT BETWEEN 0 AND 253402300799999;
  SELECT RAISE(ABORT, 'fencepost: an agent has a name of 1 to 128 bytes without control characters')
  WHERE length(CAST(NEW.agent AS BLOB)) NOT BETWEEN 1 AND 128
    OR NEW.agent GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*';
  INSERT INTO internal_wellformed (text) VALUES (NEW.agent);
END;

CREATE TRIGGER claim_request_keys_immutable BEFORE UPDATE ON claim_request_keys
BEGIN
  SELECT RAISE(ABORT, 'fencepost: requests for claims do not change');
END;

CREATE TRIGGER active_claims_delete INSTEAD OF DELETE ON active_claims
WHEN EXISTS (SELECT 1 FROM claims WHERE id = OLD.claim_id AND ended_by_commit IS NULL)
BEGIN
  INSERT INTO log (id, part, remaining, process, process_commit_number, agent, committed_at, event_count)
  SELECT coalesce(max(id), 0) + 1, 0, 0, 0, random() & 4611686018427387903 | 1, 'sql',
    (SELECT now FROM internal_clock), 0
  FROM log;
  UPDATE claims SET end_reason = 'revoked', ended_by_commit = (SELECT max(sequence) FROM commits)
    WHERE id = OLD.claim_id;
END;

CREATE TRIGGER pruned_claims_insert_check BEFORE INSERT ON pruned_claims
BEGIN
  SELECT RAISE(ABORT, 'fencepost: claims are pruned up to a commit that there is, and more from then on')
  WHERE EXISTS (SELECT 1 FROM pruned_claims) OR NEW.through NOT BETWEEN 1 AND (SELECT max(sequence) FROM commits);
  SELECT RAISE(ABORT, 'fencepost: an open snapshot can see claims that ended then; see the view open_snapshots')
  WHERE EXISTS (SELECT 1 FROM snapshots WHERE sequence < NEW.through);
END;

CREATE TRIGGER pruned_claims_update_check BEFORE UPDATE ON pruned_claims
BEGIN
  SELECT RAISE(ABORT, 'fencepost: claims are pruned up to a commit that there is, and more from then on')
  WHERE NEW.id <> OLD.id OR NEW.through NOT BETWEEN OLD.through AND (SELECT max(sequence) FROM commits);
  SELECT RAISE(ABORT, 'fencepost: an open snapshot can see claims that ended then; see the view open_snapshots')
  WHERE EXISTS (SELECT 1 FROM snapshots WHERE sequence < NEW.through);
END;

CREATE TRIGGER pruned_claims_no_delete BEFORE DELETE ON pruned_claims
BEGIN
  SELECT RAISE(ABORT, 'fencepost: claims that are pruned do not come back');
END;
