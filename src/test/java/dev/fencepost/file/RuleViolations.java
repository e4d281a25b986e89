package dev.fencepost.file;

import java.util.List;

/**
 * Attempts to break the rules with SQL alone. The file has these keys: 1 'a' at version 2; 2 'b' at version 1; 3
 * 'gone', deleted at version 2; 4 'held' under an open claim of 'holder'; and 5 'freed', with a released claim and then
 * a revoked one.
 */
final class RuleViolations {
    /** One attempt: its description, the words of its refusal, and its statements. */
    record Attempt(String tries, String words, List<String> statements) {
        @Override
        public String toString() {
            return tries;
        }
    }

    private static final String NEWEST = "(SELECT max(sequence) FROM commits)";
    private static final String NEXT = "(SELECT max(sequence) + 1 FROM commits)";
    private static final String STEP = "versions step by one";
    private static final String FIXED = "history does not change";
    private static final String GROWS = "only grows";

    private RuleViolations() {}

    private static Attempt to(String tries, String words, String... statements) {
        return new Attempt(tries, words, List.of(statements));
    }

    /** Returns a commit of one version, as the library makes it, up to the statement that breaks a rule. */
    private static Attempt inCommit(String tries, String words, String statement) {
        return to(
                tries,
                words,
                "BEGIN IMMEDIATE",
                "INSERT INTO commits (sequence, process, process_commit_number, agent, committed_at, version_count) VALUES ("
                        + NEXT + ", 0, 1, 'forger', 0, 1)",
                statement,
                "COMMIT");
    }

    private static String version(int key, Object version, Object sequence, String value) {
        return "INTO versions (key_id, version, sequence, value) VALUES (" + key + ", " + version + ", " + sequence
                + ", " + value + ")";
    }

    static List<Attempt> onVersions() {
        return List.of(
                inCommit("skip a version", STEP, "INSERT " + version(1, 4, NEWEST, "'x'")),
                inCommit("repeat a version", STEP, "INSERT " + version(1, 2, NEWEST, "'x'")),
                inCommit("go back to a version", STEP, "INSERT " + version(1, 1, NEWEST, "'x'")),
                inCommit("a version of no key", STEP, "INSERT " + version(99, 1, NEWEST, "'x'")),
                inCommit("a version without a number", STEP, "INSERT " + version(1, "NULL", NEWEST, "'x'")),
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
                to("rewrite a value", FIXED, "UPDATE versions SET value = 'lie'"),
                to("rewrite a value, ignoring conflicts", FIXED, "UPDATE OR IGNORE versions SET value = 'lie'"),
                to("rewrite by replacing", FIXED, "UPDATE OR REPLACE versions SET id = 1 WHERE id = 2"),
                to("renumber by the other name of id", FIXED, "UPDATE versions SET rowid = 77 WHERE id = 1"),
                to("rewrite a commit", FIXED, "UPDATE commits SET agent = 'another'"),
                to("renumber a commit by its other name", FIXED, "UPDATE OR REPLACE commits SET _rowid_ = 1"),
                to("delete versions", GROWS, "DELETE FROM versions"),
                to("delete one version", GROWS, "DELETE FROM versions WHERE id = 1"),
                to("delete commits", GROWS, "DELETE FROM commits WHERE sequence > 1"),
                to("delete processes", GROWS, "DELETE FROM processes"));
    }

    static List<Attempt> onHistoryByInserting() {
        return List.of(
                inCommit(
                        "replace a version by its id",
                        FIXED,
                        "INSERT OR REPLACE INTO versions (id, key_id, version," + " sequence, value) VALUES (1, 1, 3, "
                                + NEWEST + ", 'lie')"),
                inCommit(
                        "replace a version by its number", STEP, "INSERT OR REPLACE " + version(1, 1, NEWEST, "'lie'")),
                inCommit("replace by REPLACE", STEP, "REPLACE " + version(1, 2, NEWEST, "'lie'")),
                inCommit(
                        "rewrite by upsert",
                        STEP,
                        "INSERT " + version(1, 2, NEWEST, "'lie'")
                                + " ON CONFLICT DO UPDATE SET value = excluded.value"),
                inCommit(
                        "rewrite by upsert of the next version",
                        FIXED,
                        "INSERT INTO versions (id, key_id, version,"
                                + " sequence, value) VALUES (1, 1, 3, " + NEWEST
                                + ", 'lie') ON CONFLICT (id) DO UPDATE SET"
                                + " value = excluded.value"),
                to("add to a commit that is complete", FIXED, "INSERT " + version(1, 3, NEWEST, "'late'")),
                inCommit(
                        "write more than the commit says",
                        "the commit is complete",
                        "INSERT INTO versions (key_id,"
                                + " version, sequence, value) SELECT id, version + 1, " + NEWEST + ", 'x' FROM keys"
                                + " WHERE key IN ('a', 'b')"));
    }

    static List<Attempt> onPlacesInHistory() {
        return List.of(
                inCommit(
                        "write under an old commit",
                        "belongs to the newest commit",
                        "INSERT " + version(1, 3, 1, "'x'")),
                to(
                        "write under a coming commit",
                        "belongs to the newest commit",
                        "INSERT " + version(1, 3, NEXT, "'x'")),
                inCommit(
                        "write before history",
                        "appended to",
                        "INSERT INTO versions (id, key_id, version, sequence," + " value) VALUES (-5, 1, 3, " + NEWEST
                                + ", 'x')"),
                inCommit(
                        "write at the end of all numbers",
                        "appended to",
                        "INSERT INTO versions (rowid, key_id, version,"
                                + " sequence, value) VALUES (9223372036854775807, 1, 3, " + NEWEST + ", 'x')"));
    }

    static List<Attempt> onCommits() {
        String numbered = "commits are numbered";
        return List.of(
                to(
                        "a commit out of order",
                        numbered,
                        "INSERT INTO commits (sequence, process, process_commit_number, agent, committed_at, version_count) VALUES (1000, 0, 1, 'x', 0, 0)"),
                to(
                        "a commit in the past",
                        numbered,
                        "INSERT INTO commits (sequence, process, process_commit_number, agent, committed_at, version_count) VALUES (-1, 0, 1, 'x', 0, 0)"),
                to(
                        "replace a commit",
                        numbered,
                        "INSERT OR REPLACE INTO commits (sequence, process, process_commit_number, agent, committed_at, version_count) VALUES (1, 0, 1, 'x', 0, 0)"),
                to(
                        "replace a commit by upsert",
                        numbered,
                        "INSERT INTO commits (sequence, process, process_commit_number, agent, committed_at, version_count) VALUES (1, 0, 1, 'x', 0, 0)"
                                + " ON CONFLICT DO UPDATE SET agent = 'x'"),
                to(
                        "a commit that SQLite numbers",
                        numbered,
                        "INSERT INTO commits (process, process_commit_number, agent, committed_at,"
                                + " version_count) VALUES (0, 1, 'x', 0, 0)"),
                to(
                        "a commit by an unknown process",
                        "by a known process",
                        "INSERT INTO commits (sequence, process, process_commit_number, agent, committed_at, version_count) VALUES ("
                                + NEXT + ", 999, 1, 'x', 0, 0)"));
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
