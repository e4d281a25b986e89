package dev.fencepost.internal.sql;

/** The statements about sagas. The tables are described in the schema. */
final class SagaStatements {
    private SagaStatements() {}

    static final String INSERT_RUN = """
            INSERT INTO sagas (saga, key_id, definition, version, input, deadline, begun_by_commit)
            VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id""";
    private static final String RUN = """
            SELECT r.id, r.saga, k.key, r.definition, r.version, r.input, r.deadline, r.begun_by_commit, r.state,
              r.entry_count, c.committed_at, k.claim_id
            FROM sagas r JOIN keys k ON k.id = r.key_id JOIN commits c ON c.sequence = r.begun_by_commit""";
    static final String RUN_BY_NAME = RUN + " WHERE r.saga = ?";
    static final String RUN_BY_ID = RUN + " WHERE r.id = ?";

    /** The index covers the SELECT, so inputs are not read. */
    static final String INSERT_ENTRY = """
            INSERT INTO saga_journal (saga_id, number, sequence, epoch, type, step, attempt, detail)
            SELECT id, entry_count + 1, ?,
              (SELECT epoch FROM keys WHERE id = key_id AND claim_id = ?), ?, ?, ?, ?
            FROM sagas WHERE id = ?""";

    static final String IS_CANCELLED_BY = """
            SELECT count(*) FROM saga_journal e JOIN commits c ON c.sequence = e.sequence
            WHERE e.saga_id = ? AND e.type = 'cancel-requested' AND c.committed_at <= ?""";
    static final String LAST_ENTRY = "SELECT max(number) FROM saga_journal WHERE saga_id = ?";
    static final String IS_CANCELLED =
            "SELECT count(*) FROM saga_journal WHERE saga_id = ? AND number > ? AND type = 'cancel-requested'";

    static final String ENDED_BEFORE = """
            SELECT r.id FROM sagas r JOIN saga_journal e ON e.saga_id = r.id AND e.number = r.entry_count
              JOIN commits c ON c.sequence = e.sequence
            WHERE r.state IN ('completed', 'compensated', 'resolved') AND c.committed_at < ? LIMIT ?""";
    static final String FORGET_RUN = "DELETE FROM sagas WHERE id = ?";

    static final String INSERT_WORK = """
            INSERT INTO saga_tasks (saga_id, step, compensation, attempt, role, input, key_id, offered_epoch,
              offered_by_commit)
            SELECT ?, ?, ?, ?, ?, ?, id, epoch, ? FROM keys WHERE key = ?""";
    private static final String WORK = """
            SELECT w.id, w.saga_id, r.saga, w.step, w.compensation, w.attempt, w.input, k.key, w.offered_epoch,
              w.outcome, w.output,
              r.begun_by_commit, k.epoch AS present_epoch, k.claim_id
            FROM saga_tasks w JOIN sagas r ON r.id = w.saga_id JOIN keys k ON k.id = w.key_id""";
    static final String WORK_OFFERED = WORK
            + " WHERE w.saga_id = ? AND w.step = ? AND w.compensation = ? AND w.attempt = ? ORDER BY w.id DESC LIMIT 1";
    static final String WORK_OPEN = "SELECT k.key FROM saga_tasks w JOIN keys k ON k.id = w.key_id"
            + " WHERE w.role = ? AND w.outcome IS NULL AND k.epoch = w.offered_epoch ORDER BY w.id LIMIT ?";
    static final String WORK_OF_KEY = WORK + " WHERE k.key = ? ORDER BY w.id DESC LIMIT 1";
    static final String WORK_TAKEN = WORK + " WHERE k.key = ? AND w.offered_epoch = ? ORDER BY w.id DESC LIMIT 1";
    static final String WORK_OF_RUN = WORK + " WHERE w.saga_id = ? AND w.outcome IS NULL ORDER BY w.id";
    static final String OFFERED_STEPS = "SELECT DISTINCT step FROM saga_tasks WHERE saga_id = ?";
    static final String WITHDRAW_OFFERS = """
            UPDATE saga_tasks SET outcome = 'withdrawn', ended_by_commit = ?
            WHERE saga_id = ? AND outcome IS NULL AND offered_epoch = (SELECT epoch FROM keys WHERE id = key_id)""";
    static final String END_WORK =
            "UPDATE saga_tasks SET outcome = ?, output = ?, ended_by_commit = ? WHERE id = ? AND outcome IS NULL";
}
