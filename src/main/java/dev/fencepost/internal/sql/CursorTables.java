package dev.fencepost.internal.sql;

import dev.fencepost.Page;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;

/** Reads the log of changes, and reads and writes the rows of cursors, through one session. */
public final class CursorTables {
    private final Session session;

    public CursorTables(Session session) {
        this.session = session;
    }

    /** A log of changes: versions of keys, events of all streams, or events of one stream. */
    public enum Log {
        VALUES(CursorStatements.VERSION_FROM),
        EVENTS(CursorStatements.EVENT_FROM),
        STREAM(CursorStatements.EVENT_FROM);

        private final String from;

        Log(String from) {
            this.from = from;
        }

        /** Returns the name of the log in the file. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The number of a log entry, and the sequence of its commit. */
    public record Place(long id, long sequence) {}

    /** Returns the first entry at or after a number. */
    public Optional<Place> from(Log log, long id) {
        return session.first(log.from, (rs, ctx) -> new Place(rs.getLong(1), rs.getLong(2)), id);
    }

    /** Returns a number up to the first log entry after a sequence, and beyond all entries of commits up to it. */
    public long firstAfter(Log log, long sequence) {
        return log == Log.VALUES
                ? Math.max(1, session.number(CursorStatements.AFTER_COMMIT, sequence))
                : firstEventAfter(log, sequence);
    }

    /** Uses an exponential search from the end, where most readers are, and then a binary search. */
    private long firstEventAfter(Log log, long sequence) {
        long high = session.number(CursorStatements.LAST_EVENT) + 1;
        long low = 1;
        for (long step = 1; low < high; step *= 2) {
            long probe = Math.max(high - step, low);
            Place found = from(log, probe).orElse(new Place(high, Long.MAX_VALUE));
            if (found.sequence() <= sequence) {
                low = found.id() + 1;
                break;
            }
            high = probe;
        }
        while (low < high) {
            long middle = low + (high - low) / 2;
            Place found = from(log, middle).orElse(new Place(high, Long.MAX_VALUE));
            if (found.sequence() > sequence) {
                high = middle;
            } else {
                low = found.id() + 1;
            }
        }
        return low;
    }

    /**
     * Returns versions of keys with a prefix, ordered by log number, from {@code from} (inclusive) to {@code to}
     * (exclusive).
     */
    public Page<LogRow> versions(long from, long to, String prefix, Bounds bounds) {
        RowMapper<LogRow> mapper = (rs, ctx) -> LogRow.ofVersion(rs);
        return PrefixRange.end(prefix)
                .map(end -> session.page(CursorStatements.VERSIONS_IN, bounds, mapper, from, to, prefix, end))
                .orElseGet(() -> session.page(CursorStatements.VERSIONS_ALL, bounds, mapper, from, to, prefix));
    }

    /**
     * Returns events of streams with a prefix, or of one stream, ordered by log number, from {@code from} (inclusive)
     * to {@code to} (exclusive).
     */
    public Page<LogRow> events(Log log, long from, long to, String name, Bounds bounds) {
        RowMapper<LogRow> mapper = (rs, ctx) -> LogRow.ofEvent(rs);
        if (log == Log.STREAM) {
            return session.page(CursorStatements.EVENTS_OF, bounds, mapper, from, to, name, name);
        }
        return PrefixRange.end(name)
                .map(end -> session.page(CursorStatements.EVENTS_IN, bounds, mapper, from, to, name, end))
                .orElseGet(() -> session.page(CursorStatements.EVENTS_ALL, bounds, mapper, from, to, name));
    }

    /**
     * Returns the number of versions or events with a name or prefix, from a log number on, but at most {@code most}.
     */
    public long count(Log log, long from, String name, int most) {
        boolean values = log == Log.VALUES;
        if (log == Log.STREAM) {
            return session.number(CursorStatements.COUNT_EVENTS_OF, from, name, name, most);
        }
        return PrefixRange.end(name)
                .map(end -> session.number(
                        values ? CursorStatements.COUNT_VERSIONS_IN : CursorStatements.COUNT_EVENTS_IN,
                        from,
                        name,
                        end,
                        most))
                .orElseGet(() -> session.number(
                        values ? CursorStatements.COUNT_VERSIONS_ALL : CursorStatements.COUNT_EVENTS_ALL,
                        from,
                        name,
                        most));
    }

