package dev.fencepost.internal.sql;

/**
 * The statements about keys, versions, commits, claims, waiters and processes. The tables are described in the schema.
 */
final class Statements {
    private Statements() {}

    static final String STORE_ID = "SELECT store_id FROM store";
    static final String CREATE_STORE = "INSERT INTO store (id, store_id, created_at) VALUES (1, ?, ?)";

    static final String REGISTER_PROCESS = """
            INSERT INTO processes (id, pid, start_time, boot_id, pid_namespace, opened_at, heartbeat_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)""";
    static final String REGISTER_SQL_PROMPT = """
            INSERT INTO processes (id, pid, start_time, boot_id, pid_namespace, opened_at, heartbeat_at)
            VALUES (0, 0, '', '', '', ?, ?)""";
    static final String DESCRIBE_PROCESS = "UPDATE processes SET time_namespace = ?, clock_origin = ? WHERE id = ?";
    static final String EARLIEST_CLOCK_ORIGIN = """
            SELECT min(clock_origin) FROM processes
            WHERE boot_id = ? AND time_namespace = ? AND (closed_at IS NULL OR closed_at - clock_origin > ?)""";
    static final String HEARTBEAT = "UPDATE processes SET heartbeat_at = ? WHERE id = ?";
    static final String HEARTBEAT_IF_DUE =
            "UPDATE processes SET heartbeat_at = ? WHERE id = ? AND heartbeat_at NOT BETWEEN ? AND ?";
    /** An update that always changes the row: SQLite writes nothing if the new value is the old one. */
    static final String TOUCH_PROCESS = "UPDATE processes SET heartbeat_at = max(heartbeat_at + 1, ?) WHERE id = ?";

    static final String CLOSE_PROCESS = """
            UPDATE processes SET closed_at = ?1 WHERE id = ?2 AND closed_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM claims WHERE process = ?2 AND ended_by_commit IS NULL AND heartbeats)
              AND NOT EXISTS (SELECT 1 FROM claim_requests WHERE process = ?2)
              AND NOT EXISTS (SELECT 1 FROM snapshots WHERE process = ?2)""";
    static final String PROCESS =
            "SELECT id, pid, start_time, boot_id, pid_namespace, time_namespace, heartbeat_at, closed_at"
                    + " FROM processes WHERE id = ?";

    static final String LAST_SEQUENCE = "SELECT max(sequence) FROM commits";
    private static final String CONTINUES =
            "EXISTS (SELECT 1 FROM log WHERE id = ? AND process = ? AND process_commit_number = ?)";

    /** The newest commit, the last row of the log, and whether the log has the commit that was seen last. */
    static final String TIP = "SELECT process, process_commit_number, id, id + remaining, " + CONTINUES
            + " FROM log WHERE part = 0 ORDER BY id DESC LIMIT 1";

    static final String COMMIT_AT = "SELECT process, process_commit_number FROM commits WHERE sequence = ?";
    static final String INSERT_COMMIT =
            "INSERT INTO log (id, part, remaining, process, process_commit_number, agent, committed_at, event_count)"
                    + " VALUES (?, 0, ?, ?, ?, ?, ?, ?)";
    static final String INSERT_VERSION =
            "INSERT INTO log (id, part, remaining, event_count, key_id, version, epoch, previous_id, value)"
                    + " VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?)";
    private static final String SINGLE =
            " INTO log (id, process, process_commit_number, agent, committed_at, event_count,"
                    + " key_id, version, epoch, previous_id, value, part, remaining) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ";
    static final String INSERT_SINGLE = "INSERT" + SINGLE + "0)";

    /**
     * Inserts one row if the newest commit is the expected one, and none otherwise: a row needs a number of remaining
     * rows. The condition is a scalar subquery, since SQLite would copy the result of an INSERT's SELECT first.
     */
    static final String INSERT_SINGLE_AFTER = "INSERT OR IGNORE" + SINGLE
            + "(SELECT iif(process = ? AND process_commit_number = ? AND id = ?, 0, NULL)"
            + " FROM log WHERE part = 0 ORDER BY id DESC LIMIT 1))";

    static final String COMMIT_IS =
            "SELECT count(*) FROM commits WHERE sequence = ? AND process = ? AND process_commit_number = ?";

    private static final String KEY_COLUMNS =
            "id, key, version, has_value, sequence, epoch, claim_id, latest_version_id";
    static final String KEY_BY_NAME = "SELECT " + KEY_COLUMNS + " FROM keys WHERE key = ?";
    static final String KEY_BY_ID = "SELECT " + KEY_COLUMNS + " FROM keys WHERE id = ?";
    static final String INSERT_KEY = "INSERT INTO keys (key) VALUES (?) RETURNING " + KEY_COLUMNS;

