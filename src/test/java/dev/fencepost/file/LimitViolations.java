package dev.fencepost.file;

import dev.fencepost.file.RuleViolations.Attempt;
import java.util.ArrayList;
import java.util.List;

/** Attempts on texts, numbers, times, processes and complete commits, on the same file as {@link RuleViolations}. */
final class LimitViolations {
    private static final String UTF8 = "a text is valid UTF-8";
    private static final String NUMBERED = "numbered one after the other";
    private static final String TIME = "not after the year 9999";
    private static final String NEWEST = "(SELECT max(sequence) FROM commits)";

    private LimitViolations() {}

    private static Attempt to(String tries, String words, String... statements) {
        return new Attempt(tries, words, List.of(statements));
    }

    private static String commit(int process, int versions, int events) {
        return "INSERT INTO log (id, part, remaining, process, process_commit_number, agent, committed_at, event_count)"
                + " SELECT max(id) + 1, 0, " + versions + ", "
                + (process == 0 ? "0" : "(SELECT max(id) FROM processes)") + ", 1, 'forger', 0, " + events
                + " FROM log";
    }

    /** Returns the insertion of a commit without versions at the prompt. */
    private static String commitBy(String agent, String time) {
        return "INSERT INTO log (id, part, remaining, process, process_commit_number, agent, committed_at, event_count)"
                + " SELECT max(id) + 1, 0, 0, 0, 1, " + agent + ", " + time + ", 0 FROM log";
    }

    private static Attempt inCommit(String tries, String words, int process, int versions, int events, String... more) {
        List<String> all = new ArrayList<>(List.of("BEGIN IMMEDIATE", commit(process, versions, events)));
        all.addAll(List.of(more));
        all.add("COMMIT");
        return new Attempt(tries, words, all);
    }

    /** One text of each kind of invalid UTF-8. */
    static final List<String> INVALID = List.of(
            "6bff",
            "80",
            "6180",
            "c3",
            "c361",
            "c3a9a9",
            "c080",
            "e282",
            "e28261",
            "e09fbf",
            "e282acac",
            "eda080",
            "edbfbf",
            "f09f98",
            "f08fbfbf",
            "f4908080",
            "f5808080",
            "f8888080",
            "fe",
            "ff",
            "fc80808080a9");

    private static String text(String hex) {
        return "CAST(x'" + hex + "' AS TEXT)";
    }

    static List<Attempt> onTexts() {
        List<Attempt> all = new ArrayList<>();
        INVALID.forEach(hex -> all.add(
                to("the value " + hex, UTF8, "UPDATE current_values SET value = " + text(hex) + " WHERE key = 'a'")));
        String bad = text("6bff");
        all.add(to("a key", UTF8, "INSERT INTO current_values (key, value) VALUES (" + bad + ", 'twin')"));
        all.add(to("a key by itself", UTF8, "INSERT INTO keys (key) VALUES (" + bad + ")"));
        all.add(to("a stream", UTF8, "INSERT INTO event_log (stream, event_id, body) VALUES (" + bad + ", 'e', 't')"));
        all.add(to(
                "an event's name",
                UTF8,
                "INSERT INTO event_log (stream, event_id, body) VALUES ('s', " + bad + ", 't')"));
        all.add(to(
                "an event's text",
                UTF8,
                "INSERT INTO event_log (stream, event_id, body) VALUES ('s', 'e', " + bad + ")"));
        all.add(to(
                "a prefix of a rule",
                UTF8,
                "INSERT INTO retention_rules (prefix, max_versions) VALUES (" + bad + ", 1)"));
        all.addAll(onAgents(bad));
        all.addAll(onRows(bad));
        return all;
    }

    private static List<Attempt> onAgents(String bad) {
        List<Attempt> all = new ArrayList<>();
        all.add(to("an agent", UTF8, commitBy(bad, "0")));
        all.add(to(
                "an agent who waits",
                UTF8,
                "INSERT INTO claim_requests VALUES (NULL, 0, " + bad + ", 1, 0, 0, '0123456789abcdef', 1, 1, 0)"));
        all.add(to("an agent without a name", "an agent has a name of 1 to 128 bytes", commitBy("''", "0")));
        all.add(
                to(
                        "an agent with a long name",
                        "an agent has a name of 1 to 128 bytes",
                        "INSERT INTO claim_requests VALUES (NULL, 0, hex(zeroblob(65)), 1, 0, 0, '0123456789abcdef', 1, 1, 0)"));
        return all;
    }

