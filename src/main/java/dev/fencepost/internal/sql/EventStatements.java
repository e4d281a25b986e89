package dev.fencepost.internal.sql;

/** The SQL statements for event streams. The schema describes the tables. */
final class EventStatements {
    private EventStatements() {}

    static final String HEAD =
            "SELECT id, stream, last_number, sequence, first_sequence, oldest_number FROM streams WHERE stream = ?";
    static final String APPENDED_AFTER = "SELECT h.stream, h.sequence, c.agent FROM streams h"
            + " JOIN commits c ON c.sequence = h.sequence WHERE h.stream = ? AND h.sequence > ?";
    static final String INSERT_STREAM = "INSERT INTO streams (stream) VALUES (?)";
    static final String INSERT_EVENT =
            "INSERT INTO events (stream_id, number, sequence, event_id, schema_version, body)"
                    + " VALUES (?, ?, ?, ?, ?, ?)";

    private static final String EVENT =
            "SELECT h.stream, e.event_id, e.number, e.sequence, c.agent, c.committed_at, e.schema_version, e.body";
    private static final String OF_STREAM = " FROM streams h JOIN events e ON e.stream_id = h.id"
            + " JOIN commits c ON c.sequence = e.sequence WHERE h.stream = ? AND ";
    static final String EVENT_NAMED = EVENT + OF_STREAM + "e.event_id = ?";
    static final String EVENTS_AFTER = EVENT + ", octet_length(e.body) AS bytes" + OF_STREAM
            + "e.number > ? AND e.sequence <= ? ORDER BY e.number LIMIT ?";

    static final String FOLDED = """
            SELECT f.number, f.state FROM streams h JOIN fold_states f ON f.stream_id = h.id
            WHERE h.stream = ? AND f.fold = ? AND f.version = ?""";
    static final String SAVE_FOLD = """
            INSERT INTO fold_states (stream_id, fold, version, number, state)
            SELECT id, ?, ?, ?, ? FROM streams WHERE stream = ?
            ON CONFLICT (stream_id, fold) DO UPDATE
            SET version = excluded.version, number = excluded.number, state = excluded.state
            WHERE excluded.version > version OR (excluded.version = version AND excluded.number > number)""";

    static final String INSERT_READ =
            "INSERT OR IGNORE INTO commit_dependencies (sequence, kind, name, as_of) VALUES (?, ?, ?, ?)";
    static final String READS = """
            SELECT kind, name, as_of, 0 AS bytes FROM commit_dependencies WHERE sequence = ?1
            ORDER BY kind, name LIMIT ?3 OFFSET ?2""";
    static final String REFUSALS = """
            SELECT r.id, r.refused_at, r.sequence, r.agent, p.pid, r.kind, r.name, r.blocked_by, r.blocked_by_commit,
              r.message,
              octet_length(r.message) AS bytes
            FROM refusals r JOIN processes p ON p.id = r.process WHERE r.id < ? ORDER BY r.id DESC LIMIT ?""";
    static final String INSERT_REFUSAL = """
            INSERT INTO refusals (id, refused_at, sequence, process, agent, kind, name, blocked_by, blocked_by_commit,
              message)
            SELECT last + 1, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM numbers WHERE name = 'refusals'""";
}
