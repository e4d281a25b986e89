package dev.fencepost.file;

import static dev.fencepost.file.RuleViolations.NEXT;
import static dev.fencepost.file.RuleViolations.first;
import static dev.fencepost.file.RuleViolations.inCommit;
import static dev.fencepost.file.RuleViolations.part;
import static dev.fencepost.file.RuleViolations.single;
import static dev.fencepost.file.RuleViolations.to;

import dev.fencepost.file.RuleViolations.Attempt;
import java.util.ArrayList;
import java.util.List;

/** Attempts on the rows of the log, on the same file as {@link RuleViolations}. */
final class LogRuleViolations {
    private static final String APPENDED = "history is only appended to, and a complete commit does not change";
    private static final String FIXED = "history does not change";
    private static final String STEP = "versions step by one";
    private static final String NOT_NULL = "NOT NULL constraint failed: log.";
    private static final String ROWS = "the first row of a commit names it, and other rows have versions";
    private static final String KEYLESS = "a version has a key";
    private static final String LAST = "(SELECT max(id) FROM log)";

    /** The answer to a statement that succeeds. The file must not change even so. */
    private static final String NOTHING = "nothing";

    private static final String PRUNE =
            "SET version = NULL, epoch = NULL, previous_id = NULL, value = NULL WHERE id = ";

    private LogRuleViolations() {}

    private static String firstOfProcess(int remaining) {
        return "INSERT "
                + first(NEXT, remaining)
                        .replace(
                                ", 0, " + remaining + ", 0, 1,",
                                ", 0, " + remaining + ", (SELECT max(id) FROM processes), 99,");
    }

    private static String next(int key, int part, int remaining) {
        return "INSERT INTO log (id, part, remaining, event_count, key_id, version, previous_id, value) SELECT "
                + NEXT + ", " + part + ", " + remaining
                + ", 0, id, version + 1, latest_version_id, 'x' FROM keys WHERE id = "
                + key;
    }

    /** Returns an attempt in a commit that a process of the library begins. */
    private static Attempt inCommitOf(int versions, String tries, String words, String... statements) {
        List<String> all = new ArrayList<>(List.of("BEGIN IMMEDIATE", firstOfProcess(versions)));
        all.addAll(List.of(statements));
        all.add("COMMIT");
        return new Attempt(tries, words, all);
    }

    static List<Attempt> onParts() {
        return List.of(
                to("a part without its first row", APPENDED, next(1, 1, 0)),
                to("a second part without its first row", APPENDED, next(1, 2, 0)),
                to("a part of a commit without versions", APPENDED, "BEGIN", "INSERT " + first(NEXT, 0), next(1, 1, 0)),
                to(
                        "a part after a commit of one row",
                        APPENDED,
                        "BEGIN",
                        "INSERT " + single(NEXT, 1, 3, 2, "'x'"),
                        next(2, 1, 0)),
                inCommitOf(1, "a part after a complete commit", APPENDED, next(1, 1, 0), next(2, 2, 0)),
                inCommitOf(1, "the same part again", APPENDED, next(1, 1, 0), next(2, 1, 0)),
                inCommitOf(
                        1, "a part with less than nothing after it", "remaining >= 0", next(1, 1, 0), next(2, 2, -1)),
                inCommitOf(2, "the second part first", APPENDED, next(1, 2, 0)),
                inCommitOf(2, "the second part first, counted from it", APPENDED, next(1, 2, 1)),
                inCommitOf(2, "the third part second", APPENDED, next(1, 1, 1), next(2, 3, 0)),
                inCommitOf(2, "an end too early", APPENDED, next(1, 1, 0)),
                inCommitOf(2, "no end", APPENDED, next(1, 1, 2)),
                inCommitOf(2, "no end after the second part", APPENDED, next(1, 1, 1), next(2, 2, 1)),
                inCommitOf(1, "more parts than the commit says", APPENDED, next(1, 1, 1)),
                inCommitOf(1, "a part before the first row", APPENDED, next(1, -1, 2)),
                inCommitOf(-1, "a commit that lacks less than nothing", "remaining >= 0"),
                to(
                        "a first row with a part's number",
                        APPENDED,
                        firstOfProcess(1).replace(", 0, 1,", ", 1, 1,")),
                inCommitOf(1, "a first row in a first row's place", "is incomplete", firstOfProcess(0)));
    }