    private static List<Attempt> onRows(String bad) {
        List<Attempt> all = new ArrayList<>();
        all.add(inCommit(
                "a value past the view",
                UTF8,
                0,
                1,
                0,
                "INSERT INTO log (id, part, remaining, event_count, key_id, version, previous_id, value)"
                        + " SELECT max(id) + 1, 1, 0, 0, 1, 3, 2, " + bad + " FROM log"));
        all.add(to(
                "an agent of a commit of one row",
                UTF8,
                RuleViolations.single(RuleViolations.NEXT, 1, 3, 2, "'x'")
                        .replaceFirst("^", "INSERT ")
                        .replace("'forger'", bad)));
        all.add(inCommit(
                "what a commit read",
                UTF8,
                0,
                0,
                0,
                "INSERT INTO commit_dependencies VALUES (" + NEWEST + ", 'key', " + bad + ", 0)"));
        all.add(to(
                "a refusal",
                UTF8,
                "INSERT INTO refusals (refused_at, sequence, process, agent, kind, name, message) VALUES (0,"
                        + " 0, 0, 'x', 'key', " + bad + ", 'x')"));
        all.add(to(
                "a process",
                UTF8,
                "INSERT INTO processes (id, pid, start_time, boot_id, pid_namespace, opened_at, heartbeat_at, closed_at) SELECT max(id) + 1, 1, "
                        + bad + ", '', '', 0, 0, NULL FROM processes"));
        all.add(to(
                "a value with NUL behind other text",
                "without NUL",
                "INSERT INTO internal_wellformed VALUES ('a' || char(0))"));
        return all;
    }

    /** Returns attempts with the largest number, which has no successor. */
    static List<Attempt> onNumbers() {
        String last = "9223372036854775807";
        return List.of(
                to(
                        "a request",
                        "waits behind all others",
                        "INSERT INTO claim_requests VALUES (" + last
                                + ", 0, 'x', 1, 0, 0, '0123456789abcdef', 1, 1, 0)"),
                to(
                        "a request in between",
                        "next number",
                        "INSERT INTO claim_requests SELECT last + 2, 0, 'x', 1, 0, 0, '0123456789abcdef', 1, 1, 0 FROM"
                                + " numbers WHERE name = 'claim_requests'"),
                to("a snapshot", NUMBERED, "INSERT INTO snapshots VALUES (" + last + ", 0, 1, 1000, 0)"),
                to(
                        "a refusal",
                        NUMBERED,
                        "INSERT INTO refusals VALUES (" + last + ", 0, 0, 0, 'x', 'key', 'x', NULL, NULL, 'x')"),
                to("a key", NUMBERED, "INSERT INTO keys (id, key) VALUES (" + last + ", 'z')"),
                to("a stream", NUMBERED, "INSERT INTO streams (id, stream) VALUES (" + last + ", 'z')"));
    }

    static List<Attempt> onCounters() {
        return List.of(
                to("the counter", NUMBERED, "UPDATE numbers SET last = 9223372036854775807"),
                to("another counter", "tables that are numbered", "INSERT INTO numbers VALUES ('z', 0)"),
                to("no counter", "tables that are numbered", "DELETE FROM numbers"));
    }

    static List<Attempt> onNumbersInCommits() {
        String last = "9223372036854775807";
        return List.of(
                inCommit(
                        "a saga",
                        NUMBERED,
                        0,
                        0,
                        0,
                        "INSERT INTO sagas (id, saga, key_id, definition, version, input, begun_by_commit) SELECT "
                                + last + ", 'z', 1, 'd', 1, '', " + NEWEST),
                inCommit(
                        "an entry of a journal",
                        NUMBERED,
                        0,
                        0,
                        0,
                        "INSERT INTO sagas (saga, key_id, definition, version, input, begun_by_commit) SELECT 'z', 1,"
                                + " 'd', 1, '', " + NEWEST,
                        "INSERT INTO saga_journal (id, saga_id, number, sequence, type) SELECT " + last
                                + ", max(id), 1, " + NEWEST + ", 'begun' FROM sagas"),
                inCommit(
                        "a cursor",
                        NUMBERED,
                        0,
                        0,
                        0,
                        "INSERT INTO keys (key) VALUES ('fencepost:cursor:z')",
                        "INSERT INTO cursors SELECT " + last + ", 'z', max(id), 'values', '', 0, " + NEWEST
                                + " FROM keys"));
    }

