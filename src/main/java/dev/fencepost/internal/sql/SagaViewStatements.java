package dev.fencepost.internal.sql;

/**
 * The statements that list and describe sagas. None of them reads an input or the text of an entry that it does not
 * return. To read a column behind a long input costs as much as to read the input, so the state is taken from the
 * journal.
 */
final class SagaViewStatements {
    private SagaViewStatements() {}

    /** Returns a join to the last entry that matches, as of ?1. */
    private static String last(String entry, String like) {
        return " JOIN saga_entries " + entry + " ON " + entry + ".run = r.id AND " + entry + ".entry = "
                + "(SELECT max(entry) FROM saga_entries WHERE run = r.id AND sequence <= ?1" + like + ")";
    }

    private static final String REASON = "coalesce(iif(h.kind IN ('stuck', 'resolved'), h.text, NULL), t.text)";

    /**
     * The summary as of ?1. The entries b and n are the first and the last; m is the last that changes the state of the
     * saga.
     */
    private static final String SUMMARY = """
            SELECT r.id, r.saga, k.key, r.definition, r.version,
              CASE WHEN m.kind IN ('stuck', 'completed', 'compensated', 'resolved') THEN m.kind
                WHEN t.kind IS NOT NULL THEN 'compensating' ELSE 'running' END,
              (SELECT s.step FROM saga_entries s WHERE s.run = r.id AND s.step IS NOT NULL AND s.sequence <= ?1
                ORDER BY s.entry DESC LIMIT 1),
              %1$s, bc.committed_at, nc.committed_at, octet_length(%1$s) AS bytes
            FROM saga_runs r CROSS JOIN keys k ON k.id = r.key_id
              CROSS JOIN saga_entries b ON b.run = r.id AND b.entry = 1 AND b.sequence <= ?1
              CROSS JOIN commits bc ON bc.sequence = b.sequence""".formatted(REASON)
            + " CROSS" + last("n", "") + " CROSS JOIN commits nc ON nc.sequence = n.sequence"
            + " CROSS" + last("m", " AND kind <> 'cancel-requested'")
            + " LEFT" + last("h", " AND kind NOT IN ('compensating', 'cancel-requested')")
            + " LEFT" + last("t", " AND kind = 'compensating'") + " ";

    static final String SUMMARY_NAMED = SUMMARY + "WHERE r.saga = ?2";
    static final String SUMMARIES = SUMMARY + "WHERE r.id > ?2 ORDER BY r.id LIMIT ?";
    static final String OPEN_SUMMARIES =
            SUMMARY + "WHERE r.id > ?2 AND r.state IN ('running', 'compensating', 'stuck') ORDER BY r.id LIMIT ?";
    static final String SUMMARIES_OPEN_THEN = SUMMARY
            + "WHERE r.id > ?2 AND m.kind NOT IN ('completed', 'compensated', 'resolved') ORDER BY r.id LIMIT ?";

    static final String NUMBER = "SELECT id FROM saga_runs WHERE saga = ?";
    static final String INPUT = "SELECT input FROM saga_runs WHERE id = ?";

    static final String ENTRIES = """
            SELECT e.entry, e.kind, e.step, e.attempt, e.text, c.agent, e.epoch, e.sequence, c.committed_at,
              octet_length(e.text) AS bytes
            FROM saga_entries e JOIN commits c ON c.sequence = e.sequence
            WHERE e.run = ? AND e.entry > ? AND e.sequence <= ? ORDER BY e.entry LIMIT ?""";

    /** The index has no saga that is stuck or has ended, so none of those is read. */
    static final String GOING_ON = """
            SELECT r.id, r.saga, r.definition, r.version, r.deadline, k.claim, 0 AS bytes
            FROM saga_runs r INDEXED BY saga_runs_going_on CROSS JOIN keys k ON k.id = r.key_id
            WHERE r.state IN ('running', 'compensating') AND r.id > ? ORDER BY r.id LIMIT ?""";
}
