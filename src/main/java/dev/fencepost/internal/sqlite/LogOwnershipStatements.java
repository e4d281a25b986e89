package dev.fencepost.internal.sqlite;

/** The queries that detect the WAL of another file. Each reads little more than the newest rows. */
final class LogOwnershipStatements {
    /**
     * The queries on an append-only table.
     *
     * @param newest the query for the newest row
     * @param row the query for the row with a number
     * @param after the query for the count of rows after a number, the greatest number, and the count of rows of later
     *     commits than a sequence
     * @param announced the query for the count of rows that the commits after a sequence record
     * @param pruned the query for the newest commit whose rows may be pruned
     */
    record Appended(String newest, String row, String after, String announced, String pruned) {}

    private LogOwnershipStatements() {}

    static final String BEGUN_AT = "SELECT opened_at FROM processes WHERE id = 0";

    /** The number of objects whose creation changed the schema's number, unlike that of SQLite's own tables. */
    static final String OBJECTS =
            "SELECT count(*) FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*'";

    /**
     * The query for commits. Columns keep their types, so the type checks exclude pages that were in use for another
     * table.
     */
    private static final String COMMITS = "SELECT sequence, sequence,"
            + " process || ' ' || process_commit_number || ' ' || committed_at || ' ' || agent FROM commits"
            + " WHERE typeof(process) = 'integer' AND typeof(process_commit_number) = 'integer'"
            + " AND typeof(agent) = 'text'"
            + " AND typeof(committed_at) = 'integer' AND sequence = ";

    static final String NEWEST_COMMIT = COMMITS + "(SELECT max(sequence) FROM commits)";
    static final String COMMIT = COMMITS + "?";

    /** The rows of the log. They are never removed, and the first row of each commit tells how many follow. */
    static final Appended LOG = appended(
            "log",
            "id - part",
            "ifnull(key_id, 0) || ' ' || ifnull(version, 0)",
            "1 + remaining",
            "log WHERE part = 0 AND id",
            "SELECT 0");

    static final Appended EVENTS = appended(
            "events",
            "sequence",
            "stream_id || ' ' || number || ' ' || event_id",
            "event_count",
            "commits WHERE sequence",
            "SELECT max(pruned_through) FROM streams");

    private static Appended appended(
            String table, String sequence, String columns, String count, String commits, String pruned) {
        String row = "SELECT id, " + sequence + ", " + columns + " FROM " + table + " WHERE id = ";
        return new Appended(
                row + "(SELECT max(id) FROM " + table + ")",
                row + "?",
                "SELECT count(*), max(id), sum(" + sequence + " > ?2) FROM " + table + " WHERE id > ?1",
                "SELECT sum(" + count + ") FROM " + commits + " > ?",
                pruned);
    }
}
