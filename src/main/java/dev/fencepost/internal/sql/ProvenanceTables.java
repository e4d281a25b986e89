package dev.fencepost.internal.sql;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes the rows of what commits rested on, and of who was refused, through one session. */
public final class ProvenanceTables {
    private final Session session;

    public ProvenanceTables(Session session) {
        this.session = session;
    }

    /** What kind of thing was read. */
    public enum Kind {
        KEY,
        PREFIX,
        STREAM;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Notes that a commit rests on something as it was at a place in the order of the store. */
    public void rests(long sequence, Kind kind, String name, long at) {
        session.change(EventStatements.INSERT_READ, sequence, kind.word(), name, at);
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
}