    private static final String COLUMNS = "SELECT k.key, v.version, v.sequence, c.agent, c.committed_at, v.value";
    private static final String VERSION_COLUMNS = COLUMNS + " FROM keys k ";
    /** The same, with the length of the value, for a page. */
    private static final String SIZED_COLUMNS = COLUMNS + ", octet_length(v.value) AS bytes FROM keys k ";

    private static final String WITH_COMMIT = " JOIN commits c ON c.sequence = v.sequence ";
    /**
     * Like {@link #LATEST}, with the identity of the commit, and whether the file has a given commit. Always one row.
     */
    static final String LATEST_AND_TIP =
            COLUMNS + ", c.process, c.process_commit_number, c.id, c.id + c.remaining, " + CONTINUES + """
             FROM (SELECT 1) LEFT JOIN keys k ON k.key = ? LEFT JOIN versions v ON v.id = k.latest_version_id
              LEFT JOIN log c ON c.id = v.sequence""";

    static final String LATEST =
            VERSION_COLUMNS + "JOIN versions v ON v.id = k.latest_version_id" + WITH_COMMIT + "WHERE k.key = ?";

    /**
     * The row of a version of a key: by the index of every fourth version, or from the newest, and then back from
     * version to version.
     *
     * @param version an SQL expression for the number of the version
     */
    private static String row(String version) {
        return """
                (WITH RECURSIVE walk (id, version, previous_id) AS (
                  SELECT id, version, previous_id FROM log WHERE id = coalesce(
                    (SELECT id FROM log WHERE key_id = k.id AND version = (%1$s + 3) & ~3 AND version & 3 = 0),
                    k.latest_version_id)
                  UNION ALL
                  SELECT l.id, l.version, l.previous_id FROM walk w JOIN log l ON l.id = w.previous_id AND l.id < w.id
                  WHERE w.version > %1$s)
                SELECT id FROM walk WHERE version = %1$s)""".formatted(version);
    }

    static final String VERSION =
            VERSION_COLUMNS + "JOIN versions v ON v.id = " + row("?2") + WITH_COMMIT + "WHERE k.key = ?1";

    /** The versions of a key before one, newest first. SQLite walks as far as the reader asks. */
    static final String HISTORY = """
            WITH RECURSIVE walk (id, version, previous_id) AS (
              SELECT v.id, v.version, v.previous_id FROM keys k
                JOIN versions v ON v.id =""" + row("min(?2 - 1, k.version)") + """
               WHERE k.key = ?1
              UNION ALL
              SELECT v.id, v.version, v.previous_id FROM walk w
                JOIN versions v ON v.id = w.previous_id AND v.id < w.id)
            """ + COLUMNS + """
            , octet_length(v.value) AS bytes
            FROM walk w CROSS JOIN versions v ON v.id = w.id CROSS JOIN keys k ON k.id = v.key_id
              CROSS JOIN commits c ON c.sequence = v.sequence LIMIT ?""";

    private static final String FIRST = "max(?2, coalesce(t.oldest_version, 1))";
    private static final String NEXT = "iif(f.id IS NULL, k.version, f.number + 1)";

    /**
     * The versions of a key from one on, oldest first. If one is missing, which only damage causes, the newest follows,
     * so that the reader notices it.
     */
    static final String HISTORY_FROM = "WITH RECURSIVE found (number, id) AS (SELECT " + FIRST + ", " + row(FIRST) + """
               FROM keys k LEFT JOIN pruned_keys t ON t.key_id = k.id WHERE k.key = ?1
              UNION ALL
              SELECT"""
            + " " + NEXT + ", " + row(NEXT) + """
               FROM found f JOIN keys k ON k.key = ?1 WHERE f.number < k.version)
            """ + COLUMNS + """
            , octet_length(v.value) AS bytes
            FROM found f CROSS JOIN versions v ON v.id = f.id CROSS JOIN keys k ON k.id = v.key_id
              CROSS JOIN commits c ON c.sequence = v.sequence LIMIT ?""";

