package dev.fencepost.internal.sql;

/** The questions by which a log is recognised as that of another file. Each reads little but the newest rows. */
final class LogOwnershipStatements {
    /**
     * A table that is only appended to.
     *
     * @param newest its newest row
     * @param row the row of a number
     * @param after how many rows come after a number, the greatest number, and how many are of later commits than one
     * @param announced how many rows the commits after one have
     * @param pruned the newest commit of which rows may be gone
     */
    record Appended(String newest, String row, String after, String announced, String pruned) {}

    private LogOwnershipStatements() {}

    static final String BEGUN_AT = "SELECT opened_at FROM processes WHERE id = 0";
    static final String OBJECTS = "SELECT count(*) FROM sqlite_schema WHERE sql IS NOT NULL";

    /** A page that was in use for another table is not taken for a commit, since columns keep their types. */
    private static final String COMMITS =
            "SELECT sequence, sequence, process || ' ' || ordinal || ' ' || committed_at || ' ' || agent FROM commits"
                    + " WHERE typeof(process) = 'integer' AND typeof(ordinal) = 'integer' AND typeof(agent) = 'text'"
                    + " AND typeof(committed_at) = 'integer' AND sequence = ";

    static final String NEWEST_COMMIT = COMMITS + "(SELECT max(sequence) FROM commits)";
    static final String COMMIT = COMMITS + "?";

    static final Appended VERSIONS = appended("versions", "key_id || ' ' || version", "trimmed");
    static final Appended EVENTS =
            appended("stream_events", "stream_id || ' ' || number || ' ' || event", "stream_heads");

    private static Appended appended(String table, String columns, String pruned) {
        String row = "SELECT id, sequence, " + columns + " FROM " + table + " WHERE id = ";
        return new Appended(
                row + "(SELECT max(id) FROM " + table + ")",
                row + "?",
                "SELECT count(*), max(id), sum(sequence > ?2) FROM " + table + " WHERE id > ?1",
                "SELECT sum(" + (table.equals("versions") ? "versions" : "events")
                        + ") FROM commits WHERE sequence > ?",
                "SELECT max(evicted_to) FROM " + pruned);
    }
}
