package dev.fencepost.internal.sql;

/**
 * The statements about keys, versions, commits, claims, waiters and processes. The tables are described in the schema.
 */
final class Statements {
    private Statements() {}

    static final String STORE_ID = "SELECT store_id FROM store";
    static final String CREATE_STORE = "INSERT INTO store (id, store_id, created_at) VALUES (1, ?, ?)";

    static final String REGISTER_PROCESS = """
            INSERT INTO processes (id, pid, started, boot, namespace, opened_at, heartbeat_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)""";
    static final String REGISTER_SQL_PROMPT = """
            INSERT INTO processes (id, pid, started, boot, namespace, opened_at, heartbeat_at)
            VALUES (0, 0, '', '', '', ?, ?)""";
    static final String DESCRIBE_PROCESS = "UPDATE processes SET time_namespace = ?, clock_origin = ? WHERE id = ?";
    static final String EARLIEST_CLOCK_ORIGIN = """
            SELECT min(clock_origin) FROM processes
            WHERE boot = ? AND time_namespace = ? AND (closed_at IS NULL OR closed_at - clock_origin > ?)""";
    static final String HEARTBEAT = "UPDATE processes SET heartbeat_at = ? WHERE id = ?";
    static final String HEARTBEAT_IF_DUE =
            "UPDATE processes SET heartbeat_at = ? WHERE id = ? AND heartbeat_at NOT BETWEEN ? AND ?";
    /** An update that always changes the row: SQLite writes nothing if the new value is the old one. */
    static final String TOUCH_PROCESS = "UPDATE processes SET heartbeat_at = max(heartbeat_at + 1, ?) WHERE id = ?";

    static final String CLOSE_PROCESS = """
            UPDATE processes SET closed_at = ?1 WHERE id = ?2 AND closed_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM grants WHERE process = ?2 AND ended_sequence IS NULL AND heartbeats)
              AND NOT EXISTS (SELECT 1 FROM waiters WHERE process = ?2)
              AND NOT EXISTS (SELECT 1 FROM pins WHERE process = ?2)""";
    static final String PROCESS = "SELECT id, pid, started, boot, namespace, time_namespace, heartbeat_at, closed_at"
            + " FROM processes WHERE id = ?";

    static final String LAST_SEQUENCE = "SELECT max(sequence) FROM commits";
    private static final String CONTINUES =
            "EXISTS (SELECT 1 FROM commits WHERE sequence = ? AND process = ? AND ordinal = ?)";

    /** The identity of the newest commit, and whether the file has the commit that was seen last. */
    static final String TIP =
            "SELECT process, ordinal, sequence, " + CONTINUES + " FROM commits ORDER BY sequence DESC LIMIT 1";

    static final String COMMIT_AT = "SELECT process, ordinal FROM commits WHERE sequence = ?";
    static final String INSERT_COMMIT =
            "INSERT INTO commits (sequence, process, ordinal, agent, committed_at, versions, events)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?)";
    static final String COMMIT_IS = "SELECT count(*) FROM commits WHERE sequence = ? AND process = ? AND ordinal = ?";

    private static final String KEY_COLUMNS = "id, key, version, present, sequence, epoch, claim";
    static final String KEY_BY_NAME = "SELECT " + KEY_COLUMNS + " FROM keys WHERE key = ?";
    static final String KEY_BY_ID = "SELECT " + KEY_COLUMNS + " FROM keys WHERE id = ?";
    static final String INSERT_KEY = "INSERT INTO keys (key) VALUES (?) RETURNING " + KEY_COLUMNS;
    static final String INSERT_VERSION =
            "INSERT INTO versions (key_id, version, sequence, epoch, value) VALUES (?, ?, ?, ?, ?)";

