package dev.fencepost.internal.sql;

/** The SQL statements for event streams. The schema describes the tables. */
final class EventStatements {
    private EventStatements() {}

    static final String HEAD =
            "SELECT id, stream, events, sequence, began, kept_from FROM stream_heads WHERE stream = ?";
    static final String APPENDED_AFTER = "SELECT h.stream, h.sequence, c.agent FROM stream_heads h"
            + " JOIN commits c ON c.sequence = h.sequence WHERE h.stream = ? AND h.sequence > ?";
    static final String INSERT_STREAM = "INSERT INTO stream_heads (stream) VALUES (?)";
    static final String INSERT_EVENT =
            "INSERT INTO stream_events (stream_id, number, sequence, event, shape, text) VALUES (?, ?, ?, ?, ?, ?)";

    private static final String EVENT =
            "SELECT h.stream, e.event, e.number, e.sequence, c.agent, c.committed_at, e.shape, e.text";
    private static final String OF_STREAM = " FROM stream_heads h JOIN stream_events e ON e.stream_id = h.id"
            + " JOIN commits c ON c.sequence = e.sequence WHERE h.stream = ? AND ";
    static final String EVENT_NAMED = EVENT + OF_STREAM + "e.event = ?";
    static final String EVENTS_AFTER = EVENT + ", octet_length(e.text) AS bytes" + OF_STREAM
            + "e.number > ? AND e.sequence <= ? ORDER BY e.number LIMIT ?";

    static final String FOLDED = """
            SELECT f.number, f.text FROM stream_heads h JOIN stream_folds f ON f.stream_id = h.id
            WHERE h.stream = ? AND f.fold = ? AND f.version = ?""";
    static final String SAVE_FOLD = """
            INSERT INTO stream_folds (stream_id, fold, version, number, text)
            SELECT id, ?, ?, ?, ? FROM stream_heads WHERE stream = ?
            ON CONFLICT (stream_id, fold) DO UPDATE
            SET version = excluded.version, number = excluded.number, text = excluded.text
            WHERE excluded.version > version OR (excluded.version = version AND excluded.number > number)""";

    static final String INSERT_READ =
            "INSERT OR IGNORE INTO commit_reads (sequence, kind, name, at) VALUES (?, ?, ?, ?)";
    static final String READS = """
            SELECT kind, name, at, 0 AS bytes FROM commit_reads WHERE sequence = ?1
            ORDER BY kind, name LIMIT ?3 OFFSET ?2""";
    static final String REFUSALS = """
            SELECT r.id, r.at, r.sequence, r.agent, p.pid, r.kind, r.name, r.by, r.by_sequence, r.message,
              octet_length(r.message) AS bytes
            FROM refusals r JOIN processes p ON p.id = r.process WHERE r.id < ? ORDER BY r.id DESC LIMIT ?""";
    static final String INSERT_REFUSAL = """
            INSERT INTO refusals (id, at, sequence, process, agent, kind, name, by, by_sequence, message)
            SELECT last + 1, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM numbers WHERE name = 'refusals'""";
}
