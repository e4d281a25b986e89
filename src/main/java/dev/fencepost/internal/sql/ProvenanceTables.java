package dev.fencepost.internal.sql;

import dev.fencepost.Page;
import dev.fencepost.ReadDependency;
import dev.fencepost.RefusalRecord;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and writes the rows of what commits rested on, and of who was refused, through one session. */
public final class ProvenanceTables {
    private final Session session;

    public ProvenanceTables(Session session) {
        this.session = session;
    }

    /** Notes that a commit rests on something as it was at a place in the order of the store. */
    public void rests(long sequence, ReadDependency.Kind kind, String name, long at) {
        session.change(EventStatements.INSERT_READ, sequence, kind.name().toLowerCase(Locale.ROOT), name, at);
    }

    /**
     * One reason for which somebody was refused.
     *
     * @param kind the code of the error
     * @param name what it was about
     * @param by who stood in the way, if anybody is known to
     * @param bySequence by which commit; 0 if none is known
     */
    public record Reason(String kind, String name, @Nullable String by, long bySequence, String message) {}

    /** Notes that somebody was refused. */
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
     * What a commit rested on, as far as that was kept.
     *
     * @param after the number of those to pass over, which does not change
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
     * The refusals, newest first.
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