    /**
     * Checks and writes in one statement, which returns 0 if a check failed. It has two scalar subqueries, since SQLite
     * would first copy the result of an INSERT's SELECT into a temporary table.
     */
    static final String APPEND = """
            INSERT INTO single_commits (sequence, process, ordinal, agent, committed_at, key_id, version, value)
            VALUES (?, ?, ?, ?, ?,
              (SELECT id FROM keys WHERE key = ? AND claim IS NULL AND present >= ? AND ? IN (version, 0)
                AND sequence <= ?
                AND (?, ?, ?) = (SELECT process, ordinal, sequence FROM commits ORDER BY sequence DESC LIMIT 1)),
              (SELECT version + 1 FROM keys WHERE key = ?), ?)
            RETURNING iif(key_id IS NULL, 0, version)""";

    private static final String VERSION_COLUMNS =
            "SELECT k.key, v.version, v.sequence, c.agent, c.committed_at, v.value FROM keys k ";
    /** The same, with the length of the value, for a page. */
    private static final String SIZED_COLUMNS =
            "SELECT k.key, v.version, v.sequence, c.agent, c.committed_at, v.value, octet_length(v.value) AS bytes FROM keys k ";

    private static final String WITH_COMMIT = " JOIN commits c ON c.sequence = v.sequence ";
    /**
     * Like {@link #LATEST}, with the identity of the commit, and whether the file has a given commit. Always one row.
     */
    static final String LATEST_AND_TIP = """
            SELECT k.key, v.version, v.sequence, c.agent, c.committed_at, v.value, c.process, c.ordinal,""" + " " + CONTINUES + """
             FROM (SELECT 1) LEFT JOIN keys k ON k.key = ? LEFT JOIN versions v ON v.id = k.head
              LEFT JOIN commits c ON c.sequence = v.sequence""";

    static final String LATEST = VERSION_COLUMNS + "JOIN versions v ON v.id = k.head" + WITH_COMMIT + "WHERE k.key = ?";
    static final String VERSION =
            VERSION_COLUMNS + "JOIN versions v ON v.key_id = k.id" + WITH_COMMIT + "WHERE k.key = ? AND v.version = ?";
    static final String HISTORY = SIZED_COLUMNS + "JOIN versions v ON v.key_id = k.id" + WITH_COMMIT
            + "WHERE k.key = ? AND v.version < ? ORDER BY v.version DESC LIMIT ?";
    static final String HISTORY_FROM = SIZED_COLUMNS + "JOIN versions v ON v.key_id = k.id" + WITH_COMMIT
            + "WHERE k.key = ? AND v.version >= ? ORDER BY v.version LIMIT ?";
    private static final String HEADS = SIZED_COLUMNS + "JOIN versions v ON v.id = k.head" + WITH_COMMIT;
    static final String LIST = HEADS + "WHERE k.key >= ? AND k.key < ? AND k.present ORDER BY k.key LIMIT ?";
    static final String LIST_ALL = HEADS + "WHERE k.key >= ? AND k.present ORDER BY k.key LIMIT ?";
    /**
     * The version that was the newest at a sequence. The number of steps to find it is the number of binary digits of
     * its distance from the newest: first by doubling steps back from the newest, then by binary search between the
     * last two. (J. Bentley, A. Yao: 'An almost optimal algorithm for unbounded searching', 1976.) A pruned version
     * counts as older than everything, and then no version is found.
     */
    private static final String AT = """
            JOIN versions v ON v.id = iif(k.sequence <= ?1, k.head, (
              WITH RECURSIVE probe (low, high, step) AS (
                SELECT NULL, k.version, 1
                UNION ALL
                SELECT
                  iif(coalesce(p.sequence, 0) <= ?1, iif(low IS NULL, max(high - step, 0), (low + high) / 2), low),
                  iif(coalesce(p.sequence, 0) <= ?1, high, iif(low IS NULL, max(high - step, 0), (low + high) / 2)),
                  step * 2
                FROM probe LEFT JOIN versions p ON p.key_id = k.id
                  AND p.version = iif(low IS NULL, max(high - step, 0), (low + high) / 2)
                WHERE low IS NULL OR high - low > 1)
              SELECT o.id FROM probe JOIN versions o ON o.key_id = k.id AND o.version = low WHERE high - low = 1))""" + WITH_COMMIT;

