package dev.fencepost.internal.sql;

/** The statements about pruned history, snapshots and retention. The tables are described in the schema. */
final class TimeStatements {
    private TimeStatements() {}

    private static final String MISSING =
            "SELECT k.key, t.oldest_sequence FROM keys k CROSS JOIN pruned_keys t ON t.key_id = k.id"
                    + " WHERE t.first_sequence <= ? AND t.oldest_sequence > ? AND k.key >= ?";
    static final String MISSING_KEY = MISSING + " AND k.key = ?";
    static final String MISSING_IN = MISSING + " AND k.key < ? LIMIT 1";
    static final String MISSING_FROM = MISSING + " LIMIT 1";

    static final String NEWEST_AND_KEPT = """
            SELECT k.version, coalesce(t.oldest_version, 1) FROM keys k LEFT JOIN pruned_keys t ON t.key_id = k.id
            WHERE k.key = ?""";

    /** The first commit from a sequence on, and its time. */
    static final String COMMIT_FROM = """
            SELECT sequence, committed_at FROM commits WHERE sequence >= ? ORDER BY sequence LIMIT 1""";

    static final String INSERT_PIN = "INSERT INTO snapshots (id, process, sequence, lease_ms, opened_at)"
            + " SELECT last + 1, ?, ?, ?, ? FROM numbers WHERE name = 'snapshots' RETURNING id";
    static final String DELETE_PIN = "DELETE FROM snapshots WHERE id = ?";
    static final String DELETE_PINS_OF_PROCESS = "DELETE FROM snapshots WHERE process = ?";
    static final String PINS = "SELECT id, process, sequence, lease_ms, opened_at FROM snapshots ORDER BY sequence";

    static final String RULES = "SELECT prefix, max_versions, max_age_ms, agent, octet_length(prefix) AS bytes"
            + " FROM retention_rules ORDER BY prefix LIMIT ?";
    static final String COUNT_RULES_BESIDE = "SELECT count(*) FROM retention_rules WHERE prefix <> ?";
    static final String SET_RULE = """
            INSERT INTO retention_rules (prefix, max_versions, max_age_ms, agent) VALUES (?, ?, ?, ?)
            ON CONFLICT (prefix) DO UPDATE
              SET max_versions = excluded.max_versions, max_age_ms = excluded.max_age_ms, agent = excluded.agent""";
    static final String REMOVE_RULE = "DELETE FROM retention_rules WHERE prefix = ?";

    private static final String TRIMMABLE = """
            SELECT k.key, k.version, coalesce(t.oldest_version, 1) FROM keys k
              LEFT JOIN pruned_keys t ON t.key_id = k.id
            WHERE k.key >= ? AND k.version > coalesce(t.oldest_version, 1)""";
    static final String TRIMMABLE_IN = TRIMMABLE + " AND k.key < ? ORDER BY k.key LIMIT ?";
    static final String TRIMMABLE_FROM = TRIMMABLE + " ORDER BY k.key LIMIT ?";
    static final String TRIM = "INSERT INTO prunes (key, oldest_version) VALUES (?, ?)";

    private static final String TRIMMABLE_STREAMS =
            "SELECT stream, last_number, oldest_number FROM streams WHERE stream >= ? AND last_number > oldest_number";
    static final String TRIMMABLE_STREAMS_IN = TRIMMABLE_STREAMS + " AND stream < ? ORDER BY stream LIMIT ?";
    static final String TRIMMABLE_STREAMS_FROM = TRIMMABLE_STREAMS + " ORDER BY stream LIMIT ?";
    static final String OLDEST_EVENTS = """
            SELECT e.number, e.sequence FROM streams h JOIN events e ON e.stream_id = h.id
            WHERE h.stream = ? ORDER BY e.number LIMIT ?""";
    static final String TRIM_STREAM = """
            UPDATE streams SET oldest_number = ?1, pruned_through = (
              SELECT sequence FROM events WHERE stream_id = streams.id AND number = ?1 - 1)
            WHERE stream = ?2""";

    static final String CLAIM_RULE = "SELECT max_age_ms FROM claim_retention";
    static final String SET_CLAIM_RULE = """
            INSERT INTO claim_retention (id, max_age_ms, agent) VALUES (1, ?, ?)
            ON CONFLICT (id) DO UPDATE SET max_age_ms = excluded.max_age_ms, agent = excluded.agent""";
    static final String REMOVE_CLAIM_RULE = "DELETE FROM claim_retention";
    static final String CLAIMS_PRUNED_THROUGH = "SELECT coalesce(max(through), 0) FROM pruned_claims";
    static final String ENDED_CLAIMS = """
            SELECT id, ended_by_commit FROM claims
            WHERE id > ?1 AND id <= ?2 AND ended_by_commit <= ?2 ORDER BY id LIMIT ?3""";
    static final String NOTE_PRUNED_CLAIMS = """
            INSERT INTO pruned_claims (id, through) SELECT 1, ?1 WHERE NOT EXISTS (SELECT 1 FROM pruned_claims)""";
    static final String NOTE_MORE_PRUNED_CLAIMS = "UPDATE pruned_claims SET through = ?1 WHERE through < ?1";
    static final String PRUNE_CLAIMS = "DELETE FROM claims WHERE id >= ? AND id <= ? AND ended_by_commit <= ?";

    /** The tables are joined in this order, since no index leads from a key to the claims on it. */
    private static final String HELD_THEN = """
            SELECT k.key, gk.epoch, g.process, g.agent, p.pid, g.granted_at,
              coalesce(e.committed_at,
                min(max(g.renewed_at, iif(g.heartbeats, p.heartbeat_at, g.renewed_at)) + g.lease_ms,
                  g.renewed_at + g.max_hold_ms)), 0 AS bytes
            FROM claims g CROSS JOIN claim_keys gk ON gk.claim_id = g.id CROSS JOIN keys k ON k.id = gk.key_id
              JOIN processes p ON p.id = g.process LEFT JOIN commits e ON e.sequence = g.ended_by_commit
            WHERE g.id <= ?1 AND (g.ended_by_commit IS NULL OR g.ended_by_commit > ?1)""";

    static final String HELD_AT = HELD_THEN + " AND k.key >= ?2 ORDER BY k.key LIMIT ?";
    static final String HELD_ON_AT = HELD_THEN + " AND k.key = ?2";
}
