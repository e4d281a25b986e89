package dev.fencepost.internal.commit;

import dev.fencepost.ClaimEnd;
import dev.fencepost.Precondition;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.DefaultStore;
import dev.fencepost.internal.commit.CommitRequest.EncodedWrite;
import dev.fencepost.internal.sql.KeyRow;
import dev.fencepost.internal.sql.SagaTables.Said;
import dev.fencepost.internal.sql.Session;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Records each step of the protocol in a table of the store's file, in the transaction of the step. So the record has the
 * order of the steps, and a step that is rolled back is not in it.
 */
public final class TableTrace implements ProtocolTrace {
    private static final String APPLIED = "applied";

    /** Selects what is wrong with a trace; no row if it fits the rest of the file. */
    public static final String FINDINGS = """
            SELECT 'row ' || t.id || ' of the trace does not follow the one before it' FROM protocol_trace t
            LEFT JOIN protocol_trace before ON before.id = t.id - 1
            WHERE (t.id > 1 AND before.id IS NULL) OR (t.step <> t.id AND t.step IS NOT before.step)
            UNION ALL SELECT 'step ' || t.step || ' of the trace belongs to commit ' || t.sequence
              || ', which is not there, or of another process'
            FROM protocol_trace t LEFT JOIN commits c ON c.sequence = t.sequence
            WHERE t.sequence <> 0 AND c.process IS NOT t.process
              AND t.process IS NOT (SELECT g.process FROM claims g WHERE g.id = t.sequence)
            UNION ALL SELECT 'step ' || t.step || ' of the trace says that the key ' || t.key || ' got version '
              || t.version
            FROM protocol_trace t JOIN keys k ON k.key = t.key LEFT JOIN pruned_keys d ON d.key_id = k.id
            LEFT JOIN internal_commit_versions v ON v.sequence = t.sequence AND v.key_id = k.id
            WHERE t.action IN ('put', 'delete') AND t.sequence <> 0 AND t.version >= coalesce(d.oldest_version, 1)
              AND v.version IS NOT t.version""";

    private static final String CREATE = """
            CREATE TABLE IF NOT EXISTS protocol_trace (
              -- One row says what was done and its result. Later rows of the same step name its keys and claims.
              id INTEGER PRIMARY KEY,
              step INTEGER NOT NULL,       -- the number of the first row of the step
              sequence INTEGER NOT NULL,   -- of the commit of the step; 0 if there is none
              process INTEGER NOT NULL,
              agent TEXT NOT NULL,
              action TEXT NOT NULL,        -- commit, claim, renew, release, end, entry; or a part: under, put, delete, require, key, ended
              outcome TEXT NOT NULL,       -- applied, or the refusal; of a part, the precondition or the end of the claim
              claim INTEGER,
              saga INTEGER,
              key TEXT,                    -- of an entry, its step
              epoch INTEGER,               -- of the key, before the step, or as granted
              version_before INTEGER,      -- the version before the step
              version INTEGER,             -- the version after the step; of an entry, its attempt
              expected_version INTEGER     -- the version that was demanded; 0 if the key was to be absent
            ) STRICT""";
    private static final String INSERT_STEP = """
            INSERT INTO protocol_trace (id, step, sequence, process, agent, action, outcome, claim, saga, key, version)
            SELECT next, next, ?, ?, coalesce(?, (SELECT agent FROM commits WHERE sequence = ?), ''), ?, ?, ?, ?, ?, ?
            FROM (SELECT coalesce(max(id), 0) + 1 AS next FROM protocol_trace)""";
    private static final String INSERT_PART = """
            INSERT INTO protocol_trace
              (id, step, sequence, process, agent, action, outcome, claim, key, epoch, version_before, version,
                expected_version)
            SELECT id + 1, step, sequence, process, agent, ?, ?, ?, ?, ?, ?, ?, ?
            FROM protocol_trace ORDER BY id DESC LIMIT 1""";

    private final WriteTransaction transaction;
    private final Session session;

    private TableTrace(WriteTransaction transaction, Session session) {
        this.transaction = transaction;
        this.session = session;
    }

    /** Opens a store that records its steps. */
    public static Store open(StoreConfig config) {
        return DefaultStore.open(config, TableTrace::of);
    }

    private static ProtocolTrace of(WriteTransaction transaction, Session session) {
        session.change(CREATE);
        return new TableTrace(transaction, session);
    }

    /** A step. */
    private record Step(
            @Nullable String agent,
            long sequence,
            String what,
            String how,
            @Nullable Long claim) {}

    /** The effect of a step on a key. */
    private record Touched(
            String key,
            @Nullable Long epoch,
            @Nullable Long was,
            @Nullable Long version,
            @Nullable Long expects) {}