    /**
     * Returns the newest sequence after the given one of which entries were pruned. Call it after the read that it
     * checks: pruned entries never return, so it misses no prune before that read.
     *
     * @return empty if nothing after the given sequence was pruned
     */
    public Optional<Long> evictedAfter(Log log, long sequence, String name) {
        boolean values = log == Log.VALUES;
        long evicted;
        if (log == Log.STREAM) {
            evicted = session.number(CursorStatements.EVICTED_EVENTS_OF, sequence, name, name);
        } else {
            String bounded = values ? CursorStatements.EVICTED_VERSIONS_IN : CursorStatements.EVICTED_EVENTS_IN;
            String all = values ? CursorStatements.EVICTED_VERSIONS_ALL : CursorStatements.EVICTED_EVENTS_ALL;
            evicted = PrefixRange.end(name)
                    .map(end -> session.number(bounded, sequence, name, end))
                    .orElseGet(() -> session.number(all, sequence, name));
        }
        return evicted == 0 ? Optional.empty() : Optional.of(evicted);
    }

    /** Returns the cursor with a name. */
    public Optional<CursorRow> cursor(String name) {
        return session.first(CursorStatements.CURSOR_NAMED, (rs, ctx) -> CursorRow.of(rs), name);
    }

    /**
     * Returns a page of cursors, ordered by name.
     *
     * @param after the name after which the page begins; empty for the first page
     */
    public Page<CursorRow> cursors(String after, Bounds bounds) {
        return session.page(CursorStatements.CURSORS, bounds, (rs, ctx) -> CursorRow.of(rs), after);
    }

    /** Inserts the row of a new cursor. Its key must have a row. */
    public void insertCursor(CursorRow cursor, long sequence) {
        session.change(
                CursorStatements.INSERT_CURSOR,
                cursor.cursor(),
                cursor.source(),
                cursor.prefix(),
                cursor.at(),
                sequence,
                cursor.key());
    }

    /** Moves a cursor. The schema's trigger refuses the change without the claim. */
    public void move(String cursor, long at, long sequence) {
        session.change(CursorStatements.MOVE_CURSOR, at, sequence, cursor);
    }

    /**
     * Records the progress of a cursor within a commit, after the cursor was moved.
     *
     * @param handled the newest log entry that was handled
     * @param attempts the number of failed attempts at the next change
     */
    public void progress(String cursor, long handled, int attempts) {
        session.change(CursorStatements.INSERT_PROGRESS, handled, attempts, cursor);
    }

    /**
     * Saves a change that a subscription gave up as a dead letter. The schema's trigger refuses it without the claim.
     */
    public void park(String cursor, DeadLetterRow letter) {
        LogRow change = letter.change();
        session.change(
                CursorStatements.PARK,
                change.id(),
                change.name(),
                change.stamp().version(),
                change.sequence(),
                change.stamp().writer(),
                change.stamp().committedAt().toEpochMilli(),
                change.event().orElse(null),
                change.shape(),
                change.text().orElse(null),
                letter.attempts(),
                letter.reason(),
                letter.parkedAt(),
                cursor);
    }

    /** Returns the dead letters of a cursor after a log entry, ordered by entry. */
    public Page<DeadLetterRow> letters(String cursor, long after, Bounds bounds) {
        return session.page(CursorStatements.LETTERS, bounds, (rs, ctx) -> DeadLetterRow.of(rs), cursor, after);
    }

    /** Returns the dead letter of a cursor for a log entry. */
    public Optional<DeadLetterRow> letter(String cursor, long entry) {
        return session.first(CursorStatements.LETTER, (rs, ctx) -> DeadLetterRow.of(rs), cursor, entry);
    }

    public long countLetters(String cursor) {
        return session.number(CursorStatements.COUNT_LETTERS, cursor);
    }

    /** Removes a dead letter. Returns whether there was one. */
    public boolean dropLetter(String cursor, long entry) {
        return session.change(CursorStatements.DROP_LETTER, entry, cursor) > 0;
    }

    public void drop(String cursor) {
        session.change(CursorStatements.DROP_CURSOR, cursor);
    }

    /** Tells whether requests wait for a claim on a key. */
    public boolean hasWaiters(String key) {
        return session.number(CursorStatements.HAS_WAITERS, key) > 0;
    }
}