    static final String NUMBER_AT = "SELECT v.version FROM keys k " + AT + "WHERE k.key = ?2";
    static final String LATEST_AT = VERSION_COLUMNS + AT + "WHERE k.key = ?2";
    static final String LIST_AT =
            SIZED_COLUMNS + AT + "WHERE k.key >= ?2 AND k.key < ?3 AND v.value IS NOT NULL ORDER BY k.key LIMIT ?";
    static final String LIST_ALL_AT =
            SIZED_COLUMNS + AT + "WHERE k.key >= ?2 AND v.value IS NOT NULL ORDER BY k.key LIMIT ?";
    private static final String CHANGED = "SELECT k.key, k.sequence, c.agent FROM keys k"
            + " JOIN commits c ON c.sequence = k.sequence WHERE k.sequence > ? AND k.key >= ?";
    static final String CHANGED_KEY = CHANGED + " AND k.key = ? LIMIT 1";
    static final String CHANGED_IN = CHANGED + " AND k.key < ? LIMIT 1";
    static final String CHANGED_FROM = CHANGED + " LIMIT 1";

    /**
     * The newest change and the newest commit are returned too, from the same snapshot. Values over 4096 bytes are not
     * read: their length is known without that.
     */
    static final String CHANGES =
            "SELECT NULL, (SELECT max(id) FROM versions), sequence, process, ordinal, NULL, " + CONTINUES + """
              FROM (SELECT * FROM commits ORDER BY sequence DESC LIMIT 1)
            UNION ALL SELECT * FROM (SELECT k.key, v.version, v.sequence, c.agent, c.committed_at,
                iif(octet_length(v.value) <= 4096, v.value, NULL), ifnull(octet_length(v.value), 0) <= 4096
              FROM versions v JOIN keys k ON k.id = v.key_id JOIN commits c ON c.sequence = v.sequence
              WHERE v.id > ? ORDER BY v.id LIMIT ?)""";