    @Override
    public void refused(CommitRequest request, Map<EncodedWrite<?>, KeyRow> rows, CommitDecision decision) {
        commit(request, 0, word(decision));
        for (EncodedWrite<?> write : request.writes()) {
            touched(write, rows.get(write), lower(write.kind()), false);
        }
    }

    @Override
    public void applied(
            CommitRequest request,
            Map<EncodedWrite<?>, KeyRow> rows,
            Set<EncodedWrite<?>> changes,
            Map<Long, ClaimEnd> reclaimed,
            long sequence) {
        commit(request, sequence, APPLIED);
        rows.forEach((write, row) -> {
            boolean changed = changes.contains(write);
            // A delete of an absent key only reads it.
            touched(write, row, changed ? lower(write.kind()) : "require", changed);
        });
        ended(reclaimed);
    }

    private void commit(CommitRequest request, long sequence, String how) {
        step(request.agent(), sequence, "commit", how, null);
        for (FencingToken claim : request.claims()) {
            touched("under", "", claim.token().claim());
        }
    }

    private void touched(EncodedWrite<?> write, @Nullable KeyRow row, String what, boolean changed) {
        Precondition<?> asked = write.precondition();
        Long expects = asked instanceof Precondition.AtVersion<?> at ? (Long) at.version() : null;
        Long was = row == null ? null : (Long) row.version();
        touched(
                what,
                demanded(asked),
                null,
                new Touched(
                        write.key().name(),
                        row == null ? null : row.epoch(),
                        was,
                        was == null ? null : (Long) (was + (changed ? 1 : 0)),
                        asked instanceof Precondition.Absent ? (Long) 0L : expects));
    }

    private static String demanded(Precondition<?> asked) {
        if (asked instanceof Precondition.None) {
            return "";
        } else if (asked instanceof Precondition.Absent) {
            return "absent";
        } else if (asked instanceof Precondition.Present) {
            return "present";
        }
        return asked instanceof Precondition.AtVersion ? "version" : "value";
    }

    /** Claims were ended for the sake of the newest step. */
    private void ended(Map<Long, ClaimEnd> claims) {
        claims.forEach((claim, ending) -> touched("ended", lower(ending), claim));
    }

    @Override
    public void granted(String agent, FencingToken claim, Map<Long, ClaimEnd> reclaimed) {
        long number = claim.token().claim();
        // Another process may hand the claim over to its holder.
        long holder = transaction.claims().holder(number).holder().process();
        insert(new Step(agent, number, "claim", APPLIED, number), holder, null, null, null);
        claim.keys().forEach(key -> touched("key", "", number, new Touched(key.key(), key.epoch(), null, null, null)));
        ended(reclaimed);
    }

    @Override
    public void notGranted(String agent, String why, Collection<KeyRow> keys) {
        step(agent, 0, "claim", why, null);
        keys.forEach(row ->
                touched("key", "", row.claim().orElse(null), new Touched(row.key(), row.epoch(), null, null, null)));
    }

    @Override
    public void ended(long claim, long sequence, ClaimEnd ending) {
        step(null, sequence, "end", lower(ending), claim);
    }

    @Override
    public void renewed(String agent, long claim) {
        step(agent, 0, "renew", APPLIED, claim);
    }

    @Override
    public void fenced(String agent, String what, long claim) {
        step(agent, 0, what, "fenced", claim);
    }

    @Override
    public void entry(long saga, @Nullable Long claim, long sequence, Said said) {
        Step entry = new Step(null, sequence, "entry", said.kind().word(), claim);
        insert(entry, transaction.process(), saga, said.step(), said.attempt());
    }

    private void step(@Nullable String agent, long sequence, String what, String how, @Nullable Long claim) {
        insert(new Step(agent, sequence, what, how, claim), transaction.process(), null, null, null);
    }

    private void insert(Step step, long process, @Nullable Long saga, @Nullable String key, @Nullable Integer version) {
        session.change(
                INSERT_STEP,
                step.sequence(),
                process,
                step.agent(),
                step.sequence(),
                step.what(),
                step.how(),
                step.claim(),
                saga,
                key,
                version);
    }

    private void touched(String what, String how, @Nullable Long claim, Touched key) {
        session.change(INSERT_PART, what, how, claim, key.key(), key.epoch(), key.was(), key.version(), key.expects());
    }

    private void touched(String what, String how, long claim) {
        session.change(INSERT_PART, what, how, claim, null, null, null, null, null);
    }

    private static String word(CommitDecision decision) {
        if (decision instanceof CommitDecision.Refused refused) {
            return refused.reasons().stream()
                    .map(reason -> lower(reason.kind()))
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(" "));
        }
        return decision instanceof CommitDecision.ClaimsLost ? "fenced" : "objected";
    }

    private static String lower(Enum<?> constant) {
        return lower(constant.name()).replace('_', '-');
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }
}
