package dev.fencepost.internal.sql;

import java.util.List;

/** The invariants of a healthy file. Each has a query that returns one sentence for each violation. */
public final class IntegrityQueries {
    /** An invariant, and the query for its violations. */
    public record Invariant(String law, String query) {}

    private IntegrityQueries() {}

    private static final Invariant VERSIONS_STEP = new Invariant("versions step by one", """
            SELECT 'the key ' || k.key || ' is at version ' || k.version || ', kept from version '
              || coalesce(t.kept_from, 1) || ', and has ' || count(v.id) || ' versions up to '
              || coalesce(max(v.version), 0)
            FROM keys k LEFT JOIN versions v ON v.key_id = k.id LEFT JOIN trimmed t ON t.key_id = k.id
            GROUP BY k.id HAVING count(v.id) <> k.version - coalesce(t.kept_from, 1) + 1
              OR coalesce(max(v.version), 0) <> k.version
              OR coalesce(min(v.version), 1) <> coalesce(t.kept_from, 1)""");

    private static final Invariant CURRENT_IS_NEWEST = new Invariant("what is current is the newest version", """
            SELECT 'the key ' || k.key || ' does not show its newest version' FROM keys k
            LEFT JOIN versions v ON v.id = k.head
            WHERE (k.version = 0 AND (k.head IS NOT NULL OR k.present OR k.sequence <> 0))
              OR (k.version > 0 AND (v.id IS NULL OR v.key_id <> k.id OR v.version <> k.version
                OR v.sequence <> k.sequence OR (v.value IS NOT NULL) <> k.present))""");

    private static final Invariant HISTORY_IN_ORDER = new Invariant("history only grows", """
            SELECT 'version ' || v.version || ' of the key with number ' || v.key_id || ' precedes an older commit'
            FROM versions v JOIN versions n ON n.id = (SELECT min(id) FROM versions WHERE id > v.id)
            WHERE n.sequence < v.sequence OR (n.key_id = v.key_id AND n.version <= v.version)""");

    private static final Invariant COMMITS_WHOLE = new Invariant("a commit is whole", """
            SELECT 'commit ' || c.sequence || ' has ' || count(v.id) || ' of its ' || c.versions || ' versions'
            FROM commits c LEFT JOIN versions v ON v.sequence = c.sequence
            GROUP BY c.sequence HAVING count(v.id) > c.versions OR (count(v.id) < c.versions
              AND c.sequence > (SELECT coalesce(max(evicted_to), 0) FROM trimmed))""");

    private static final Invariant COMMITS_ADD_UP = new Invariant("commits add up to what there is", """
            SELECT 'commits have ' || committed || ' versions, and keys ' || present FROM (
              SELECT (SELECT coalesce(sum(versions), 0) FROM commits) AS committed,
                (SELECT coalesce(sum(version), 0) FROM keys) AS present)
            WHERE committed <> present
            UNION ALL SELECT 'commits have ' || committed || ' events, and streams ' || present FROM (
              SELECT (SELECT coalesce(sum(events), 0) FROM commits) AS committed,
                (SELECT coalesce(sum(events), 0) FROM stream_heads) AS present)
            WHERE committed <> present""");

    private static final Invariant TRIMMED_FITS = new Invariant("what is no longer kept is known", """
            SELECT 'the key with number ' || t.key_id || ' is kept from version ' || t.kept_from
              || ' on, which does not fit its versions'
            FROM trimmed t LEFT JOIN versions v ON v.key_id = t.key_id AND v.version = t.kept_from
            WHERE v.sequence IS NOT t.kept_since OR t.kept_from < 2 OR t.began > t.evicted_to
              OR t.evicted_to >= t.kept_since""");

    private static final Invariant STREAMS_STEP = new Invariant("events are numbered one after the other", """
            SELECT 'the stream ' || h.stream || ' has ' || count(e.id) || ' events up to ' || coalesce(max(e.number), 0)
              || ', and is said to have events ' || h.kept_from || ' to ' || h.events
            FROM stream_heads h LEFT JOIN stream_events e ON e.stream_id = h.id
            GROUP BY h.id HAVING count(e.id) <> h.events - h.kept_from + 1 OR coalesce(max(e.number), 0) <> h.events
              OR coalesce(min(e.number), 1) <> h.kept_from OR coalesce(max(e.sequence), 0) <> h.sequence
              OR (h.kept_from = 1 AND coalesce(min(e.sequence), 0) <> h.began)
              OR (h.kept_from > 1) <> (h.evicted_to > 0)""");