    static final String INSERT_GRANT = """
            INSERT INTO grants
              (id, nonce, process, agent, thread, lease, longest_hold, keys, heartbeats, granted_at, renewed_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";
    static final String INSERT_GRANT_KEY = "INSERT INTO grant_keys (claim, key_id, epoch) VALUES (?, ?, ?)";
    static final String RENEW_GRANT = "UPDATE grants SET renewed_at = ? WHERE id = ? AND ended_sequence IS NULL";
    static final String END_GRANT =
            "UPDATE grants SET ended_sequence = ?, ending = ? WHERE id = ? AND ended_sequence IS NULL";
    private static final String GRANT_COLUMNS = """
            SELECT g.id, g.nonce, g.process, g.agent, p.pid, g.thread, g.lease, g.longest_hold, g.heartbeats,
              g.granted_at, g.renewed_at, p.heartbeat_at, g.ending, c.agent AS ended_by, c.committed_at AS ended_at""";
    static final String GRANT = GRANT_COLUMNS + """
             FROM grants g JOIN processes p ON p.id = g.process LEFT JOIN commits c ON c.sequence = g.ended_sequence
            WHERE g.id = ?""";
    static final String GRANT_KEYS = """
            SELECT k.id, k.key, gk.epoch, k.epoch AS present_epoch
            FROM grant_keys gk JOIN keys k ON k.id = gk.key_id WHERE gk.claim = ? ORDER BY k.key""";

    /** The columns of a claim on one key as others see it. The last is the end of its lease. */
    private static final String HELD_COLUMNS = """
            SELECT k.key, gk.epoch, g.process, g.agent, p.pid, g.granted_at,
              min(max(g.renewed_at, iif(g.heartbeats, p.heartbeat_at, g.renewed_at)) + g.lease,
                g.renewed_at + g.longest_hold)""";

    private static final String HELD_BY = """
             JOIN grants g ON g.id = k.claim JOIN grant_keys gk ON gk.claim = g.id AND gk.key_id = k.id
              JOIN processes p ON p.id = g.process
            WHERE g.ended_sequence IS NULL AND\s""";
    static final String HELD = GRANT_COLUMNS + """
            , k.key, gk.epoch, 0 AS bytes
            FROM keys k INDEXED BY keys_held JOIN grants g ON g.id = k.claim
              JOIN grant_keys gk ON gk.claim = g.id AND gk.key_id = k.id JOIN processes p ON p.id = g.process
              LEFT JOIN commits c ON c.sequence = g.ended_sequence
            WHERE g.ended_sequence IS NULL AND k.claim IS NOT NULL AND k.key >= ? ORDER BY k.key LIMIT ?""";
    static final String HELD_ON = HELD_COLUMNS + " FROM keys k" + HELD_BY + "k.key = ?";
    static final String OPEN_GRANTS_OF_PROCESS =
            "SELECT id FROM grants WHERE process = ? AND heartbeats AND ended_sequence IS NULL ORDER BY id";

    static final String LIVES_BY_HEARTBEAT = """
            SELECT EXISTS (SELECT 1 FROM grants WHERE process = ? AND ended_sequence IS NULL AND heartbeats)
              OR EXISTS (SELECT 1 FROM waiters WHERE process = ?) OR EXISTS (SELECT 1 FROM pins WHERE process = ?)""";

    static final String CAN_BE_WAITED_FOR = """
            SELECT EXISTS (SELECT 1 FROM grants WHERE process = ? AND ended_sequence IS NULL AND thread = ?)
              OR EXISTS (SELECT 1 FROM waiters WHERE process = ? AND thread = ?)""";

    static final String INSERT_WAITER = "INSERT INTO waiters (id, process, agent, thread, since, until)"
            + " SELECT last + 1, ?, ?, ?, ?, ? FROM numbers WHERE name = 'waiters' RETURNING id";
    static final String INSERT_WAITER_KEY = "INSERT INTO waiter_keys (key_id, waiter) VALUES (?, ?)";
    static final String PLACE_OF_WAITER = """
            SELECT
              (SELECT count(DISTINCT other.waiter) FROM waiter_keys mine
                JOIN waiter_keys other ON other.key_id = mine.key_id AND other.waiter < mine.waiter
                WHERE mine.waiter = ?),
              (SELECT count(k.claim) FROM waiter_keys mine JOIN keys k ON k.id = mine.key_id WHERE mine.waiter = ?)""";
    static final String IS_QUEUED = "SELECT count(*) FROM waiters WHERE id = ?";
    static final String DELETE_WAITER_KEYS = "DELETE FROM waiter_keys WHERE waiter = ?";
    static final String DELETE_WAITER = "DELETE FROM waiters WHERE id = ?";
    static final String DELETE_WAITER_KEYS_OF_PROCESS =
            "DELETE FROM waiter_keys WHERE waiter IN (SELECT id FROM waiters WHERE process = ?)";
    static final String DELETE_WAITERS_OF_PROCESS = "DELETE FROM waiters WHERE process = ?";
    static final String WAITER_COLUMNS =
            "SELECT w.id, w.process, w.agent, p.pid, w.thread, w.until FROM waiters w JOIN processes p ON p.id = w.process ";
    static final String WAITERS_FOR_KEY =
            WAITER_COLUMNS + "JOIN waiter_keys wk ON wk.waiter = w.id WHERE wk.key_id = ? AND w.id < ? ORDER BY w.id";
    static final String WAITERS_OF_THREAD = WAITER_COLUMNS + "WHERE w.process = ? AND w.thread = ? ORDER BY w.id";
    static final String KEYS_OF_WAITER =
            "SELECT k.id, k.key, k.version, k.present, k.sequence, k.epoch, k.claim FROM waiter_keys wk"
                    + " JOIN keys k ON k.id = wk.key_id WHERE wk.waiter = ? ORDER BY k.key";
}
