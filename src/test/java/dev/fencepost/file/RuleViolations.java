package dev.fencepost.file;

import java.util.List;
import java.util.stream.Stream;

/**
 * Attempts to break the rules with SQL alone. The file has these keys: 1 'a' at version 2; 2 'b' at version 1; 3
 * 'gone', deleted at version 2; 4 'held' under an open claim of 'holder'; and 5 'freed', with a released claim and then
 * a revoked one. Row 3 of the log is the version of 'b', and row 7 is a commit without a version. The last commit is
 * one row. The keys 'one' and 'two' were written by one commit, and the key 'old' has its first version pruned.
 */
final class RuleViolations {
    /** One attempt: its description, the words of its refusal, and its statements. */
    record Attempt(String tries, String words, List<String> statements) {
        @Override
        public String toString() {
            return tries;
        }
    }

    /** The id of the next row of the log. */
    static final String NEXT = "(SELECT max(id) + 1 FROM log)";

    private static final String STEP = "versions step by one";
    private static final String FIXED = "history does not change";
    private static final String GROWS = "only grows";
    private static final String APPENDED = "history is only appended to, and a complete commit does not change";

    private RuleViolations() {}

    static Attempt to(String tries, String words, String... statements) {
        return new Attempt(tries, words, List.of(statements));
    }

    /** Returns the insertion of the first row of a commit at the prompt, which has no version itself. */
    static String first(Object id, int remaining) {
        return "INTO log (id, part, remaining, process, process_commit_number, agent, committed_at, event_count)"
                + " VALUES (" + id + ", 0, " + remaining + ", 0, 1, 'forger', 0, 0)";
    }

    /** Returns a commit of one version, as the prompt makes it, up to the statement that breaks a rule. */
    static Attempt inCommit(String tries, String words, String statement) {
        return to(tries, words, "BEGIN IMMEDIATE", "INSERT " + first(NEXT, 1), statement, "COMMIT");
    }

    /** Returns the insertion of the second row of a commit, which is its only version. */
    static String part(Object id, int key, Object version, Object previous, String value) {
        return "INTO log (id, part, remaining, event_count, key_id, version, previous_id, value) VALUES (" + id
                + ", 1, 0, 0, " + key + ", " + version + ", " + previous + ", " + value + ")";
    }

    /** Returns the insertion of a commit of one version in one row, as a process of the library makes it. */
    static String single(Object id, int key, Object version, Object previous, String value) {
        return "INTO log (id, part, remaining, process, process_commit_number, agent, committed_at, event_count,"
                + " key_id, version, previous_id, value) VALUES (" + id
                + ", 0, 0, (SELECT max(id) FROM processes), 99, 'forger', 0, 0, " + key + ", " + version + ", "
                + previous + ", " + value + ")";
    }

    /** Returns attempts to write a version, once as a commit of two rows and once as a commit of one row. */
    private static Stream<Attempt> version(
            String tries, String words, String insert, int key, Object version, Object previous) {
        return Stream.of(
                inCommit(tries, words, insert + " " + part(NEXT, key, version, previous, "'x'")),
                to(tries + ", in one row", words, insert + " " + single(NEXT, key, version, previous, "'x'")));
    }

    static List<Attempt> onNewVersions() {
        String latest = "(SELECT latest_version_id FROM keys WHERE id = 1)";
        return Stream.of(
                        version("skip a version", STEP, "INSERT", 1, 4, latest),
                        version("repeat a version", STEP, "INSERT", 1, 2, latest),
                        version("repeat a version after the one before", STEP, "INSERT", 1, 2, 1),
                        version("go back to a version", STEP, "INSERT", 1, 1, "NULL"),
                        version("a version of no key", STEP, "INSERT", 99, 1, "NULL"),
                        version("a version without a number", STEP, "INSERT", 1, "NULL", latest),
                        version("a version that is pruned already", STEP, "INSERT", 1, "NULL", "NULL"),
                        version("a version after that of another key", STEP, "INSERT", 1, 3, 3),
                        version("a version after an older one", STEP, "INSERT", 1, 3, 1),
                        version("a version after none", STEP, "INSERT", 1, 3, "NULL"),
                        version("a version after itself", STEP, "INSERT", 1, 3, NEXT),
                        version("a version after a row to come", STEP, "INSERT", 1, 3, 999),
                        version("a version after a commit without one", STEP, "INSERT", 1, 3, 7),
                        version("the first version after another", STEP, "INSERT", 5, 1, 1),
                        version("a version after an older one, ignoring it", STEP, "INSERT OR IGNORE", 1, 3, 1),
                        version("a version after an older one, replacing it", STEP, "INSERT OR REPLACE", 1, 3, 1),
                        version("the same by REPLACE", STEP, "REPLACE", 1, 2, 1))
                .flatMap(pair -> pair)
                .toList();
    }

