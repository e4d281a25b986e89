package dev.fencepost.internal.commit;

import dev.fencepost.ClaimEnd;
import dev.fencepost.Precondition;
import dev.fencepost.internal.sql.KeyRow;
import dev.fencepost.internal.sql.SagaTables.Said;
import dev.fencepost.internal.sql.TraceTables;
import dev.fencepost.internal.sql.TraceTables.Step;
import dev.fencepost.internal.sql.TraceTables.Touched;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps in the file what each step of the protocol did, in the transaction that does it, where that was asked for: so that
 * what really happened, in the order in which it happened, can be held against the specifications. A refusal is kept too;
 * it takes no place in the order of commits, and changes nothing else.
 */
public final class ProtocolTrace {
    private static final String APPLIED = "applied";

    private final boolean kept;
    private final WriteTransaction scope;
    private final TraceTables tables;

    ProtocolTrace(boolean kept, WriteTransaction scope, TraceTables tables) {
        this.kept = kept;
        this.scope = scope;
        this.tables = tables;
    }

    /** Whether it is kept. */
    boolean isKept() {
        return kept;
    }

    /** A commit was refused; the rows are empty where it was not looked at its keys. */
    void refused(CommitRequest request, Map<CommitRequest.EncodedWrite<?>, KeyRow> rows, CommitDecision verdict) {
        if (kept) {
            commit(request, 0, word(verdict));
            for (CommitRequest.EncodedWrite<?> write : request.writes()) {
                touched(write, rows.get(write), lower(write.kind()), false);
            }
        }
    }

    /**
     * A commit is applied.
     *
     * @param rows of all keys that it was about, as they were before it
     * @param changes what gets a version
     * @param reclaimed the claims that are ended for it
     */
    void applied(
            CommitRequest request,
            Map<CommitRequest.EncodedWrite<?>, KeyRow> rows,
            Set<CommitRequest.EncodedWrite<?>> changes,
            Map<Long, ClaimEnd> reclaimed,
            long sequence) {
        if (kept) {
            commit(request, sequence, APPLIED);
            rows.forEach((write, row) -> {
                boolean changed = changes.contains(write);
                // What is to be deleted and is not there is only looked at.
                touched(write, row, changed ? lower(write.kind()) : "require", changed);
            });
            ended(reclaimed);
        }
    }

    private void commit(CommitRequest request, long sequence, String how) {
        step(request.agent(), sequence, "commit", how, null);
        for (FencingToken claim : request.claims()) {
            tables.touched("under", "", claim.token().claim());
        }
    }

    private void touched(CommitRequest.EncodedWrite<?> write, @Nullable KeyRow row, String what, boolean changed) {
        Precondition<?> asked = write.precondition();
        Long expects = asked instanceof Precondition.AtVersion<?> at ? (Long) at.version() : null;
        Long was = row == null ? null : (Long) row.version();
        tables.touched(
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
        claims.forEach((claim, ending) -> tables.touched("ended", lower(ending), claim));
    }

    /** A claim was granted, for which these were ended. */
    public void granted(String agent, FencingToken claim, Map<Long, ClaimEnd> reclaimed) {
        if (kept) {
            long number = claim.token().claim();
            step(agent, number, "claim", APPLIED, number);
            claim.keys()
                    .forEach(key ->
                            tables.touched("key", "", number, new Touched(key.key(), key.epoch(), null, null, null)));
            ended(reclaimed);
        }
    }

    /**
     * A claim was not granted.
     *
     * @param why held, if somebody has one of its keys
     */
    public void notGranted(String agent, String why, Collection<KeyRow> keys) {
        if (kept) {
            step(agent, 0, "claim", why, null);
            keys.forEach(row -> tables.touched(
                    "key", "", row.claim().orElse(null), new Touched(row.key(), row.epoch(), null, null, null)));
        }
    }

    /** A claim was ended by itself. */
    void ended(long claim, long sequence, ClaimEnd ending) {
        if (kept) {
            step(null, sequence, "end", lower(ending), claim);
        }
    }

    /** A claim was renewed. */
    public void renewed(String agent, long claim) {
        if (kept) {
            step(agent, 0, "renew", APPLIED, claim);
        }
    }

    /** A claim was to be renewed or released, and had been lost. */
    public void fenced(String agent, String what, long claim) {
        if (kept) {
            step(agent, 0, what, "fenced", claim);
        }
    }

    void entry(long saga, @Nullable Long claim, long sequence, Said said) {
        if (kept) {
            tables.entry(
                    new Step(
                            scope.process(),
                            null,
                            sequence,
                            "entry",
                            said.kind().word(),
                            claim),
                    saga,
                    said.step(),
                    said.attempt());
        }
    }

    private void step(@Nullable String agent, long sequence, String what, String how, @Nullable Long claim) {
        tables.step(new Step(scope.process(), agent, sequence, what, how, claim));
    }

    private static String word(CommitDecision verdict) {
        if (verdict instanceof CommitDecision.ClaimsLost) {
            return "fenced";
        }
        List<CommitDecision.Reason> reasons =
                verdict instanceof CommitDecision.Refused refused ? refused.reasons() : List.of();
        String words =
                reasons.stream().map(ProtocolTrace::word).distinct().sorted().collect(Collectors.joining(" "));
        return words.isEmpty() ? "objected" : words;
    }

    private static String word(CommitDecision.Reason reason) {
        if (reason instanceof CommitDecision.PreconditionFailed) {
            return "conflict";
        } else if (reason instanceof CommitDecision.ClaimConflict) {
            return "claimed";
        }
        return reason instanceof CommitDecision.StaleRead ? "stale" : "moved";
    }

    private static String lower(Enum<?> constant) {
        return lower(constant.name()).replace('_', '-');
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }
}