    static List<Attempt> onKeysOfParts() {
        String twice = next(1, 2, 0).replace("latest_version_id", LAST).replace("version + 1", "4");
        return List.of(
                inCommitOf(2, "two versions of a key", "one version of a key", next(1, 1, 1), next(1, 2, 0)),
                inCommitOf(2, "two versions of a key by their numbers", "one version of a key", next(1, 1, 1), twice),
                inCommitOf(
                        2,
                        "the same version twice",
                        STEP,
                        next(1, 1, 1),
                        next(1, 2, 0).replace("version + 1", "version")),
                inCommitOf(
                        2,
                        "a version after that of another part",
                        STEP,
                        next(1, 1, 1),
                        next(2, 2, 0).replace("latest_version_id", LAST)),
                inCommitOf(
                        2,
                        "a version after its own first row",
                        STEP,
                        next(1, 1, 1).replace("latest_version_id", LAST)));
    }

    static List<Attempt> onColumnsOfParts() {
        return List.of(
                inCommitOf(1, "a part without a version", ROWS, without(next(1, 1, 0))),
                inCommitOf(
                        1,
                        "a part without a version, ignoring it",
                        NOTHING,
                        ignoring(without(next(1, 1, 0))),
                        "ROLLBACK",
                        "BEGIN"),
                inCommitOf(1, "a part with events", ROWS, next(1, 1, 0).replace("1, 0, 0, id", "1, 0, 1, id")),
                inCommitOf(
                        1,
                        "a part of a process of its own",
                        ROWS,
                        next(1, 1, 0)
                                .replace("event_count,", "event_count, process,")
                                .replace("0, id", "0, 1, id")),
                inCommitOf(
                        1,
                        "a part of an agent of its own",
                        ROWS,
                        next(1, 1, 0)
                                .replace("event_count,", "event_count, agent,")
                                .replace("0, id", "0, 'x', id")),
                inCommitOf(
                        1,
                        "a part at a time of its own",
                        ROWS,
                        next(1, 1, 0)
                                .replace("event_count,", "event_count, committed_at,")
                                .replace("0, id", "0, 0, id")));
    }

    private static String without(String insert) {
        return insert.replace("id, version + 1, latest_version_id, 'x' FROM", "NULL, NULL, NULL, NULL FROM");
    }

    private static String ignoring(String insert) {
        return insert.replace("INSERT INTO", "INSERT OR IGNORE INTO");
    }

    static List<Attempt> onFirstRows() {
        String byHand = "an edit by hand has one version or one event";
        String whole = single(NEXT, 1, 3, 2, "'x'");
        String more =
                whole.replace(", 0, 0, (SELECT max(id) FROM processes)", ", 0, 1, (SELECT max(id) FROM processes)");
        String noVersion = single(NEXT, 1, "NULL", "NULL", "NULL");
        return List.of(
                to("a version in the first row of more", ROWS, "INSERT " + more),
                to("the same, replacing", ROWS, "INSERT OR REPLACE " + more),
                to("the same, ignoring it", NOTHING, "INSERT OR IGNORE " + more),
                to("a commit of the prompt in one row", byHand, "INSERT " + byHand(whole)),
                to("the same, replacing", byHand, "INSERT OR REPLACE " + byHand(whole)),
                to("the same, ignoring it", byHand, "INSERT OR IGNORE " + byHand(whole)),
                to("the same with more rows", byHand, "INSERT " + byHand(more)),
                to("a key without a version", STEP, "INSERT " + noVersion));
    }

    static List<Attempt> onFirstRowsThatLackSomething() {
        String whole = single(NEXT, 1, 3, 2, "'x'");
        String noVersion = single(NEXT, 1, "NULL", "NULL", "NULL");
        return List.of(
                to("a version without a key", KEYLESS, "INSERT " + keyless(single(NEXT, 1, 3, "NULL", "NULL"))),
                to(
                        "a version without a key, ignoring it",
                        NOTHING,
                        "INSERT OR IGNORE " + keyless(single(NEXT, 1, 3, "NULL", "'x'"))),
                to("a value without a key", KEYLESS, "INSERT " + keyless(single(NEXT, 1, "NULL", "NULL", "'x'"))),
                to("a chain without a key", KEYLESS, "INSERT " + keyless(single(NEXT, 1, "NULL", 2, "NULL"))),
                to(
                        "an epoch without a key",
                        KEYLESS,
                        "INSERT "
                                + keyless(noVersion)
                                        .replace("previous_id", "epoch")
                                        .replace("NULL, NULL)", "1, NULL)")),
                to("a commit of no agent", ROWS, "INSERT " + whole.replace("'forger'", "NULL")),
                to(
                        "a commit of no agent, ignoring it",
                        NOTHING,
                        "INSERT OR IGNORE " + whole.replace("'forger'", "NULL")),
                to("a commit without its number", ROWS, "INSERT " + whole.replace("99,", "NULL,")),
                to("a commit without a time", ROWS, "INSERT " + whole.replace("'forger', 0,", "'forger', NULL,")),
                to(
                        "a commit with less than no events",
                        "event_count >= 0",
                        "INSERT " + whole.replace("'forger', 0, 0", "'forger', 0, -1")));
    }

