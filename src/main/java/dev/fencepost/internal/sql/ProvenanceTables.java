package dev.fencepost.internal.sql;

import dev.fencepost.Page;
import dev.fencepost.history.ReadDependency;
import dev.fencepost.history.RefusalRecord;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and writes the rows of read dependencies and of refusals, through one session. */
public final class ProvenanceTables {
    private final Session session;

    public ProvenanceTables(Session session) {
        this.session = session;
    }

    /** Records that a commit depends on a key, prefix or stream as of a sequence. */
    public void rests(long sequence, ReadDependency.Kind kind, String name, long at) {
        session.change(EventStatements.INSERT_READ, sequence, kind.name().toLowerCase(Locale.ROOT), name, at);
    }

    /**
     * One reason for a refusal.
     *
     * @param kind the code of the error
     * @param name the key, prefix or stream that it is about
     * @param by the agent that caused the refusal; null if unknown
     * @param bySequence the sequence of the commit that caused it; 0 if unknown
     */
    public record Reason(String kind, String name, @Nullable String by, long bySequence, String message) {}

    /** Records a refusal. */
    public void refused(long at, long sequence, long process, String agent, Reason reason) {
        session.change(
                EventStatements.INSERT_REFUSAL,
                at,
                sequence,
                process,
                agent,
                reason.kind(),
                reason.name(),
                reason.by(),
                reason.bySequence() == 0 ? null : reason.bySequence(),
                reason.message());
    }

    /**
     * Returns the read dependencies of a commit, as far as they were recorded.
     *
     * @param after the number of dependencies to skip; their order does not change
     */
    public Page<ReadDependency> beliefs(long sequence, long after, Bounds bounds) {
        return session.page(
                EventStatements.READS,
                bounds,
                (rs, ctx) -> new ReadDependency(
                        ReadDependency.Kind.valueOf(rs.getString(1).toUpperCase(Locale.ROOT)),
                        rs.getString(2),
                        rs.getLong(3)),
                sequence,
                after);
    }

    /**
     * Returns the refusals, newest first.
     *
     * @param before a number that is greater than that of the first
     */
    public Page<RefusalRecord> refusals(long before, Bounds bounds) {
        return session.page(
                EventStatements.REFUSALS,
                bounds,
                (rs, ctx) -> new RefusalRecord(
                        rs.getLong(1),
                        Instant.ofEpochMilli(rs.getLong(2)),
                        rs.getLong(3),
                        rs.getString(4),
                        rs.getLong(5),
                        rs.getString(6),
                        rs.getString(7),
                        Optional.ofNullable(rs.getString(8)),
                        Nullables.number(rs, 9),
                        rs.getString(10)),
                before);
    }
}
