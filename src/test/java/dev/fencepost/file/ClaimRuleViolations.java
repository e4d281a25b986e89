package dev.fencepost.file;

import dev.fencepost.file.RuleViolations.Attempt;
import java.util.ArrayList;
import java.util.List;

/** Attempts on claims and on writes, on the same file as {@link RuleViolations}. */
final class ClaimRuleViolations {
    private static final String NEWEST = "(SELECT max(sequence) FROM commits)";
    private static final String NEXT = RuleViolations.NEXT;
    private static final String HELD = "(SELECT claim_id FROM keys WHERE key = 'held')";
    private static final String PLANNER = "(SELECT max(id) FROM processes)";
    private static final String WAIT =
            "INSERT INTO claim_requests VALUES (NULL, 0, 'x', 1, 0, 0, '0123456789abcdef', 1, 1, 0)";
    private static final String ENDS = "only renewed, or ended once";

    private ClaimRuleViolations() {}

    private static Attempt to(String tries, String words, String... statements) {
        return new Attempt(tries, words, List.of(statements));
    }

    /** Returns a commit of one version, with an attempt in it. */
    private static Attempt inCommit(String tries, String words, String... statements) {
        String begin =
                "BEGIN IMMEDIATE; INSERT INTO log (id, part, remaining, process, process_commit_number, agent, committed_at, event_count) SELECT max(id) + 1, 0, 1, 0, 1, 'forger', 0, 0 FROM log";
        List<String> all = new ArrayList<>(List.of(begin.split("; ", -1)));
        all.addAll(List.of(statements));
        all.add("COMMIT");
        return new Attempt(tries, words, all);
    }

    private static String grant(String agent, Object process, String ended) {
        return "INSERT INTO claims VALUES (" + NEWEST + ", '0123456789abcdef', " + process + ", '" + agent
                + "', 1, 1000, 1000, 1, 0, 0, 0, " + ended + ")";
    }

    private static String request(String terms) {
        return "INSERT INTO claim_requests VALUES (NULL, " + PLANNER + ", 'forger', 1, 0, 0, " + terms + ")";
    }

    static List<Attempt> onClaims() {
        return List.of(
                to(
                        "steal a held key",
                        "taken only on a free key",
                        "UPDATE keys SET claim_id = 1, epoch = epoch + 1" + " WHERE key = 'held'"),
                to(
                        "free a held key",
                        "the epoch of a key changes only with its claim",
                        "UPDATE keys SET claim_id = NULL WHERE key = 'held'"),
                to(
                        "free it with the next epoch",
                        "the epoch of a key changes only with its claim",
                        "UPDATE keys SET claim_id = NULL," + " epoch = epoch + 1 WHERE key = 'held'"),
                to(
                        "claim without a grant",
                        "taken only on a free key",
                        "UPDATE keys SET claim_id = 1, epoch = epoch + 1" + " WHERE key = 'a'"),
                to(
                        "claim with another's grant",
                        "taken only on a free key",
                        "UPDATE keys SET claim_id = " + HELD + ", epoch = epoch + 1 WHERE key = 'a'"),
                to(
                        "add a key to a claim",
                        "a claim takes free keys",
                        "INSERT INTO claim_keys VALUES (" + HELD + ", 1, 1)"),
                to(
                        "a key for a claim that is none",
                        "a claim takes free keys",
                        "INSERT INTO claim_keys VALUES (" + NEWEST + ", 1, 1)"),
                to(
                        "replace the key of a claim",
                        "a claim takes free keys",
                        "INSERT OR REPLACE INTO claim_keys SELECT" + " claim_id, key_id, epoch + 1 FROM claim_keys"));
    }