    private static final Invariant EVENTS_IN_ORDER = new Invariant("events are in the order of commits", """
            SELECT 'the event with number ' || n.id || ' precedes an older one'
            FROM stream_events e JOIN stream_events n ON n.id = (SELECT min(id) FROM stream_events WHERE id > e.id)
            WHERE n.sequence < e.sequence OR (n.stream_id = e.stream_id AND n.number <= e.number)""");

    private static final Invariant EVENTS_WHOLE = new Invariant("a commit has its events", """
            SELECT 'commit ' || c.sequence || ' has ' || count(e.id) || ' of its ' || c.events || ' events'
            FROM commits c LEFT JOIN stream_events e ON e.sequence = c.sequence
            GROUP BY c.sequence HAVING count(e.id) > c.events OR (count(e.id) < c.events
              AND c.sequence > (SELECT coalesce(max(evicted_to), 0) FROM stream_heads))""");

    private static final Invariant CURSORS_FIT = new Invariant("a cursor is at an existing commit", """
            SELECT 'the cursor ' || f.cursor || ' is at ' || f.at || ', and was moved by commit ' || f.moved_sequence
            FROM feed_cursors f
            WHERE f.at > f.moved_sequence OR f.moved_sequence > (SELECT coalesce(max(sequence), 0) FROM commits)""");

    private static final Invariant COMMITS_NUMBERED = new Invariant("commits are numbered one after the other", """
            SELECT 'there are ' || count(*) || ' commits up to ' || max(sequence) FROM commits
            HAVING count(*) <> coalesce(max(sequence), 0) OR min(sequence) < 1""");

