package dev.fencepost.internal.sql;

/** The SQL statements that read the log of changes, and those for cursors. */
final class CursorStatements {
    private CursorStatements() {}

    static final String VERSION_FROM = "SELECT id, sequence FROM versions WHERE id >= ? ORDER BY id LIMIT 1";
    static final String EVENT_FROM = "SELECT id, sequence FROM events WHERE id >= ? ORDER BY id LIMIT 1";

    /** The row after the last row of the newest commit up to a sequence. */
    static final String AFTER_COMMIT =
            "SELECT id + remaining + 1 FROM log WHERE part = 0 AND id <= ? ORDER BY id DESC LIMIT 1";

    static final String LAST_EVENT = "SELECT max(id) FROM events";

    /**
     * The query for versions in log order. {@code CROSS JOIN} keeps SQLite's query planner from reordering the tables.
     */
    private static final String VERSIONS = """
            SELECT k.key, v.version, v.sequence, c.agent, c.committed_at, v.value, v.id, octet_length(v.value) AS bytes
            FROM versions v CROSS JOIN keys k ON k.id = v.key_id CROSS JOIN commits c ON c.sequence = v.sequence
            WHERE v.id >= ? AND v.id < ? AND k.key >= ?""";

    static final String VERSIONS_IN = VERSIONS + " AND k.key < ? ORDER BY v.id LIMIT ?";
    static final String VERSIONS_ALL = VERSIONS + " ORDER BY v.id LIMIT ?";

    private static final String EVENTS = """
            SELECT h.stream, e.event_id, e.number, e.sequence, c.agent, c.committed_at, e.schema_version, e.body, e.id,
              octet_length(e.body) AS bytes
            FROM events e CROSS JOIN streams h ON h.id = e.stream_id
              CROSS JOIN commits c ON c.sequence = e.sequence
            WHERE e.id >= ? AND e.id < ? AND h.stream >= ?""";
    static final String EVENTS_IN = EVENTS + " AND h.stream < ? ORDER BY e.id LIMIT ?";
    static final String EVENTS_OF = EVENTS + " AND h.stream = ? ORDER BY e.id LIMIT ?";
    static final String EVENTS_ALL = EVENTS + " ORDER BY e.id LIMIT ?";

    private static final String COUNT_VERSIONS = "SELECT count(*) FROM (SELECT 1 FROM versions v"
            + " CROSS JOIN keys k ON k.id = v.key_id WHERE v.id >= ? AND k.key >= ?";
    static final String COUNT_VERSIONS_IN = COUNT_VERSIONS + " AND k.key < ? LIMIT ?)";
    static final String COUNT_VERSIONS_ALL = COUNT_VERSIONS + " LIMIT ?)";

    private static final String COUNT_EVENTS = "SELECT count(*) FROM (SELECT 1 FROM events e"
            + " CROSS JOIN streams h ON h.id = e.stream_id WHERE e.id >= ? AND h.stream >= ?";
    static final String COUNT_EVENTS_IN = COUNT_EVENTS + " AND h.stream < ? LIMIT ?)";
    static final String COUNT_EVENTS_OF = COUNT_EVENTS + " AND h.stream = ? LIMIT ?)";
    static final String COUNT_EVENTS_ALL = COUNT_EVENTS + " LIMIT ?)";

    private static final String EVICTED_VERSIONS = """
            SELECT max(t.pruned_through) FROM pruned_keys t CROSS JOIN keys k ON k.id = t.key_id
            WHERE t.pruned_through > ? AND k.key >= ?""";
    static final String EVICTED_VERSIONS_IN = EVICTED_VERSIONS + " AND k.key < ?";
    static final String EVICTED_VERSIONS_ALL = EVICTED_VERSIONS;

    private static final String EVICTED_EVENTS =
            "SELECT max(pruned_through) FROM streams WHERE pruned_through > 0 AND pruned_through > ? AND stream >= ?";
    static final String EVICTED_EVENTS_IN = EVICTED_EVENTS + " AND stream < ?";
    static final String EVICTED_EVENTS_OF = EVICTED_EVENTS + " AND stream = ?";
    static final String EVICTED_EVENTS_ALL = EVICTED_EVENTS;

    private static final String CURSOR = """
            SELECT f.cursor, k.key, f.source, f.prefix, f.position, c.committed_at, k.claim_id,
              coalesce(p.handled, 0), coalesce(p.attempts, 0), 0 AS bytes
            FROM cursors f JOIN keys k ON k.id = f.key_id JOIN commits c ON c.sequence = f.moved_by_commit
              LEFT JOIN cursor_progress p ON p.cursor_id = f.id""";
    static final String CURSOR_NAMED = CURSOR + " WHERE f.cursor = ?";
    static final String CURSORS = CURSOR + " WHERE f.cursor > ? ORDER BY f.cursor LIMIT ?";
    static final String INSERT_CURSOR = """
            INSERT INTO cursors (cursor, key_id, source, prefix, position, moved_by_commit)
            SELECT ?, id, ?, ?, ?, ? FROM keys WHERE key = ?""";
    static final String MOVE_CURSOR = "UPDATE cursors SET position = ?, moved_by_commit = ? WHERE cursor = ?";
    static final String INSERT_PROGRESS = "INSERT INTO cursor_progress (cursor_id, handled, attempts)"
            + " SELECT id, ?, ? FROM cursors WHERE cursor = ?";
    static final String PARK = """
            INSERT OR REPLACE INTO dead_letters (cursor_id, entry, name, number, sequence, writer, written_at, event_id,
              schema_version,
              body, attempts, reason, parked_at)
            SELECT id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM cursors WHERE cursor = ?""";
    private static final String LETTER_COLUMNS = "SELECT d.entry, d.name, d.number, d.sequence, d.writer, d.written_at,"
            + " d.event_id, d.schema_version, d.body, d.attempts, d.reason, d.parked_at,"
            + " coalesce(octet_length(d.body), 0) AS bytes ";
    private static final String LETTERS_OF =
            "FROM dead_letters d WHERE d.cursor_id =" + " (SELECT id FROM cursors WHERE cursor = ?)";
    static final String LETTERS = LETTER_COLUMNS + LETTERS_OF + " AND d.entry > ? ORDER BY d.entry LIMIT ?";
    static final String LETTER = LETTER_COLUMNS + LETTERS_OF + " AND d.entry = ?";
    static final String COUNT_LETTERS = "SELECT count(*) " + LETTERS_OF;
    static final String DROP_LETTER =
            "DELETE FROM dead_letters WHERE entry = ? AND cursor_id =" + " (SELECT id FROM cursors WHERE cursor = ?)";
    static final String DROP_CURSOR = "DELETE FROM cursors WHERE cursor = ?";
    static final String HAS_WAITERS = """
            SELECT EXISTS (SELECT 1 FROM claim_request_keys wk JOIN keys k ON k.id = wk.key_id WHERE k.key = ?)""";
}