    private static final String HEADS = SIZED_COLUMNS + "JOIN versions v ON v.id = k.latest_version_id" + WITH_COMMIT;
    static final String LIST = HEADS + "WHERE k.key >= ? AND k.key < ? AND k.has_value ORDER BY k.key LIMIT ?";
    static final String LIST_ALL = HEADS + "WHERE k.key >= ? AND k.has_value ORDER BY k.key LIMIT ?";
    /**
     * The version that was the newest at a sequence. The index has every fourth version, so this searches in it first:
     * by doubling steps back from the newest, and then by binary search between the last two. (J. Bentley, A. Yao: 'An
     * almost optimal algorithm for unbounded searching', 1976.) From the fourth version after, it goes back from version
     * to version. A pruned version counts as older than everything, and then no version is found.
     */
    private static final String AT = """
            JOIN versions v ON v.id = iif(k.sequence <= ?1, k.latest_version_id, (
              WITH RECURSIVE probe (low, high, step) AS (
                SELECT NULL, k.version / 4 + 1, 1
                UNION ALL
                SELECT
                  iif(coalesce(p.id - p.part, 0) <= ?1, iif(low IS NULL, max(high - step, 0), (low + high) / 2), low),
                  iif(coalesce(p.id - p.part, 0) <= ?1, high, iif(low IS NULL, max(high - step, 0), (low + high) / 2)),
                  step * 2
                FROM probe LEFT JOIN log p ON p.key_id = k.id AND p.version & 3 = 0
                  AND p.version = 4 * iif(low IS NULL, max(high - step, 0), (low + high) / 2)
                WHERE low IS NULL OR high - low > 1),
              walk (id, sequence, previous_id) AS (
                SELECT l.id, l.id - l.part, l.previous_id FROM probe JOIN log l ON l.id = coalesce(
                  (SELECT id FROM log WHERE key_id = k.id AND version = 4 * high AND version & 3 = 0),
                  k.latest_version_id)
                WHERE high - low = 1
                UNION ALL
                SELECT l.id, l.sequence, l.previous_id FROM walk w
                  JOIN versions l ON l.id = w.previous_id AND l.id < w.id
                WHERE w.sequence > ?1)
              SELECT id FROM walk WHERE sequence <= ?1))""" + WITH_COMMIT;

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
     * The last row of the log and the newest commit are returned too, from the same snapshot. Values over 4096 bytes are
     * not read: their length is known without that.
     */
    static final String CHANGES = "SELECT NULL, process, process_commit_number, id, id + remaining, " + CONTINUES + """
              , NULL FROM (SELECT * FROM log WHERE part = 0 ORDER BY id DESC LIMIT 1)
            UNION ALL SELECT * FROM (SELECT k.key, v.version, v.sequence, c.agent, c.committed_at,
                iif(octet_length(v.value) <= 4096, v.value, NULL), ifnull(octet_length(v.value), 0) <= 4096
              FROM versions v JOIN keys k ON k.id = v.key_id JOIN commits c ON c.sequence = v.sequence
              WHERE v.id > ? ORDER BY v.id LIMIT ?)""";

