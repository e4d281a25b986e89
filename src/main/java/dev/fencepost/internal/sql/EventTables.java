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
     * The current state of a stream.
     *
     * @param id the ID of its row; 0 if it has none
     * @param events the number of the newest event
     * @param sequence the sequence of the newest event
     * @param began the sequence of the first event; 0 if there is none
     * @param keptFrom the number of the oldest retained event
     */
    public record Head(long id, String stream, long events, long sequence, long began, long keptFrom) {}

    /** Returns the current state of a stream, also if it has no row. */
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

    /** Returns the current state of a stream, and inserts its row if it has none. */
    public Head makeHead(String stream) {
        Head head = head(stream);
        if (head.id() > 0) {
            return head;
        }
        session.change(EventStatements.INSERT_STREAM, stream);
        return head(stream);
    }

    /** Returns the event with an ID, if it is retained. */
    public Optional<EventRow> named(String stream, String event) {
        return session.first(EventStatements.EVENT_NAMED, (rs, ctx) -> EventRow.of(rs), stream, event);
    }

    /** Returns the newest event of a stream if it was appended after a sequence; otherwise empty. */
    public Optional<VersionTables.Changed> appendedAfter(String stream, long sequence) {
        return session.first(
                EventStatements.APPENDED_AFTER,
                (rs, ctx) -> new VersionTables.Changed(rs.getString(1), rs.getLong(2), rs.getString(3)),
                stream,
                sequence);
    }

    /** Appends an event. The schema's triggers refuse one that does not follow the newest. */
    public void insert(Head head, long number, long sequence, String event, int shape, String text) {
        session.change(EventStatements.INSERT_EVENT, head.id(), number, sequence, event, shape, text);
    }

    /** Returns the events after a number, up to a sequence (inclusive), ordered by number. */
    public Page<EventRow> after(String stream, long number, long sequence, Bounds bounds) {
        return session.page(
                EventStatements.EVENTS_AFTER, bounds, (rs, ctx) -> EventRow.of(rs), stream, number, sequence);
    }

    /** The saved state of a fold, with the number of its last event. */
    public record Kept(long number, String text) {}

    /** Returns the saved state of a version of a fold. */
    public Optional<Kept> folded(String stream, String fold, int version) {
        return session.first(
                EventStatements.FOLDED,
                (rs, ctx) -> new Kept(rs.getLong(1), StrictText.of(rs, 2)),
                stream,
                fold,
                version);
    }

    /** Saves the state of a fold, unless the saved state is newer. */
    public void saveFold(String stream, String fold, int version, long number, String text) {
        session.change(EventStatements.SAVE_FOLD, fold, version, number, text, stream);
    }
}