    static List<Attempt> onTimes() {
        String last = "9223372036854775807";
        List<Attempt> all = new ArrayList<>();
        for (String time : List.of(last, "-1")) {
            all.add(to("a sign of life at " + time, TIME, "UPDATE processes SET heartbeat_at = " + time));
            all.add(to(
                    "a process from " + time,
                    TIME,
                    "INSERT INTO processes (id, pid, start_time, boot_id, pid_namespace, opened_at, heartbeat_at, closed_at) SELECT max(id) + 1, 1, '', '', '', "
                            + time + ", 0, NULL FROM processes"));
            all.add(to("a commit at " + time, TIME, commitBy("'x'", time)));
            all.add(to(
                    "a renewal at " + time,
                    TIME,
                    "UPDATE claims SET renewed_at = " + time + " WHERE ended_by_commit IS NULL"));
            all.add(to(
                    "a wait until " + time,
                    TIME,
                    "INSERT INTO claim_requests VALUES (NULL, 0, 'x', 1, 0, " + time
                            + ", '0123456789abcdef', 1, 1, 0)"));
            all.add(to(
                    "a snapshot from " + time,
                    "up to the year 9999",
                    "INSERT INTO snapshots (process, sequence, lease_ms," + " opened_at) VALUES (0, 1, 1000, " + time
                            + ")"));
            all.add(to(
                    "a lease of " + time,
                    "a lease up to 100 years",
                    "INSERT INTO snapshots (process, sequence, lease_ms," + " opened_at) VALUES (0, 1, " + time
                            + ", 0)"));
        }
        return all;
    }

    static List<Attempt> onTermsOfClaims() {
        String last = "9223372036854775807";
        List<Attempt> all = new ArrayList<>();
        for (String time : List.of(last, "-1")) {
            all.add(inCommit(
                    "a claim from " + time,
                    "leases up to 100 years",
                    0,
                    0,
                    0,
                    "INSERT INTO claims VALUES (" + NEWEST + ", '0123456789abcdef', 0, 'forger', 1, 1000, 1000, 1, 0, "
                            + time + ", 0, NULL, NULL)"));
        }
        all.add(inCommit(
                "a long lease",
                "leases up to 100 years",
                0,
                0,
                0,
                "INSERT INTO claims VALUES (" + NEWEST + ", '0123456789abcdef', 0, 'forger', 1, " + last
                        + ", 1000, 1, 0, 0, 0, NULL, NULL)"));
        all.add(inCommit(
                "a nonce of other signs",
                "a nonce has 16 hexadecimal digits",
                0,
                0,
                0,
                "INSERT INTO claims" + " VALUES (" + NEWEST
                        + ", '0123456789abcdeF', 0, 'forger', 1, 1000, 1000, 1, 0, 0, 0, NULL, NULL)"));
        return all;
    }

    /** Process 2 is open and holds a claim that its heartbeats extend. */
    static List<Attempt> onProcesses() {
        String closed = "is not closed";
        return List.of(
                to(
                        "close a process that holds a claim",
                        closed,
                        "UPDATE processes SET closed_at = 1 WHERE id IN (SELECT process FROM claims WHERE ended_by_commit IS NULL AND heartbeats)"),
                to(
                        "close it later",
                        closed,
                        "UPDATE processes SET closed_at = heartbeat_at + 1 WHERE id IN (SELECT process FROM claims WHERE ended_by_commit IS NULL AND heartbeats)"),
                to("close a process beyond time", TIME, "UPDATE processes SET closed_at = -1 WHERE id = 0"),
                to(
                        "begin closed",
                        "a process begins open",
                        "INSERT INTO processes (id, pid, start_time, boot_id, pid_namespace, opened_at, heartbeat_at, closed_at) SELECT max(id) + 1, 1, '', '', '', 0,"
                                + " 0, 0 FROM processes"));
    }

    static List<Attempt> onWholeCommits() {
        String first = version(1, 1, 1);
        return List.of(
                to("many versions by hand", "one version or one event", commit(0, 2, 0)),
                to("a version and an event by hand", "one version or one event", commit(0, 1, 1)),
                to("many events by hand", "one version or one event", commit(0, 0, 2)),
                inCommit("a version twice", "one version of a key", 1, 2, 0, first, version(1, 2, 0)),
                inCommit("a commit after half of one", "is incomplete", 1, 2, 0, first, commit(0, 0, 0)),
                inCommit(
                        "a commit of one row after half of one",
                        "the newest commit is incomplete",
                        1,
                        2,
                        0,
                        first,
                        "INSERT " + RuleViolations.single(RuleViolations.NEXT, 2, 2, 3, "'x'")),
                inCommit("a commit after none of its versions", "is incomplete", 1, 2, 0, commit(1, 0, 0)),
                inCommit("a commit after one without its event", "is incomplete", 0, 0, 1, commit(0, 0, 0)),
                inCommit(
                        "a commit after one with a version, without its event",
                        "is incomplete",
                        1,
                        1,
                        1,
                        version(1, 1, 0),
                        commit(0, 0, 0)),
                inCommit(
                        "an edit after one without its version",
                        "is incomplete",
                        0,
                        1,
                        0,
                        "UPDATE current_values SET value = 'x'" + " WHERE key = 'a'"));
    }

    private static String version(int key, int part, int remaining) {
        return "INSERT INTO log (id, part, remaining, event_count, key_id, version, previous_id, value)"
                + " SELECT (SELECT max(id) + 1 FROM log), " + part + ", " + remaining
                + ", 0, id, version + 1, latest_version_id, 'x' FROM keys WHERE id = " + key;
    }
}