    static List<Attempt> onNewGrants() {
        return List.of(
                inCommit(
                        "grant a held key",
                        "a claim takes free keys",
                        grant("forger", 0, "NULL, NULL"),
                        "INSERT INTO claim_keys SELECT " + NEWEST + ", id, epoch + 1 FROM keys WHERE key = 'held'"),
                inCommit(
                        "grant with a later epoch",
                        "a claim takes free keys",
                        grant("forger", 0, "NULL, NULL"),
                        "INSERT INTO claim_keys VALUES (" + NEWEST + ", 1, 5)"),
                inCommit("grant in another's name", "whose agent is its holder", grant("planner", 0, "NULL, NULL")),
                inCommit("grant to another process", "whose agent is its holder", grant("forger", 1, "NULL, NULL")),
                inCommit(
                        "hand over with other terms than asked for",
                        "only for its waiting request",
                        request("'0123456789abcdef', 1000, 999, 0"),
                        grant("forger", PLANNER, "NULL, NULL")),
                inCommit(
                        "hand over a key that was not asked for",
                        "takes the keys of the waiting request",
                        request("'0123456789abcdef', 1000, 1000, 0"),
                        grant("forger", PLANNER, "NULL, NULL"),
                        "INSERT INTO claim_keys VALUES (" + NEWEST + ", 1, 1)"),
                inCommit("grant what has ended", "a claim begins open", grant("forger", 0, NEWEST + ", 'released'")),
                to("grant in the past", "a claim begins open", "INSERT OR REPLACE INTO claims SELECT * FROM claims"),
                to(
                        "grant in no commit",
                        "a claim begins open",
                        "INSERT INTO claims (id, nonce, process, agent, thread,"
                                + " lease_ms, max_hold_ms, key_count, heartbeats, granted_at, renewed_at) VALUES (99, '0123456789abcdef', 0,"
                                + " 'sql', 1, 1, 1, 1, 0, 0, 0)"));
    }

    static List<Attempt> onGrants() {
        return List.of(
                to(
                        "reopen a claim",
                        ENDS,
                        "UPDATE claims SET ended_by_commit = NULL, end_reason = NULL"
                                + " WHERE ended_by_commit IS NOT NULL"),
                to("end a claim twice", ENDS, "UPDATE claims SET end_reason = 'revoked' WHERE end_reason = 'released'"),
                to(
                        "end a claim in the past",
                        ENDS,
                        "UPDATE claims SET ended_by_commit = 1, end_reason = 'released' WHERE id = " + HELD),
                to(
                        "end a claim without saying how",
                        "CHECK constraint",
                        "UPDATE claims SET ended_by_commit = " + NEWEST + " WHERE id = " + HELD),
                to(
                        "end a claim in words of one's own",
                        "CHECK constraint",
                        "UPDATE claims SET ended_by_commit = " + NEWEST + ", end_reason = 'stolen' WHERE id = " + HELD),
                to("shorten a lease", ENDS, "UPDATE claims SET lease_ms = 1 WHERE id = " + HELD),
                to("lengthen a hold", ENDS, "UPDATE claims SET max_hold_ms = max_hold_ms * 9 WHERE id = " + HELD),
                to("take a claim's heartbeats", ENDS, "UPDATE claims SET heartbeats = 1 - heartbeats"),
                to("change a holder", ENDS, "UPDATE claims SET agent = 'thief', process = 0 WHERE id = " + HELD),
                to("change a token", ENDS, "UPDATE claims SET nonce = 'ffffffffffffffff'"),
                to("renumber a claim", ENDS, "UPDATE claims SET rowid = 77 WHERE id = " + HELD),
                to("delete claims", "history only grows", "DELETE FROM claims"),
                to("edit the view of claims", "cannot modify active_claims", "UPDATE active_claims SET epoch = 1"),
                to(
                        "jump the queue",
                        "waits behind all others",
                        "BEGIN",
                        WAIT,
                        "INSERT INTO claim_requests VALUES (-5, 0, 'x', 1, 0, 0, '0123456789abcdef', 1, 1, 0)"),
                to("change a request", "do not change places", "BEGIN", WAIT, "UPDATE claim_requests SET id = -5"));
    }

    private static String write(String places, String epoch, String key) {
        return "INSERT INTO log (id, part, remaining, event_count, key_id, version, epoch, previous_id, value) SELECT "
                + NEXT + ", " + places + ", 0, id, version + 1, " + epoch
                + ", latest_version_id, 'x' FROM keys WHERE key = '" + key + "'";
    }

    /** Returns the insertion of a commit of one version in one row, as a process of the library makes it. */
    private static String writeAlone(String epoch, String key) {
        return write("0, 0", epoch, key)
                .replace("event_count,", "event_count, process, process_commit_number, agent, committed_at,")
                .replace("0, 0, 0, id", "0, 0, 0, (SELECT max(id) FROM processes), 99, 'forger', 0, id");
    }

