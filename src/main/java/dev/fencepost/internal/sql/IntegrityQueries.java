package dev.fencepost.internal.sql;

import java.util.List;

/** The invariants of a healthy file. Each has a query that returns one sentence for each violation. */
public final class IntegrityQueries {
    /** An invariant, and the query for its violations. */
    public record Invariant(String law, String query) {}

    private IntegrityQueries() {}

    private static final Invariant VERSIONS_STEP = new Invariant("versions step by one", """
            SELECT 'the key ' || k.key || ' is at version ' || k.version || ', kept from version '
              || coalesce(t.oldest_version, 1) || ', and has ' || coalesce(v.kept, 0) || ' of '
              || coalesce(v.written, 0) || ' versions up to ' || coalesce(v.newest, 0)
            FROM keys k LEFT JOIN pruned_keys t ON t.key_id = k.id LEFT JOIN (
              SELECT key_id, count(*) AS written, count(version) AS kept, min(version) AS oldest,
                max(version) AS newest
              FROM log WHERE key_id IS NOT NULL GROUP BY key_id) v ON v.key_id = k.id
            WHERE coalesce(v.kept, 0) <> k.version - coalesce(t.oldest_version, 1) + 1
              OR coalesce(v.written, 0) <> k.version
              OR coalesce(v.newest, 0) <> k.version
              OR coalesce(v.oldest, 1) <> coalesce(t.oldest_version, 1)""");

    private static final Invariant CURRENT_IS_NEWEST = new Invariant("what is current is the newest version", """
            SELECT 'the key ' || k.key || ' does not show its newest version' FROM keys k
            LEFT JOIN versions v ON v.id = k.latest_version_id
            WHERE (k.version = 0 AND (k.latest_version_id IS NOT NULL OR k.has_value OR k.sequence <> 0))
              OR (k.version > 0 AND (v.id IS NULL OR v.key_id <> k.id OR v.version <> k.version
                OR v.sequence <> k.sequence OR (v.value IS NOT NULL) <> k.has_value))""");

    private static final Invariant HISTORY_IN_ORDER = new Invariant("history only grows", """
            SELECT 'version ' || v.version || ' of the key with number ' || v.key_id || ' does not follow the one before'
            FROM versions v LEFT JOIN log p ON p.id = v.previous_id
              LEFT JOIN pruned_keys t ON t.key_id = v.key_id
            WHERE (v.version = 1) <> (v.previous_id IS NULL) OR v.previous_id >= v.id
              OR (v.version > 1 AND (p.key_id IS NOT v.key_id
                OR p.version IS NOT iif(v.version IS t.oldest_version, NULL, v.version - 1)))""");

    private static final Invariant COMMITS_WHOLE = new Invariant("a commit is whole", """
            SELECT 'commit ' || (l.id - l.part) || ' has ' || l.part || ' rows before row ' || l.id || ' and '
              || l.remaining || ' after it, which there are not'
            FROM log l LEFT JOIN log n ON n.id = l.id + 1 LEFT JOIN log b ON b.id = l.id - 1
            WHERE (l.remaining > 0 AND (n.part IS NOT l.part + 1 OR n.remaining IS NOT l.remaining - 1))
              OR (l.part > 0 AND (b.part IS NOT l.part - 1 OR b.remaining IS NOT l.remaining + 1))
              OR (l.part = 0) <> (l.process IS NOT NULL)
              OR (l.part = 0 AND l.remaining > 0 AND l.key_id IS NOT NULL) OR (l.part > 0 AND l.key_id IS NULL)""");

    private static final Invariant COMMITS_ADD_UP = new Invariant("commits add up to what there is", """
            SELECT 'commits have ' || committed || ' versions, and keys ' || present FROM (
              SELECT (SELECT coalesce(sum(version_count), 0) FROM commits) AS committed,
                (SELECT coalesce(sum(version), 0) FROM keys) AS present)
            WHERE committed <> present
            UNION ALL SELECT 'commits have ' || committed || ' events, and streams ' || present FROM (
              SELECT (SELECT coalesce(sum(event_count), 0) FROM commits) AS committed,
                (SELECT coalesce(sum(last_number), 0) FROM streams) AS present)
            WHERE committed <> present""");