    static List<Attempt> onVersions() {
        return List.of(
                to("lower a key's version", STEP, "UPDATE keys SET version = 1 WHERE key = 'a'"),
                to("raise a key's version", STEP, "UPDATE keys SET version = version + 1 WHERE key = 'a'"),
                to("show an older version", STEP, "UPDATE keys SET latest_version_id = 1 WHERE key = 'a'"),
                to(
                        "show another key's version",
                        STEP,
                        "UPDATE keys SET latest_version_id = (SELECT latest_version_id FROM keys WHERE key = 'b')"),
                to("bring a deleted key back", STEP, "UPDATE keys SET has_value = 1 WHERE key = 'gone'"),
                to("hide a key", STEP, "UPDATE keys SET has_value = 0 WHERE key = 'a'"),
                to("date a key back", STEP, "UPDATE keys SET sequence = 1"),
                to(
                        "do all of it at once",
                        "fencepost: ",
                        "UPDATE keys SET version = 9, latest_version_id = 1, sequence = 1, epoch = 9"));
    }

    static List<Attempt> onHistory() {
        return List.of(
                to("rewrite a value", FIXED, "UPDATE log SET value = 'lie'"),
                to("rewrite one value", FIXED, "UPDATE log SET value = 'lie' WHERE id = 1"),
                to("rewrite a value, ignoring conflicts", FIXED, "UPDATE OR IGNORE log SET value = 'lie'"),
                to("rewrite by replacing", FIXED, "UPDATE OR REPLACE log SET id = 1 WHERE id = 2"),
                to("renumber by the other name of id", FIXED, "UPDATE log SET rowid = 77 WHERE id = 1"),
                to("rewrite a commit", FIXED, "UPDATE log SET agent = 'another'"),
                to("renumber a commit by its other name", FIXED, "UPDATE OR REPLACE log SET _rowid_ = 1"),
                to("write a row again as it is", FIXED, "UPDATE log SET value = value WHERE id = 1"),
                to("delete versions", GROWS, "DELETE FROM log"),
                to("delete one version", GROWS, "DELETE FROM log WHERE id = 1"),
                to("delete commits", GROWS, "DELETE FROM log WHERE id > 1"),
                to("delete a commit without a version", GROWS, "DELETE FROM log WHERE id = 7"),
                to("delete processes", GROWS, "DELETE FROM processes"));
    }

    static List<Attempt> onHistoryByInserting() {
        String upsert = " ON CONFLICT DO UPDATE SET value = excluded.value";
        return List.of(
                inCommit("replace a version by its id", APPENDED, "INSERT OR REPLACE " + part(1, 1, 3, 2, "'lie'")),
                to(
                        "replace it by a commit",
                        "commits are numbered",
                        "INSERT OR REPLACE " + single(1, 1, 3, 2, "'lie'")),
                inCommit(
                        "replace a version by its number",
                        STEP,
                        "INSERT OR REPLACE " + part(NEXT, 1, 1, "NULL", "'lie'")),
                inCommit("replace by REPLACE", STEP, "REPLACE " + part(NEXT, 1, 2, 1, "'lie'")),
                inCommit("rewrite by upsert", STEP, "INSERT " + part(NEXT, 1, 2, 1, "'lie'") + upsert),
                inCommit("rewrite by upsert of its row", STEP, "INSERT " + part(2, 1, 2, 1, "'lie'") + upsert),
                inCommit(
                        "rewrite by upsert of the next version",
                        APPENDED,
                        "INSERT " + part(1, 1, 3, 2, "'lie'")
                                + " ON CONFLICT (id) DO UPDATE SET value = excluded.value"),
                to("add to a commit that is complete", APPENDED, "INSERT " + part(NEXT, 1, 3, 2, "'late'")),
                inCommit(
                        "write more than the commit says",
                        APPENDED,
                        "INSERT INTO log (id, part, remaining, event_count, key_id, version, previous_id, value)"
                                + " SELECT (SELECT max(id) FROM log) + id, id, 0, 0, id, version + 1,"
                                + " latest_version_id, 'x' FROM keys WHERE key IN ('a', 'b') ORDER BY id"));
    }