    static List<Attempt> onWrites() {
        return List.of(
                to(
                        "write a claimed key",
                        "the key is claimed",
                        "UPDATE current_values SET value = 'x' WHERE key = 'held'"),
                to("delete a claimed key", "the key is claimed", "DELETE FROM current_values WHERE key = 'held'"),
                to(
                        "write all keys, one of them claimed",
                        "the key is claimed",
                        "UPDATE current_values SET value = 'x'"),
                inCommit("write a claimed key past the view", "the key is claimed", write("1, 0", "NULL", "held")),
                to("write a claimed key in one row", "the key is claimed", writeAlone("NULL", "held")),
                to("write a claimed key under another epoch", "the key is claimed", writeAlone("epoch + 1", "held")),
                to("write a claimed key under an older epoch", "the key is claimed", writeAlone("epoch - 1", "held")),
                inCommit("write a free key under an epoch", "the key is claimed", write("1, 0", "0", "a")),
                to("write a free key under an epoch in one row", "the key is claimed", writeAlone("0", "a")),
                to("write a freed key under its last epoch", "the key is claimed", writeAlone("epoch", "freed")),
                to(
                        "insert what is there",
                        "UPDATE current_values instead",
                        "INSERT INTO current_values (key, value) VALUES ('a', 'x')"),
                to(
                        "replace what is there",
                        "UPDATE current_values instead",
                        "REPLACE INTO current_values (key, value) VALUES ('a', 'x')"));
    }

    static List<Attempt> onValues() {
        String text = "without NUL";
        return List.of(
                to("insert NULL", text, "INSERT INTO current_values (key) VALUES ('z')"),
                to("insert a number", text, "INSERT INTO current_values (key, value) VALUES ('z', 5)"),
                to("insert bytes", text, "INSERT INTO current_values (key, value) VALUES ('z', x'61')"),
                to("insert NUL", text, "INSERT INTO current_values (key, value) VALUES ('z', 'a' || char(0) || 'b')"),
                to("update to NULL", text, "UPDATE current_values SET value = NULL WHERE key = 'a'"),
                to("update to bytes", text, "UPDATE OR IGNORE current_values SET value = x'61' WHERE key = 'a'"),
                to("update to NUL", text, "UPDATE current_values SET value = char(0) WHERE key = 'a'"),
                inCommit("NUL past the view", text, "INSERT " + RuleViolations.part(NEXT, 1, 3, 2, "'a' || char(0)")),
                to("NUL in one row", text, "INSERT " + RuleViolations.single(NEXT, 1, 3, 2, "'a' || char(0)")),
                inCommit("bytes past the view", "TEXT column", "INSERT " + RuleViolations.part(NEXT, 1, 3, 2, "x'00'")),
                to("bytes in one row", "TEXT column", "INSERT " + RuleViolations.single(NEXT, 1, 3, 2, "x'00'")));
    }

    static List<Attempt> onNames() {
        String name = "a key is text of 1 to 512 bytes without control characters";
        String follows = "follow by themselves";
        return List.of(
                to("no name", name, "INSERT INTO current_values (key, value) VALUES ('', 'x')"),
                to("NULL for a name", name, "INSERT INTO current_values (value) VALUES ('x')"),
                to("a number for a name", name, "INSERT INTO current_values (key, value) VALUES (5, 'x')"),
                to("513 bytes", name, "INSERT INTO current_values (key, value) VALUES (printf('%.513c', 'k'), 'x')"),
                to(
                        "514 bytes in 257 characters",
                        name,
                        "INSERT INTO current_values (key, value) VALUES (replace(printf('%.257c',"
                                + " 'k'), 'k', char(233)), 'x')"),
                to("a tab", name, "INSERT INTO current_values (key, value) VALUES ('a' || char(9), 'x')"),
                to("a NUL in a name", name, "INSERT INTO current_values (key, value) VALUES ('a' || char(0), 'x')"),
                to(
                        "delete as a name",
                        name,
                        "INSERT OR IGNORE INTO current_values (key, value) VALUES (char(127), 'x')"),
                to("a control character above ASCII", name, "INSERT INTO keys (key) VALUES ('a' || char(133))"),
                to("rename through the view", follows, "UPDATE current_values SET key = 'z' WHERE key = 'a'"),
                to("number through the view", follows, "UPDATE current_values SET version = 9 WHERE key = 'a'"),
                to("sign as another", follows, "UPDATE current_values SET writer = 'thief' WHERE key = 'a'"),
                to(
                        "insert as another",
                        follows,
                        "INSERT INTO current_values (key, value, writer) VALUES ('z', 'x', 'planner')"),
                to("insert at a version", follows, "INSERT INTO current_values VALUES ('z', 'x', 7, NULL, NULL, NULL)"),
                to(
                        "write into history",
                        "cannot modify history",
                        "INSERT INTO history (key, value) VALUES ('a', 'x')"));
    }
}