    private static final Invariant TRIMMED_FITS = new Invariant("what is no longer kept is known", """
            SELECT 'the key with number ' || t.key_id || ' is kept from version ' || t.oldest_version
              || ' on, which does not fit its versions'
            FROM pruned_keys t
            WHERE t.oldest_version IS NOT (SELECT version FROM internal_commit_versions
                WHERE sequence = t.oldest_sequence AND key_id = t.key_id)
              OR t.oldest_version < 2 OR t.first_sequence > t.pruned_through OR t.pruned_through >= t.oldest_sequence""");

    private static final Invariant STREAMS_STEP = new Invariant("events are numbered one after the other", """
            SELECT 'the stream ' || h.stream || ' has ' || count(e.id) || ' events up to ' || coalesce(max(e.number), 0)
              || ', and is said to have events ' || h.oldest_number || ' to ' || h.last_number
            FROM streams h LEFT JOIN events e ON e.stream_id = h.id
            GROUP BY h.id HAVING count(e.id) <> h.last_number - h.oldest_number + 1
              OR coalesce(max(e.number), 0) <> h.last_number
              OR coalesce(min(e.number), 1) <> h.oldest_number OR coalesce(max(e.sequence), 0) <> h.sequence
              OR (h.oldest_number = 1 AND coalesce(min(e.sequence), 0) <> h.first_sequence)
              OR (h.oldest_number > 1) <> (h.pruned_through > 0)""");

    private static final Invariant EVENTS_IN_ORDER = new Invariant("events are in the order of commits", """
            SELECT 'the event with number ' || n.id || ' precedes an older one'
            FROM events e JOIN events n ON n.id = (SELECT min(id) FROM events WHERE id > e.id)
            WHERE n.sequence < e.sequence OR (n.stream_id = e.stream_id AND n.number <= e.number)""");

    private static final Invariant EVENTS_WHOLE = new Invariant("a commit has its events", """
            SELECT 'commit ' || c.sequence || ' has ' || count(e.id) || ' of its ' || c.event_count || ' events'
            FROM commits c LEFT JOIN events e ON e.sequence = c.sequence
            GROUP BY c.sequence HAVING count(e.id) > c.event_count OR (count(e.id) < c.event_count
              AND c.sequence > (SELECT coalesce(max(pruned_through), 0) FROM streams))""");

    private static final Invariant CURSORS_FIT = new Invariant("a cursor is at an existing commit", """
            SELECT 'the cursor ' || f.cursor || ' is at ' || f.position || ', and was moved by commit ' || f.moved_by_commit
            FROM cursors f
            WHERE f.position > f.moved_by_commit
              OR f.moved_by_commit > (SELECT coalesce(max(sequence), 0) FROM commits)""");

    private static final Invariant COMMITS_NUMBERED = new Invariant("commits are numbered one after the other", """
            SELECT 'the log has ' || count(*) || ' rows up to ' || max(id) FROM log
            HAVING count(*) <> coalesce(max(id), 0) OR min(id) < 1""");

    private static final Invariant EPOCHS_GROW = new Invariant("epochs never fall", """
            SELECT 'the key ' || k.key || ' is at epoch ' || k.epoch || ', and its claims have left it at epoch '
              || coalesce(max(gk.epoch + (g.end_reason IS NOT NULL AND g.end_reason <> 'released')), 0)
            FROM keys k LEFT JOIN claim_keys gk ON gk.key_id = k.id LEFT JOIN claims g ON g.id = gk.claim_id
            GROUP BY k.id
            HAVING k.epoch < coalesce(max(gk.epoch + (g.end_reason IS NOT NULL AND g.end_reason <> 'released')), 0)
              OR (k.epoch > coalesce(max(gk.epoch + (g.end_reason IS NOT NULL AND g.end_reason <> 'released')), 0)
                AND NOT EXISTS (SELECT 1 FROM former_stores)
                AND (k.claim_id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM pruned_claims)))""");