    static List<Attempt> onPlacesInHistory() {
        String columns = "INTO log (id, part, remaining, event_count, key_id, version, previous_id, value) VALUES (";
        return List.of(
                inCommit(
                        "write under an old commit",
                        APPENDED,
                        "INSERT " + columns + NEXT + ", " + NEXT + " - 1, 0, 0, 1, 3, 2, 'x')"),
                to("write under a coming commit", APPENDED, "INSERT " + columns + NEXT + ", -1, 0, 0, 1, 3, 2, 'x')"),
                inCommit("write before history", APPENDED, "INSERT " + part(-5, 1, 3, 2, "'x'")),
                inCommit(
                        "write at the end of all numbers",
                        APPENDED,
                        "INSERT " + part("9223372036854775807", 1, 3, 2, "'x'").replace("(id,", "(rowid,")));
    }

    static List<Attempt> onCommits() {
        String numbered = "commits are numbered";
        return List.of(
                to("a commit out of order", numbered, "INSERT " + first(1000, 0)),
                to("a commit in the past", numbered, "INSERT " + first(-1, 0)),
                to("a commit at zero", numbered, "INSERT " + first(0, 0)),
                to("replace a commit", numbered, "INSERT OR REPLACE " + first(1, 0)),
                to("replace the newest commit", numbered, "REPLACE " + first("(SELECT max(id) FROM log)", 0)),
                to(
                        "replace a commit by upsert",
                        numbered,
                        "INSERT " + first(1, 0) + " ON CONFLICT DO UPDATE SET agent = 'x'"),
                to("a commit that SQLite numbers", numbered, "INSERT " + first("NULL", 0)),
                to(
                        "a commit without a number",
                        numbered,
                        "INSERT INTO log (part, remaining, process, process_commit_number, agent, committed_at,"
                                + " event_count) VALUES (0, 0, 0, 1, 'x', 0, 0)"),
                to(
                        "a commit by the other name of its number",
                        numbered,
                        "INSERT OR REPLACE " + first(1, 0).replace("(id,", "(rowid,")),
                to(
                        "a commit by an unknown process",
                        "by a known process",
                        "INSERT " + first(NEXT, 0).replace("0, 0, 0, 1", "0, 0, 999, 1")),
                to(
                        "a commit by no process",
                        "by a known process",
                        "INSERT " + first(NEXT, 0).replace("0, 0, 0, 1", "0, 0, NULL, 1")),
                to(
                        "a version of an unknown process",
                        "by a known process",
                        "INSERT " + single(NEXT, 1, 3, 2, "'x'").replace("(SELECT max(id) FROM processes)", "999")),
                to("a version in the past", numbered, "INSERT " + single(-1, 1, 3, 2, "'x'")),
                to("a version that SQLite numbers", numbered, "INSERT " + single("NULL", 1, 3, 2, "'x'")));
    }

    static List<Attempt> onEpochs() {
        return List.of(
                to("lower an epoch", "epochs never fall", "UPDATE keys SET epoch = epoch - 1 WHERE key = 'freed'"),
                to("begin epochs again", "epochs never fall", "UPDATE keys SET epoch = 0 WHERE key = 'freed'"),
                to(
                        "raise an epoch on a free key",
                        "epoch of a key changes only with its claim",
                        "UPDATE keys SET epoch = epoch + 1" + " WHERE key = 'a'"),
                to(
                        "raise an epoch under a claim",
                        "taken only on a free key",
                        "UPDATE keys SET epoch = epoch + 1" + " WHERE key = 'held'"),
                to(
                        "lower an epoch under a claim",
                        "epochs never fall",
                        "UPDATE keys SET epoch = epoch - 1" + " WHERE key = 'held'"),
                to("rewrite the epoch of a claim", FIXED, "UPDATE claim_keys SET epoch = 7"),
                to("forget the epochs of claims", GROWS, "DELETE FROM claim_keys"));
    }

