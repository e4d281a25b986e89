package dev.fencepost.internal.sql;

/** The statements about pruned history, snapshots and retention. The tables are described in the schema. */
final class TimeStatements {
    private TimeStatements() {}

    private static final String MISSING =
            "SELECT k.key, t.kept_since FROM keys k CROSS JOIN trimmed t ON t.key_id = k.id"
                    + " WHERE t.began <= ? AND t.kept_since > ? AND k.key >= ?";
    static final String MISSING_KEY = MISSING + " AND k.key = ?";
    static final String MISSING_IN = MISSING + " AND k.key < ? LIMIT 1";
    static final String MISSING_FROM = MISSING + " LIMIT 1";

    static final String NEWEST_AND_KEPT = """
            SELECT k.version, coalesce(t.kept_from, 1) FROM keys k LEFT JOIN trimmed t ON t.key_id = k.id
            WHERE k.key = ?""";

    /** The first commit from a sequence on, and its time. */
    static final String COMMIT_FROM = """
            SELECT sequence, committed_at FROM commits WHERE sequence >= ? ORDER BY sequence LIMIT 1""";

    static final String INSERT_PIN = "INSERT INTO pins (id, process, sequence, lease, opened_at)"
            + " SELECT last + 1, ?, ?, ?, ? FROM numbers WHERE name = 'pins' RETURNING id";
    static final String DELETE_PIN = "DELETE FROM pins WHERE id = ?";
    static final String DELETE_PINS_OF_PROCESS = "DELETE FROM pins WHERE process = ?";
    static final String PINS = "SELECT id, process, sequence, lease, opened_at FROM pins ORDER BY sequence";

    static final String RULES =
            "SELECT prefix, versions, age, agent, octet_length(prefix) AS bytes FROM retention ORDER BY prefix LIMIT ?";
    static final String COUNT_RULES_BESIDE = "SELECT count(*) FROM retention WHERE prefix <> ?";
    static final String SET_RULE = """
            INSERT INTO retention (prefix, versions, age, agent) VALUES (?, ?, ?, ?)
            ON CONFLICT (prefix) DO UPDATE SET versions = excluded.versions, age = excluded.age, agent = excluded.agent""";
    static final String REMOVE_RULE = "DELETE FROM retention WHERE prefix = ?";

    private static final String TRIMMABLE = """
            SELECT k.key, k.version, coalesce(t.kept_from, 1) FROM keys k LEFT JOIN trimmed t ON t.key_id = k.id
            WHERE k.key >= ? AND k.version > coalesce(t.kept_from, 1)""";
    static final String TRIMMABLE_IN = TRIMMABLE + " AND k.key < ? ORDER BY k.key LIMIT ?";
    static final String TRIMMABLE_FROM = TRIMMABLE + " ORDER BY k.key LIMIT ?";
    static final String TRIM = "INSERT INTO trims (key, kept_from) VALUES (?, ?)";

    private static final String TRIMMABLE_STREAMS =
            "SELECT stream, events, kept_from FROM stream_heads WHERE stream >= ? AND events > kept_from";
    static final String TRIMMABLE_STREAMS_IN = TRIMMABLE_STREAMS + " AND stream < ? ORDER BY stream LIMIT ?";
    static final String TRIMMABLE_STREAMS_FROM = TRIMMABLE_STREAMS + " ORDER BY stream LIMIT ?";
    static final String OLDEST_EVENTS = """
            SELECT e.number, e.sequence FROM stream_heads h JOIN stream_events e ON e.stream_id = h.id
            WHERE h.stream = ? ORDER BY e.number LIMIT ?""";
    static final String TRIM_STREAM = """
            UPDATE stream_heads SET kept_from = ?1, evicted_to = (
              SELECT sequence FROM stream_events WHERE stream_id = stream_heads.id AND number = ?1 - 1)
            WHERE stream = ?2""";

    static final String FREE_PAGES = "PRAGMA freelist_count";
    static final String GIVE_BACK_ONE = "PRAGMA incremental_vacuum(1)";

    static final String CLAIM_RULE = "SELECT age FROM claim_retention";
    static final String SET_CLAIM_RULE = """
            INSERT INTO claim_retention (id, age, agent) VALUES (1, ?, ?)
            ON CONFLICT (id) DO UPDATE SET age = excluded.age, agent = excluded.agent""";
    static final String REMOVE_CLAIM_RULE = "DELETE FROM claim_retention";
    static final String CLAIMS_PRUNED_THROUGH = "SELECT coalesce(max(through), 0) FROM pruned_claims";
    static final String ENDED_CLAIMS = """
            SELECT id, ended_sequence FROM grants
            WHERE id > ?1 AND id <= ?2 AND ended_sequence <= ?2 ORDER BY id LIMIT ?3""";
    static final String NOTE_PRUNED_CLAIMS = """
            INSERT INTO pruned_claims (id, through) SELECT 1, ?1 WHERE NOT EXISTS (SELECT 1 FROM pruned_claims)""";
    static final String NOTE_MORE_PRUNED_CLAIMS = "UPDATE pruned_claims SET through = ?1 WHERE through < ?1";
    static final String PRUNE_CLAIMS = "DELETE FROM grants WHERE id >= ? AND id <= ? AND ended_sequence <= ?";

    /** The tables are joined in this order, since no index leads from a key to the claims on it. */
    private static final String HELD_THEN = """
            SELECT k.key, gk.epoch, g.process, g.agent, p.pid, g.granted_at,
              coalesce(e.committed_at,
                min(max(g.renewed_at, iif(g.heartbeats, p.heartbeat_at, g.renewed_at)) + g.lease,
                  g.renewed_at + g.longest_hold)), 0 AS bytes
            FROM grants g CROSS JOIN grant_keys gk ON gk.claim = g.id CROSS JOIN keys k ON k.id = gk.key_id
              JOIN processes p ON p.id = g.process LEFT JOIN commits e ON e.sequence = g.ended_sequence
            WHERE g.id <= ?1 AND (g.ended_sequence IS NULL OR g.ended_sequence > ?1)""";

    static final String HELD_AT = HELD_THEN + " AND k.key >= ?2 ORDER BY k.key LIMIT ?";
    static final String HELD_ON_AT = HELD_THEN + " AND k.key = ?2";
}
