package dev.fencepost.internal.sql;

import dev.fencepost.Page;
import java.util.Optional;

/** Reads and writes the rows of streams and their events through one session. */
public final class EventTables {
    private final Session session;

    public EventTables(Session session) {
        this.session = session;
    }

    /**
     * A stream as it stands.
     *
     * @param id 0 for a stream that has no row
     * @param events the number of the newest event
     * @param sequence of the newest event
     * @param began the sequence of the first event; 0 if there is none
     * @param keptFrom the number of the oldest event that is kept
     */
    public record Head(long id, String stream, long events, long sequence, long began, long keptFrom) {}

    /** The stream as it stands; never empty. */
    public Head head(String stream) {
        return session.first(
                        EventStatements.HEAD,
                        (rs, ctx) -> new Head(
                                rs.getLong(1),
                                rs.getString(2),
                                rs.getLong(3),
                                rs.getLong(4),
                                rs.getLong(5),
                                rs.getLong(6)),
                        stream)
                .orElseGet(() -> new Head(0, stream, 0, 0, 0, 1));
    }

    /** The stream as it stands, with a row that is made now if it has none. */
    public Head makeHead(String stream) {
        Head head = head(stream);
        if (head.id() > 0) {
            return head;
        }
        session.change(EventStatements.INSERT_STREAM, stream);
        return head(stream);
    }

    /** The event of this name, if it is kept. */
    public Optional<EventRow> named(String stream, String event) {
        return session.first(EventStatements.EVENT_NAMED, (rs, ctx) -> EventRow.of(rs), stream, event);
    }

    /** Whether a stream has grown after a place in the order of the store, and if so, its newest event. */
    public Optional<VersionTables.Changed> appendedAfter(String stream, long sequence) {
        return session.first(
                EventStatements.APPENDED_AFTER,
                (rs, ctx) -> new VersionTables.Changed(rs.getString(1), rs.getLong(2), rs.getString(3)),
                stream,
                sequence);
    }

    /** Appends an event; the schema's triggers refuse what does not follow. */
    public void insert(Head head, long number, long sequence, String event, int shape, String text) {
        session.change(EventStatements.INSERT_EVENT, head.id(), number, sequence, event, shape, text);
    }

    /** Events with greater numbers than one, up to a place in the order of the store, in order. */
    public Page<EventRow> after(String stream, long number, long sequence, Bounds bounds) {
        return session.page(
                EventStatements.EVENTS_AFTER, bounds, (rs, ctx) -> EventRow.of(rs), stream, number, sequence);
    }

    /** What a fold came to when it was last kept. */
    public record Kept(long number, String text) {}

    /** What a fold of this version came to when it was last kept. */
    public Optional<Kept> folded(String stream, String fold, int version) {
        return session.first(
                EventStatements.FOLDED,
                (rs, ctx) -> new Kept(rs.getLong(1), StrictText.of(rs, 2)),
                stream,
                fold,
                version);
    }

    /** Keeps what a fold came to, unless what is kept is newer. */
    public void saveFold(String stream, String fold, int version, long number, String text) {
        session.change(EventStatements.SAVE_FOLD, fold, version, number, text, stream);
    }
}