    static List<Attempt> onKeys() {
        String renamed = "keys are not renamed";
        String begins = "a key begins once";
        return List.of(
                to("rename a key", renamed, "UPDATE keys SET key = 'z' WHERE key = 'a'"),
                to("rename over another", renamed, "UPDATE OR REPLACE keys SET key = 'b' WHERE key = 'a'"),
                to("renumber a key", renamed, "UPDATE keys SET id = 77 WHERE key = 'a'"),
                to("renumber a key by its other name", renamed, "UPDATE keys SET rowid = 77 WHERE key = 'a'"),
                to("renumber over another", renamed, "UPDATE OR REPLACE keys SET oid = 2 WHERE key = 'a'"),
                to("delete keys", GROWS, "DELETE FROM keys"),
                to("delete one key", GROWS, "DELETE FROM keys WHERE key = 'gone'"),
                to("begin a key again", begins, "INSERT OR REPLACE INTO keys (key) VALUES ('a')"),
                to("begin a key in another's place", begins, "INSERT OR REPLACE INTO keys (id, key) VALUES (1, 'z')"),
                to("the same by the other name", begins, "INSERT OR REPLACE INTO keys (rowid, key) VALUES (1, 'z')"),
                to(
                        "begin a key by upsert",
                        begins,
                        "INSERT INTO keys (key) VALUES ('a') ON CONFLICT DO UPDATE SET" + " version = 0"),
                to("begin with a version", begins, "INSERT INTO keys (key, version) VALUES ('z', 5)"),
                to("begin with an epoch", begins, "INSERT INTO keys (key, epoch) VALUES ('z', 5)"),
                to("begin with a claim", begins, "INSERT INTO keys (key, claim_id) SELECT 'z', claim_id FROM keys"),
                to("take the number zero", "keys are numbered from 1", "INSERT INTO keys (id, key) VALUES (0, 'z')"),
                to(
                        "take a number below zero",
                        "keys are numbered from 1",
                        "INSERT INTO keys (id, key) VALUES (-1, 'z')"));
    }

    static List<Attempt> onIdentity() {
        String identity = "the identity of a store does not change";
        return List.of(
                to("another id", identity, "UPDATE store SET store_id = '00000000000000000000000000000000'"),
                to("another number", identity, "UPDATE OR REPLACE store SET rowid = 2"),
                to("no id", identity, "DELETE FROM store"),
                to(
                        "a second id",
                        "one store in a file",
                        "INSERT OR REPLACE INTO store VALUES (1," + " '00000000000000000000000000000000', 0)"));
    }

    /** Returns attempts on the rows of processes. */
    static List<Attempt> onProcesses() {
        return List.of(
                to(
                        "a process in another time namespace",
                        "time namespace and the clock",
                        "UPDATE processes SET time_namespace = 'time:[1]' WHERE pid <> 0"),
                to(
                        "a process with another clock",
                        "time namespace and the clock",
                        "UPDATE processes SET clock_origin = 1 WHERE pid <> 0"),
                to(
                        "the prompt in a time namespace",
                        "time namespace and the clock",
                        "UPDATE processes SET time_namespace = 'time:[1]' WHERE id = 0"),
                to("a process under another pid", "what is known of a process", "UPDATE processes SET pid = 1"),
                to(
                        "a process under another number",
                        "what is known of a process",
                        "UPDATE processes SET rowid = 77 WHERE id = (SELECT max(id) FROM processes)"),
                to(
                        "a process opened again",
                        "what is known of a process",
                        "UPDATE processes SET closed_at = NULL" + " WHERE closed_at IS NOT NULL"),
                to(
                        "a process replaced",
                        "a process has a new number",
                        "INSERT OR REPLACE INTO processes (id, pid, start_time, boot_id, pid_namespace, opened_at, heartbeat_at)"
                                + " SELECT max(id), 7, '', '', '', 0, 0 FROM processes"),
                to(
                        "the last number of all",
                        "a process has a new number",
                        "INSERT INTO processes (id, pid, start_time, boot_id, pid_namespace, opened_at, heartbeat_at)"
                                + " VALUES (9223372036854775807, 7, '', '', '', 0, 0)"));
    }
}