    private static String byHand(String insert) {
        return insert.replace("(SELECT max(id) FROM processes)", "0");
    }

    private static String keyless(String insert) {
        return insert.replace("0, 0, 1, ", "0, 0, NULL, ");
    }

    /** Returns attempts with NULL for a column that has no default. SQLite would replace it by a default. */
    static List<Attempt> onMissingNumbers() {
        String whole = single(NEXT, 1, 3, 2, "'x'");
        String free = first(NEXT, 0);
        String more = part(NEXT, 1, 3, 2, "'x'");
        List<Attempt> all = new ArrayList<>();
        for (String insert : List.of("INSERT ", "INSERT OR REPLACE ", "INSERT OR IGNORE ")) {
            boolean ignores = insert.contains("IGNORE");
            String remaining = ignores ? NOTHING : NOT_NULL + "remaining";
            String events = ignores ? NOTHING : NOT_NULL + "event_count";
            for (String row : List.of(whole, free)) {
                all.add(to(insert + "no part", APPENDED, insert + row.replace("log), 0, 0", "log), NULL, 0")));
                all.add(to(
                        insert + "no part's column",
                        APPENDED,
                        insert + row.replace(" part,", "").replace("log), 0,", "log),")));
                all.add(to(insert + "no rest", remaining, insert + row.replace("log), 0, 0", "log), 0, NULL")));
                all.add(to(
                        insert + "no rest's column",
                        remaining,
                        insert + row.replace(" remaining,", "").replace("log), 0, 0", "log), 0")));
                all.add(to(insert + "no events", events, insert + row.replace("'forger', 0, 0", "'forger', 0, NULL")));
                all.add(to(
                        insert + "no events' column",
                        events,
                        insert + row.replace(", event_count", "").replace("'forger', 0, 0", "'forger', 0")));
            }
            all.add(inCommit(insert + "a part, no part", APPENDED, insert + more.replace("log), 1", "log), NULL")));
            all.add(inCommit(
                    insert + "a part, no rest", APPENDED, insert + more.replace("log), 1, 0", "log), 1, NULL")));
            String silent = insert + more.replace("log), 1, 0, 0", "log), 1, 0, NULL");
            all.add(to(insert + "a part, no events", events, "BEGIN", "INSERT " + first(NEXT, 1), silent, "ROLLBACK"));
            all.add(inCommit(insert + "a part, no id", APPENDED, insert + more.replace(NEXT, "NULL")));
            all.add(inCommit(
                    insert + "a part, no id's column",
                    APPENDED,
                    insert + more.replace("(id, ", "(").replace(NEXT + ", ", "")));
            all.add(to(insert + "no id", "commits are numbered", insert + whole.replace(NEXT, "NULL")));
        }
        return all;
    }

    static List<Attempt> onTypes() {
        String text = "cannot store TEXT value in INTEGER column log.";
        String real = "cannot store REAL value in INTEGER column log.";
        String whole = single(NEXT, 1, 3, 2, "'x'");
        return List.of(
                to("a part that is a text", text, "INSERT " + whole.replace("log), 0, 0", "log), 'first', 0")),
                to("a part that is no whole number", real, "INSERT " + whole.replace("log), 0, 0", "log), 0.5, 0")),
                to("a rest that is a text", text, "INSERT " + whole.replace("log), 0, 0", "log), 0, 'none'")),
                to("a rest that is no whole number", real, "INSERT " + whole.replace("log), 0, 0", "log), 0, 0.5")),
                to(
                        "events that are a text",
                        text,
                        "INSERT OR IGNORE " + whole.replace("'forger', 0, 0", "'forger', 0, 'x'")),
                to("a version that is no whole number", real, "INSERT " + single(NEXT, 1, "3.5", 2, "'x'")),
                to("a version before that is a text", text, "INSERT " + single(NEXT, 1, 3, "'two'", "'x'")),
                to("a time that is a text", text, "INSERT " + whole.replace("'forger', 0,", "'forger', 'now',")),
                to("an id that is a text", "datatype mismatch", "INSERT " + whole.replace(NEXT, "'next'")));
    }