    static final String INSERT_GRANT = """
            INSERT INTO claims
              (id, nonce, process, agent, thread, lease_ms, max_hold_ms, key_count, heartbeats, granted_at, renewed_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";
    static final String INSERT_GRANT_KEY = "INSERT INTO claim_keys (claim_id, key_id, epoch) VALUES (?, ?, ?)";
    static final String RENEW_GRANT = "UPDATE claims SET renewed_at = ? WHERE id = ? AND ended_by_commit IS NULL";
    static final String END_GRANT =
            "UPDATE claims SET ended_by_commit = ?, end_reason = ? WHERE id = ? AND ended_by_commit IS NULL";
    private static final String GRANT_COLUMNS = """
            SELECT g.id, g.nonce, g.process, g.agent, p.pid, g.thread, g.lease_ms, g.max_hold_ms, g.heartbeats,
              g.granted_at, g.renewed_at, p.heartbeat_at, g.end_reason, c.agent AS ended_by,
                c.committed_at AS ended_at, (SELECT process FROM commits WHERE sequence = g.id) <> g.process""";
    static final String GRANT = GRANT_COLUMNS + """
             FROM claims g JOIN processes p ON p.id = g.process LEFT JOIN commits c ON c.sequence = g.ended_by_commit
            WHERE g.id = ?""";
    static final String HELD_KEYS = """
            SELECT k.key, k.epoch FROM claims g JOIN claim_keys gk ON gk.claim_id = g.id JOIN keys k ON k.id = gk.key_id
            WHERE g.id = ? AND g.nonce = ? AND g.ended_by_commit IS NULL""";
    static final String GRANT_KEYS = """
            SELECT k.id, k.key, gk.epoch, k.epoch AS present_epoch
            FROM claim_keys gk JOIN keys k ON k.id = gk.key_id WHERE gk.claim_id = ? ORDER BY k.key""";

    /** The columns of a claim on one key as others see it. The last is the end of its lease. */
    private static final String HELD_COLUMNS = """
            SELECT k.key, gk.epoch, g.process, g.agent, p.pid, g.granted_at,
              min(max(g.renewed_at, iif(g.heartbeats, p.heartbeat_at, g.renewed_at)) + g.lease_ms,
                g.renewed_at + g.max_hold_ms)""";

    private static final String HELD_BY = """
             JOIN claims g ON g.id = k.claim_id JOIN claim_keys gk ON gk.claim_id = g.id AND gk.key_id = k.id
              JOIN processes p ON p.id = g.process
            WHERE g.ended_by_commit IS NULL AND\s""";
    static final String HELD = GRANT_COLUMNS + """
            , k.key, gk.epoch, 0 AS bytes
            FROM keys k INDEXED BY keys_claimed JOIN claims g ON g.id = k.claim_id
              JOIN claim_keys gk ON gk.claim_id = g.id AND gk.key_id = k.id JOIN processes p ON p.id = g.process
              LEFT JOIN commits c ON c.sequence = g.ended_by_commit
            WHERE g.ended_by_commit IS NULL AND k.claim_id IS NOT NULL AND k.key >= ? ORDER BY k.key LIMIT ?""";
    static final String HELD_ON = HELD_COLUMNS + " FROM keys k" + HELD_BY + "k.key = ?";
    static final String OPEN_GRANTS_OF_PROCESS =
            "SELECT id FROM claims WHERE process = ? AND heartbeats AND ended_by_commit IS NULL ORDER BY id";

    static final String LIVES_BY_HEARTBEAT = """
            SELECT EXISTS (SELECT 1 FROM claims WHERE process = ? AND ended_by_commit IS NULL AND heartbeats)
              OR EXISTS (SELECT 1 FROM claim_requests WHERE process = ?) OR EXISTS (SELECT 1 FROM snapshots
                WHERE process = ?)""";

    static final String CAN_BE_WAITED_FOR = """
            SELECT EXISTS (SELECT 1 FROM claims WHERE process = ? AND ended_by_commit IS NULL AND thread = ?)
              OR EXISTS (SELECT 1 FROM claim_requests WHERE process = ? AND thread = ?)""";

    static final String INSERT_WAITER = "INSERT INTO claim_requests"
            + " (id, process, agent, thread, since, until, nonce, lease_ms, max_hold_ms, heartbeats)"
            + " SELECT last + 1, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM numbers WHERE name = 'claim_requests' RETURNING id";
    static final String INSERT_WAITER_KEY = "INSERT INTO claim_request_keys (key_id, request_id) VALUES (?, ?)";
    static final String PLACE_OF_WAITER = """
            SELECT
              (SELECT count(DISTINCT other.request_id) FROM claim_request_keys mine
                JOIN claim_request_keys other ON other.key_id = mine.key_id AND other.request_id < mine.request_id
                WHERE mine.request_id = ?),
              (SELECT count(k.claim_id) FROM claim_request_keys mine
                JOIN keys k ON k.id = mine.key_id WHERE mine.request_id = ?)""";
    static final String IS_QUEUED = "SELECT count(*) FROM claim_requests WHERE id = ?";
    static final String TICKET_OF_NONCE = "SELECT id FROM claim_requests WHERE nonce = ?";
    static final String DELETE_WAITER = "DELETE FROM claim_requests WHERE id = ?";
    static final String DELETE_WAITERS_OF_PROCESS = "DELETE FROM claim_requests WHERE process = ?";
    private static final String WAITER_COLUMNS = "SELECT w.id, w.process, w.agent, p.pid, w.thread, w.until, w.nonce,"
            + " w.lease_ms, w.max_hold_ms, w.heartbeats ";
    private static final String WAITERS =
            WAITER_COLUMNS + "FROM claim_requests w JOIN processes p ON p.id = w.process ";
    static final String FIRST_WAITER_FOR_KEY = WAITER_COLUMNS + """
            , (SELECT count(*) FROM claim_request_keys WHERE request_id = w.id),
              k.id, k.key, k.version, k.has_value, k.sequence, k.epoch, k.claim_id, k.latest_version_id
            FROM keys k JOIN claim_requests w
              ON w.id = (SELECT request_id FROM claim_request_keys WHERE key_id = k.id ORDER BY request_id LIMIT 1)
              JOIN processes p ON p.id = w.process
            WHERE k.id = ?""";
    static final String AWAITED_KEYS_OF_CLAIM = "SELECT key_id FROM claim_keys gk WHERE claim_id = ?"
            + " AND EXISTS (SELECT 1 FROM claim_request_keys wk WHERE wk.key_id = gk.key_id)";
    static final String WAITERS_FOR_KEY = WAITERS
            + "JOIN claim_request_keys wk ON wk.request_id = w.id WHERE wk.key_id = ? AND w.id < ? ORDER BY w.id";
    static final String WAITERS_OF_THREAD = WAITERS + "WHERE w.process = ? AND w.thread = ? ORDER BY w.id";
    static final String KEYS_OF_WAITER =
            "SELECT k.id, k.key, k.version, k.has_value, k.sequence, k.epoch, k.claim_id, k.latest_version_id"
                    + " FROM claim_request_keys wk JOIN keys k ON k.id = wk.key_id WHERE wk.request_id = ? ORDER BY k.key";
}