    private static final Invariant EPOCHS_GROW = new Invariant("epochs never fall", """
            SELECT 'the key ' || k.key || ' is at epoch ' || k.epoch || ', and its claims have left it at epoch '
              || coalesce(max(gk.epoch + (g.ending IS NOT NULL AND g.ending <> 'released')), 0)
            FROM keys k LEFT JOIN grant_keys gk ON gk.key_id = k.id LEFT JOIN grants g ON g.id = gk.claim
            GROUP BY k.id
            HAVING k.epoch < coalesce(max(gk.epoch + (g.ending IS NOT NULL AND g.ending <> 'released')), 0)
              OR (k.epoch > coalesce(max(gk.epoch + (g.ending IS NOT NULL AND g.ending <> 'released')), 0)
                AND NOT EXISTS (SELECT 1 FROM former_stores)
                AND (k.claim IS NOT NULL OR NOT EXISTS (SELECT 1 FROM pruned_claims)))""");

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
            FROM grant_keys gk GROUP BY gk.key_id, gk.epoch HAVING count(*) > 1""");

    private static final Invariant ONE_CLAIM = new Invariant("one claim on a key", """
            SELECT 'the key ' || k.key || ' is held by a claim that is not open, or not its own' FROM keys k
            WHERE k.claim IS NOT NULL AND NOT EXISTS (
              SELECT 1 FROM grants g JOIN grant_keys gk ON gk.claim = g.id
              WHERE g.id = k.claim AND g.ended_sequence IS NULL AND gk.key_id = k.id AND gk.epoch = k.epoch)""");

    private static final Invariant CLAIMS_HOLD = new Invariant("no open claim without its keys", """
            SELECT 'claim ' || g.id || ' is open, but does not hold ' || coalesce(k.key, 'any key') FROM grants g
            LEFT JOIN grant_keys gk ON gk.claim = g.id LEFT JOIN keys k ON k.id = gk.key_id
            WHERE g.ended_sequence IS NULL AND k.claim IS NOT g.id""");

    private static final Invariant CLAIMS_WHOLE = new Invariant("a claim is whole", """
            SELECT 'claim ' || g.id || ' has ' || count(gk.key_id) || ' of its ' || g.keys || ' keys'
            FROM grants g LEFT JOIN grant_keys gk ON gk.claim = g.id GROUP BY g.id HAVING count(gk.key_id) <> g.keys""");

    private static final Invariant CLAIMS_BEGIN_AND_END = new Invariant("claims begin and end with commits", """
            SELECT 'claim ' || g.id || ' is not of the agent and process of its commit, or ends before it begins'
            FROM grants g LEFT JOIN commits c ON c.sequence = g.id
            WHERE c.sequence IS NULL OR c.process <> g.process OR c.agent <> g.agent OR g.ended_sequence < g.id""");

    private static final Invariant CLAIMS_PRUNED = new Invariant("claims are pruned up to a commit that there is", """
            SELECT 'claims are pruned through commit ' || through FROM pruned_claims
            WHERE through NOT BETWEEN 1 AND (SELECT coalesce(max(sequence), 0) FROM commits)""");

    private static final Invariant FENCED_WRITES = new Invariant("who writes a claimed key holds it", """
            SELECT 'version ' || v.version || ' of the key with number ' || v.key_id || ' was written under epoch '
              || v.epoch || ' outside of the claim'
            FROM versions v
            LEFT JOIN grant_keys gk ON gk.key_id = v.key_id AND gk.epoch = v.epoch LEFT JOIN grants g ON g.id = gk.claim
            WHERE v.epoch IS NOT NULL
              AND iif(g.id IS NULL, v.sequence > coalesce((SELECT through FROM pruned_claims), 0),
                v.sequence < g.id OR v.sequence > coalesce(g.ended_sequence, v.sequence))""");

    private static final Invariant ONE_STORE = new Invariant(
            "a file is one store",
            "SELECT 'there are ' || count(*) || ' names of stores' FROM store HAVING count(*) <> 1");

    private static final Invariant JOURNALS_WHOLE = new Invariant("a saga is what its journal says", """
            SELECT 'the saga ' || r.saga || ' is ' || r.state || ' with ' || r.entries || ' entries, and its journal has '
              || count(e.id) || ' up to ' || coalesce(max(e.entry), 0)
            FROM saga_runs r LEFT JOIN saga_entries e ON e.run = r.id GROUP BY r.id
            HAVING count(e.id) <> r.entries OR coalesce(max(e.entry), 0) <> r.entries
              OR coalesce(min(e.entry), 0) <> 1 OR r.state <> coalesce(
                (SELECT CASE WHEN l.kind IN ('stuck', 'completed', 'compensated', 'resolved') THEN l.kind
                  WHEN EXISTS (SELECT 1 FROM saga_entries b WHERE b.run = r.id AND b.kind = 'compensating')
                  THEN 'compensating' ELSE 'running' END
                FROM saga_entries l WHERE l.run = r.id AND l.kind <> 'cancel-requested'
                ORDER BY l.entry DESC LIMIT 1), '')""");

    private static final Invariant JOURNALS_FENCED = new Invariant("who writes a journal coordinates the saga", """
            SELECT 'entry ' || e.entry || ' of the saga ' || r.saga || ' was written under epoch '
              || coalesce(e.epoch, 'none') || ' outside of the claim'
            FROM saga_entries e JOIN saga_runs r ON r.id = e.run
            LEFT JOIN grant_keys gk ON gk.key_id = r.key_id AND gk.epoch = e.epoch LEFT JOIN grants g ON g.id = gk.claim
            WHERE CASE WHEN e.kind IN ('begun', 'cancel-requested') THEN e.epoch IS NOT NULL
              WHEN g.id IS NULL THEN e.epoch IS NULL
                OR e.sequence > coalesce((SELECT through FROM pruned_claims), 0)
              ELSE e.sequence < g.id OR e.sequence > coalesce(g.ended_sequence, e.sequence) END""");

    private static final Invariant JOURNALS_IN_ORDER = new Invariant("a journal only grows", """
            SELECT 'entry ' || e.entry || ' of the saga with number ' || e.run || ' precedes an older commit'
            FROM saga_entries e JOIN saga_entries n ON n.run = e.run AND n.entry = e.entry + 1
            WHERE n.sequence < e.sequence""");

    public static final List<Invariant> ALL = List.of(
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

    /** SQLite's own query for rows with dangling references. */
}