    /**
     * The invariant that an adoption ended with a new store ID. While the ID is a former one, the schema's triggers let
     * epochs of free keys be raised.
     */
    private static final Invariant HISTORY_IS_NEW = new Invariant("an adopted store has a new identity", """
            SELECT 'the store ' || s.store_id || ' is also a former one'
            FROM store s JOIN former_stores f ON f.store_id = s.store_id
            UNION ALL SELECT 'the place of the store is missing' WHERE NOT EXISTS (SELECT 1 FROM store_place)""");

    private static final Invariant EPOCHS_OWNED_ONCE = new Invariant("an epoch has one owner", """
            SELECT 'epoch ' || gk.epoch || ' of the key with number ' || gk.key_id || ' belongs to '
              || count(*) || ' claims'
            FROM claim_keys gk GROUP BY gk.key_id, gk.epoch HAVING count(*) > 1""");

    private static final Invariant ONE_CLAIM = new Invariant("one claim on a key", """
            SELECT 'the key ' || k.key || ' is held by a claim that is not open, or not its own' FROM keys k
            WHERE k.claim_id IS NOT NULL AND NOT EXISTS (
              SELECT 1 FROM claims g JOIN claim_keys gk ON gk.claim_id = g.id
              WHERE g.id = k.claim_id AND g.ended_by_commit IS NULL AND gk.key_id = k.id AND gk.epoch = k.epoch)""");

    private static final Invariant CLAIMS_HOLD = new Invariant("no open claim without its keys", """
            SELECT 'claim ' || g.id || ' is open, but does not hold ' || coalesce(k.key, 'any key') FROM claims g
            LEFT JOIN claim_keys gk ON gk.claim_id = g.id LEFT JOIN keys k ON k.id = gk.key_id
            WHERE g.ended_by_commit IS NULL AND k.claim_id IS NOT g.id""");

    private static final Invariant CLAIMS_WHOLE = new Invariant("a claim is whole", """
            SELECT 'claim ' || g.id || ' has ' || count(gk.key_id) || ' of its ' || g.key_count || ' keys'
            FROM claims g LEFT JOIN claim_keys gk ON gk.claim_id = g.id
            GROUP BY g.id HAVING count(gk.key_id) <> g.key_count""");

    private static final Invariant CLAIMS_BEGIN_AND_END = new Invariant("claims begin and end with commits", """
            SELECT 'claim ' || g.id || ' is not of the agent of its commit, or ends before it begins'
            FROM claims g LEFT JOIN commits c ON c.sequence = g.id
            WHERE c.sequence IS NULL OR c.agent <> g.agent OR g.ended_by_commit < g.id""");

    private static final Invariant CLAIMS_PRUNED = new Invariant("claims are pruned up to a commit that there is", """
            SELECT 'claims are pruned through commit ' || through FROM pruned_claims
            WHERE through NOT BETWEEN 1 AND (SELECT coalesce(max(sequence), 0) FROM commits)""");

    private static final Invariant FENCED_WRITES = new Invariant("who writes a claimed key holds it", """
            SELECT 'version ' || v.version || ' of the key with number ' || v.key_id || ' was written under epoch '
              || v.epoch || ' outside of the claim'
            FROM versions v
            LEFT JOIN claim_keys gk ON gk.key_id = v.key_id AND gk.epoch = v.epoch
            LEFT JOIN claims g ON g.id = gk.claim_id
            WHERE v.epoch IS NOT NULL
              AND iif(g.id IS NULL, v.sequence > coalesce((SELECT through FROM pruned_claims), 0),
                v.sequence < g.id OR v.sequence > coalesce(g.ended_by_commit, v.sequence))""");

    private static final Invariant ONE_STORE = new Invariant(
            "a file is one store",
            "SELECT 'there are ' || count(*) || ' names of stores' FROM store HAVING count(*) <> 1");

