package dev.fencepost.internal.sql;

/** The statements about sagas. The tables are described in the schema. */
final class SagaStatements {
    private SagaStatements() {}

    static final String INSERT_RUN = """
            INSERT INTO saga_runs (saga, key_id, definition, version, input, deadline, begun_sequence)
            VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id""";
    private static final String RUN = """
            SELECT r.id, r.saga, k.key, r.definition, r.version, r.input, r.deadline, r.begun_sequence, r.state,
              r.entries, c.committed_at, k.claim
            FROM saga_runs r JOIN keys k ON k.id = r.key_id JOIN commits c ON c.sequence = r.begun_sequence""";
    static final String RUN_BY_NAME = RUN + " WHERE r.saga = ?";
    static final String RUN_BY_ID = RUN + " WHERE r.id = ?";

    /** The index covers the SELECT, so inputs are not read. */
    static final String INSERT_ENTRY = """
            INSERT INTO saga_entries (run, entry, sequence, epoch, kind, step, attempt, text)
            SELECT id, entries + 1, ?,
              (SELECT epoch FROM keys WHERE id = key_id AND claim = ?), ?, ?, ?, ?
            FROM saga_runs WHERE id = ?""";

    static final String IS_CANCELLED_BY = """
            SELECT count(*) FROM saga_entries e JOIN commits c ON c.sequence = e.sequence
            WHERE e.run = ? AND e.kind = 'cancel-requested' AND c.committed_at <= ?""";
    static final String LAST_ENTRY = "SELECT max(entry) FROM saga_entries WHERE run = ?";
    static final String IS_CANCELLED =
            "SELECT count(*) FROM saga_entries WHERE run = ? AND entry > ? AND kind = 'cancel-requested'";

    static final String ENDED_BEFORE = """
            SELECT r.id FROM saga_runs r JOIN saga_entries e ON e.run = r.id AND e.entry = r.entries
              JOIN commits c ON c.sequence = e.sequence
            WHERE r.state IN ('completed', 'compensated', 'resolved') AND c.committed_at < ? LIMIT ?""";
    static final String FORGET_RUN = "DELETE FROM saga_runs WHERE id = ?";

    static final String INSERT_WORK = """
            INSERT INTO saga_work (run, step, undo, attempt, role, input, key_id, epoch, offered_sequence)
            SELECT ?, ?, ?, ?, ?, ?, id, epoch, ? FROM keys WHERE key = ?""";
    private static final String WORK = """
            SELECT w.id, w.run, r.saga, w.step, w.undo, w.attempt, w.input, k.key, w.epoch, w.outcome, w.output,
              r.begun_sequence, k.epoch AS present_epoch, k.claim
            FROM saga_work w JOIN saga_runs r ON r.id = w.run JOIN keys k ON k.id = w.key_id""";
    static final String WORK_OFFERED =
            WORK + " WHERE w.run = ? AND w.step = ? AND w.undo = ? AND w.attempt = ? ORDER BY w.id DESC LIMIT 1";
    static final String WORK_OPEN = "SELECT k.key FROM saga_work w JOIN keys k ON k.id = w.key_id"
            + " WHERE w.role = ? AND w.outcome IS NULL AND k.epoch = w.epoch ORDER BY w.id LIMIT ?";
    static final String WORK_OF_KEY = WORK + " WHERE k.key = ? ORDER BY w.id DESC LIMIT 1";
    static final String WORK_TAKEN = WORK + " WHERE k.key = ? AND w.epoch = ? ORDER BY w.id DESC LIMIT 1";
    static final String WORK_OF_RUN = WORK + " WHERE w.run = ? AND w.outcome IS NULL ORDER BY w.id";
    static final String OFFERED_STEPS = "SELECT DISTINCT step FROM saga_work WHERE run = ?";
    static final String WITHDRAW_OFFERS = """
            UPDATE saga_work SET outcome = 'withdrawn', ended_sequence = ?
            WHERE run = ? AND outcome IS NULL AND epoch = (SELECT epoch FROM keys WHERE id = key_id)""";
    static final String END_WORK =
            "UPDATE saga_work SET outcome = ?, output = ?, ended_sequence = ? WHERE id = ? AND outcome IS NULL";
}
