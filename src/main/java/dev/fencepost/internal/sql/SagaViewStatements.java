package dev.fencepost.internal.sql;

/**
 * The statements that list and describe sagas. None of them reads an input or the detail of an entry that it does not
 * return. To read a column behind a long input costs as much as to read the input, so the state is taken from the
 * journal.
 */
final class SagaViewStatements {
    private SagaViewStatements() {}

    /** Returns a join to the last entry that matches, as of ?1. */
    private static String last(String entry, String like) {
        return " JOIN saga_journal " + entry + " ON " + entry + ".saga_id = r.id AND " + entry + ".number = "
                + "(SELECT max(number) FROM saga_journal WHERE saga_id = r.id AND sequence <= ?1" + like + ")";
    }

    private static final String REASON = "coalesce(iif(h.type IN ('stuck', 'resolved'), h.detail, NULL), t.detail)";

    /**
     * The summary as of ?1. The entries b and n are the first and the last; m is the last that changes the state of the
     * saga.
     */
    private static final String SUMMARY = """
            SELECT r.id, r.saga, k.key, r.definition, r.version,
              CASE WHEN m.type IN ('stuck', 'completed', 'compensated', 'resolved') THEN m.type
                WHEN t.type IS NOT NULL THEN 'compensating' ELSE 'running' END,
              (SELECT s.step FROM saga_journal s WHERE s.saga_id = r.id AND s.step IS NOT NULL AND s.sequence <= ?1
                ORDER BY s.number DESC LIMIT 1),
              %1$s, bc.committed_at, nc.committed_at, octet_length(%1$s) AS bytes
            FROM sagas r CROSS JOIN keys k ON k.id = r.key_id
              CROSS JOIN saga_journal b ON b.saga_id = r.id AND b.number = 1 AND b.sequence <= ?1
              CROSS JOIN commits bc ON bc.sequence = b.sequence""".formatted(REASON)
            + " CROSS" + last("n", "") + " CROSS JOIN commits nc ON nc.sequence = n.sequence"
            + " CROSS" + last("m", " AND type <> 'cancel-requested'")
            + " LEFT" + last("h", " AND type NOT IN ('compensating', 'cancel-requested')")
            + " LEFT" + last("t", " AND type = 'compensating'") + " ";

    static final String SUMMARY_NAMED = SUMMARY + "WHERE r.saga = ?2";
    static final String SUMMARIES = SUMMARY + "WHERE r.id > ?2 ORDER BY r.id LIMIT ?";
    static final String OPEN_SUMMARIES =
            SUMMARY + "WHERE r.id > ?2 AND r.state IN ('running', 'compensating', 'stuck') ORDER BY r.id LIMIT ?";
    static final String SUMMARIES_OPEN_THEN = SUMMARY
            + "WHERE r.id > ?2 AND m.type NOT IN ('completed', 'compensated', 'resolved') ORDER BY r.id LIMIT ?";

    static final String NUMBER = "SELECT id FROM sagas WHERE saga = ?";
    static final String INPUT = "SELECT input FROM sagas WHERE id = ?";

    static final String ENTRIES = """
            SELECT e.number, e.type, e.step, e.attempt, e.detail, c.agent, e.epoch, e.sequence, c.committed_at,
              octet_length(e.detail) AS bytes
            FROM saga_journal e JOIN commits c ON c.sequence = e.sequence
            WHERE e.saga_id = ? AND e.number > ? AND e.sequence <= ? ORDER BY e.number LIMIT ?""";

    /** The index has no saga that is stuck or has ended, so none of those is read. */
    static final String GOING_ON = """
            SELECT r.id, r.saga, r.definition, r.version, r.deadline, k.claim_id, 0 AS bytes
            FROM sagas r INDEXED BY sagas_in_progress CROSS JOIN keys k ON k.id = r.key_id
            WHERE r.state IN ('running', 'compensating') AND r.id > ? ORDER BY r.id LIMIT ?""";
}