    private static final Invariant JOURNALS_WHOLE = new Invariant("a saga is what its journal says", """
            SELECT 'the saga ' || r.saga || ' is ' || r.state || ' with ' || r.entry_count || ' entries, and its journal has '
              || count(e.id) || ' up to ' || coalesce(max(e.number), 0)
            FROM sagas r LEFT JOIN saga_journal e ON e.saga_id = r.id GROUP BY r.id
            HAVING count(e.id) <> r.entry_count OR coalesce(max(e.number), 0) <> r.entry_count
              OR coalesce(min(e.number), 0) <> 1 OR r.state <> coalesce(
                (SELECT CASE WHEN l.type IN ('stuck', 'completed', 'compensated', 'resolved') THEN l.type
                  WHEN EXISTS (SELECT 1 FROM saga_journal b WHERE b.saga_id = r.id AND b.type = 'compensating')
                  THEN 'compensating' ELSE 'running' END
                FROM saga_journal l WHERE l.saga_id = r.id AND l.type <> 'cancel-requested'
                ORDER BY l.number DESC LIMIT 1), '')""");

    private static final Invariant JOURNALS_FENCED = new Invariant("who writes a journal coordinates the saga", """
            SELECT 'entry ' || e.number || ' of the saga ' || r.saga || ' was written under epoch '
              || coalesce(e.epoch, 'none') || ' outside of the claim'
            FROM saga_journal e JOIN sagas r ON r.id = e.saga_id
            LEFT JOIN claim_keys gk ON gk.key_id = r.key_id AND gk.epoch = e.epoch
            LEFT JOIN claims g ON g.id = gk.claim_id
            WHERE CASE WHEN e.type IN ('begun', 'cancel-requested') THEN e.epoch IS NOT NULL
              WHEN g.id IS NULL THEN e.epoch IS NULL
                OR e.sequence > coalesce((SELECT through FROM pruned_claims), 0)
              ELSE e.sequence < g.id OR e.sequence > coalesce(g.ended_by_commit, e.sequence) END""");

    private static final Invariant JOURNALS_IN_ORDER = new Invariant("a journal only grows", """
            SELECT 'entry ' || e.number || ' of the saga with number ' || e.saga_id || ' precedes an older commit'
            FROM saga_journal e JOIN saga_journal n ON n.saga_id = e.saga_id AND n.number = e.number + 1
            WHERE n.sequence < e.sequence""");

    private static String notCommit(String table, String column) {
        return "SELECT 'the table " + table + " has the " + column + " ' || " + column + " FROM " + table + " WHERE "
                + column + " NOT IN (SELECT sequence FROM commits)";
    }

    /** Foreign keys lead to any row of the log. */
    private static final Invariant COMMITS_EXIST = new Invariant(
            "what names a commit names its first row",
            String.join(
                    " UNION ALL ",
                    notCommit("events", "sequence"),
                    notCommit("claims", "id"),
                    notCommit("claims", "ended_by_commit"),
                    notCommit("cursors", "moved_by_commit"),
                    notCommit("commit_dependencies", "sequence"),
                    notCommit("sagas", "begun_by_commit"),
                    notCommit("saga_journal", "sequence"),
                    notCommit("saga_tasks", "offered_by_commit"),
                    notCommit("saga_tasks", "ended_by_commit")));

    public static final List<Invariant> ALL = List.of(
            COMMITS_EXIST,
            ONE_STORE,
            HISTORY_IS_NEW,
            COMMITS_NUMBERED,
            COMMITS_WHOLE,
            COMMITS_ADD_UP,
            TRIMMED_FITS,
            STREAMS_STEP,
            EVENTS_IN_ORDER,
            EVENTS_WHOLE,
            CURSORS_FIT,
            VERSIONS_STEP,
            CURRENT_IS_NEWEST,
            HISTORY_IN_ORDER,
            EPOCHS_GROW,
            EPOCHS_OWNED_ONCE,
            ONE_CLAIM,
            CLAIMS_HOLD,
            CLAIMS_WHOLE,
            CLAIMS_BEGIN_AND_END,
            CLAIMS_PRUNED,
            FENCED_WRITES,
            JOURNALS_WHOLE,
            JOURNALS_FENCED,
            JOURNALS_IN_ORDER);
}
