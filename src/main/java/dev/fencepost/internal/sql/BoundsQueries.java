package dev.fencepost.internal.sql;

import dev.fencepost.internal.sql.IntegrityQueries.Invariant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The integrity queries for numbers, times and lengths that no version of this library writes. */
public final class BoundsQueries {
    /** The last millisecond of the year 9999. */
    private static final String LAST_TIME = "253402300799999";

    /** A hundred years in milliseconds. */
    private static final String LONGEST_LEASE = "3153600000000";

    private BoundsQueries() {}

    private static final Invariant NUMBERS = new Invariant(
            "rows are numbered one after the other",
            """
            SELECT 'the table ' || name || ' has the number ' || highest || ', and the next is ' || (last + 1) FROM (
              SELECT n.name, n.last, max(ifnull(s.seq, 0), CASE n.name
                WHEN 'claim_requests' THEN (SELECT ifnull(max(id), 0) FROM claim_requests)
                WHEN 'snapshots' THEN (SELECT ifnull(max(id), 0) FROM snapshots)
                ELSE (SELECT ifnull(max(id), 0) FROM refusals) END) AS highest
              FROM numbers n LEFT JOIN sqlite_sequence s ON s.name = n.name)
            WHERE highest > last
            UNION ALL SELECT 'the table numbers has ' || count(*) || ' of its 3 rows' FROM numbers HAVING count(*) <> 3
            UNION ALL\s"""
                    + Stream.of("keys", "streams", "cursors", "sagas", "saga_journal", "saga_tasks")
                            .map(table -> "SELECT 'the table " + table + " has the number ' || max(id) FROM " + table
                                    + " HAVING max(id) > 4611686018427387903")
                            .collect(Collectors.joining(" UNION ALL ")));

    private static String times(String table, String row, String... columns) {
        return Stream.of(columns)
                .map(column -> "SELECT '" + column + " of " + row + " ' || rowid || ' is ' || " + column + " FROM "
                        + table + " WHERE " + column + " NOT BETWEEN 0 AND " + LAST_TIME)
                .collect(Collectors.joining(" UNION ALL "));
    }

    private static String leases(String table, String row, String... columns) {
        return Stream.of(columns)
                .map(column -> "SELECT '" + column + " of " + row + " ' || rowid || ' is ' || " + column + " FROM "
                        + table + " WHERE " + column + " NOT BETWEEN 1 AND " + LONGEST_LEASE)
                .collect(Collectors.joining(" UNION ALL "));
    }

    private static final Invariant TIMES = new Invariant(
            "times are from 1970 to 9999",
            String.join(
                    " UNION ALL ",
                    times("store", "store", "created_at"),
                    times("processes", "process", "opened_at", "heartbeat_at", "closed_at"),
                    times("log", "commit", "committed_at"),
                    times("claims", "claim", "granted_at", "renewed_at"),
                    times("claim_requests", "request", "since", "until"),
                    times("snapshots", "snapshot", "opened_at"),
                    times("refusals", "refusal", "refused_at"),
                    times("sagas", "saga", "deadline"),
                    leases("claims", "claim", "lease_ms", "max_hold_ms"),
                    leases("snapshots", "snapshot", "lease_ms")));

    private static final Invariant LENGTHS = new Invariant("names and values are within their limits", """
            SELECT 'the agent of commit ' || sequence || ' has ' || octet_length(agent) || ' bytes' FROM commits
            WHERE octet_length(agent) NOT BETWEEN 1 AND 128
            UNION ALL SELECT 'version ' || version || ' of key ' || key_id || ' has ' || octet_length(value) || ' bytes'
            FROM versions WHERE octet_length(value) > 536870912
            UNION ALL SELECT 'event ' || id || ' has ' || octet_length(body) || ' bytes'
            FROM events WHERE octet_length(body) > 536870912""");

    private static final Invariant ONE_VERSION = new Invariant("a commit has one version of a key", """
            SELECT 'commit ' || v.sequence || ' has the versions ' || v.version || ' and ' || n.version || ' of key '
              || v.key_id
            FROM versions n JOIN versions v ON v.id = n.previous_id AND v.key_id = n.key_id
            WHERE n.sequence = v.sequence""");

    private static final Invariant CLOSED = new Invariant("a process that is closed holds nothing", """
            SELECT 'process ' || p.id || ' is closed, and ' || CASE
              WHEN EXISTS (SELECT 1 FROM claim_requests WHERE process = p.id) THEN 'waits for a claim'
              WHEN EXISTS (SELECT 1 FROM snapshots WHERE process = p.id) THEN 'has a snapshot'
              ELSE 'holds a claim' END
            FROM processes p WHERE p.closed_at IS NOT NULL AND p.id <> 0
              AND (EXISTS (SELECT 1 FROM claim_requests WHERE process = p.id)
                OR EXISTS (SELECT 1 FROM snapshots WHERE process = p.id)
                OR EXISTS (SELECT 1 FROM claims WHERE process = p.id AND ended_by_commit IS NULL AND heartbeats))""");

    public static final List<Invariant> ALL = List.of(NUMBERS, TIMES, LENGTHS, ONE_VERSION, CLOSED);
}