    /** Row 14 is the pruned version of 'old', and row 15 its newest. Row 17 is the pruned version of 'edited'. */
    static List<Attempt> onPrunedVersions() {
        List<Attempt> all = new ArrayList<>(List.of(
                to("prune a part of a commit", FIXED, "UPDATE log " + PRUNE + 12),
                to("prune the only version of a key", FIXED, "UPDATE log " + PRUNE + 3),
                to("prune the newest version", FIXED, "UPDATE log " + PRUNE + 15),
                to("prune a version after the oldest", FIXED, "UPDATE log " + PRUNE + 19),
                to("prune a pruned version again", FIXED, "UPDATE log " + PRUNE + 14),
                to("prune a row without a version", FIXED, "UPDATE log " + PRUNE + 7),
                to("bring a pruned part back", FIXED, "UPDATE log SET version = 1, value = 'lie' WHERE id = 17"),
                to("bring a pruned value back", FIXED, "UPDATE log SET value = 'lie' WHERE id = 14"),
                to("chain a pruned version", FIXED, "UPDATE log SET previous_id = 1 WHERE id = 14"),
                to("forget the key", FIXED, "UPDATE log SET key_id = NULL WHERE id = 14"),
                to("give it to another key", FIXED, "UPDATE log SET key_id = 1 WHERE id = 14"),
                to("prune the value alone", FIXED, "UPDATE log SET value = NULL WHERE id = 1"),
                to("cut the chain", FIXED, "UPDATE log SET previous_id = NULL WHERE id = 2")));
        for (String update : List.of("UPDATE log ", "UPDATE OR REPLACE log ", "UPDATE OR IGNORE log ")) {
            all.add(to(update + "to prune a key that is not pruned", FIXED, update + PRUNE + 1));
            all.add(to(update + "to bring back", FIXED, update + "SET version = 1, value = 'lie' WHERE id = 14"));
        }
        return all;
    }

    static List<Attempt> onColumns() {
        List<Attempt> all = new ArrayList<>();
        for (String change : List.of(
                "part = part + 1",
                "remaining = remaining + 1",
                "process = 0",
                "process_commit_number = 77",
                "agent = 'another'",
                "committed_at = 0",
                "event_count = event_count + 1",
                "key_id = 2",
                "version = 9",
                "epoch = 9",
                "previous_id = id",
                "id = -id",
                "oid = id + 100")) {
            for (int row : new int[] {7, 12, 14}) {
                all.add(to(change + " of " + row, FIXED, "UPDATE log SET " + change + " WHERE id = " + row));
            }
        }
        return all;
    }

    /** The numbers of rows are not the sequences of commits. */
    static List<Attempt> onRowsAsCommits() {
        String held = "(SELECT claim_id FROM keys WHERE key = 'held')";
        return List.of(
                inCommitOf(
                        1,
                        "a claim of a part",
                        "a claim begins open",
                        next(1, 1, 0),
                        "INSERT INTO claims SELECT " + LAST
                                + ", '0123456789abcdef', max(id), 'forger', 1, 1000, 1000, 1, 0, 0, 0, NULL, NULL"
                                + " FROM processes"),
                inCommitOf(
                        1,
                        "a claim that a part ends",
                        "only renewed, or ended once",
                        next(1, 1, 0),
                        "UPDATE claims SET end_reason = 'revoked', ended_by_commit = " + LAST + " WHERE id = " + held),
                inCommitOf(
                        1,
                        "what a part read",
                        "is said with it",
                        next(1, 1, 0),
                        "INSERT INTO commit_dependencies VALUES (" + LAST + ", 'key', 'x', 0)"),
                to(
                        "an event of a part",
                        "an event belongs to the newest commit",
                        "BEGIN",
                        firstOfProcess(1).replace("'forger', 0, 0", "'forger', 0, 1"),
                        next(1, 1, 0),
                        "INSERT INTO streams (stream) VALUES ('s')",
                        "INSERT INTO events (stream_id, number, sequence, event_id, body) SELECT max(id), 1, " + LAST
                                + ", 'e', 'x' FROM streams"));
    }

    static List<Attempt> onPrunesByParts() {
        return List.of(
                to(
                        "pruned from a part on",
                        "pruned up to a version that it has",
                        "UPDATE pruned_keys SET oldest_version = 3, oldest_sequence = 21, pruned_through = 18"
                                + " WHERE oldest_sequence = 18"),
                to(
                        "pruned through a part",
                        "pruned up to a version that it has",
                        "UPDATE pruned_keys SET oldest_version = 3, oldest_sequence = 20, pruned_through = 19"
                                + " WHERE oldest_sequence = 18"));
    }

    static List<Attempt> onViews() {
        List<Attempt> all = new ArrayList<>();
        for (String view : List.of("commits", "versions", "internal_commit_versions", "incomplete_commits")) {
            String words = "cannot modify " + view + " because it is a view";
            all.add(to("insert into " + view, words, "INSERT INTO " + view + " (sequence) VALUES (1)"));
            all.add(to("update " + view, words, "UPDATE " + view + " SET sequence = 1"));
            all.add(to("delete from " + view, words, "DELETE FROM " + view));
        }
        return all;
    }
}
