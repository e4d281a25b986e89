package dev.fencepost.internal.sql;

import dev.fencepost.Page;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;

/** Reads the order of commits, and reads and writes the rows of cursors in it, through one session. */
public final class CursorTables {
    private final Session session;

    public CursorTables(Session session) {
        this.session = session;
    }

    /** What is read: versions of keys, or events of streams. */
    public enum Log {
        VALUES(CursorStatements.VERSION_FROM, CursorStatements.LAST_VERSION),
        EVENTS(CursorStatements.EVENT_FROM, CursorStatements.LAST_EVENT),
        STREAM(CursorStatements.EVENT_FROM, CursorStatements.LAST_EVENT);

        private final String from;
        private final String last;

        Log(String from, String last) {
            this.from = from;
            this.last = last;
        }

        /** As it stands in the file. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** An entry of the log, by its number there. */
    public record Place(long id, long sequence) {}

    /** The first entry from a number on. */
    public Optional<Place> from(Log log, long id) {
        return session.first(log.from, (rs, ctx) -> new Place(rs.getLong(1), rs.getLong(2)), id);
    }

    /**
     * The number in the log of the first entry after a place in the order of the store; one past the last if there is
     * none. Found by ever longer steps back from the end, where most readers are, and then by halving.
     */
    public long firstAfter(Log log, long sequence) {
        long high = session.number(log.last) + 1;
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

    /** Versions of keys with a prefix, by their numbers in the log, in order. */
    public Page<LogRow> versions(long from, long to, String prefix, Bounds bounds) {
        RowMapper<LogRow> mapper = (rs, ctx) -> LogRow.ofVersion(rs);
        return PrefixRange.end(prefix)
                .map(end -> session.page(CursorStatements.VERSIONS_IN, bounds, mapper, from, to, prefix, end))
                .orElseGet(() -> session.page(CursorStatements.VERSIONS_ALL, bounds, mapper, from, to, prefix));
    }

    /** Events of streams with a prefix, or of one stream, by their numbers in the log, in order. */
    public Page<LogRow> events(Log log, long from, long to, String name, Bounds bounds) {
        RowMapper<LogRow> mapper = (rs, ctx) -> LogRow.ofEvent(rs);
        if (log == Log.STREAM) {
            return session.page(CursorStatements.EVENTS_OF, bounds, mapper, from, to, name, name);
        }
        return PrefixRange.end(name)
                .map(end -> session.page(CursorStatements.EVENTS_IN, bounds, mapper, from, to, name, end))
                .orElseGet(() -> session.page(CursorStatements.EVENTS_ALL, bounds, mapper, from, to, name));
    }

    /** How many versions or events of that name there are, from a number in the log on; at most so many are counted. */
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
     * The newest place after a given one of which something is no longer kept. To be asked after what is kept was read:
     * what is let go does not come back.
     *
     * @return empty if nothing after that place was let go
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

    /** The cursor of this name. */
    public Optional<CursorRow> cursor(String name) {
        return session.first(CursorStatements.CURSOR_NAMED, (rs, ctx) -> CursorRow.of(rs), name);
    }

    /**
     * The cursors, in the order of their names.
     *
     * @param after the name after which to begin; empty begins with the first
     */
    public Page<CursorRow> cursors(String after, Bounds bounds) {
        return session.page(CursorStatements.CURSORS, bounds, (rs, ctx) -> CursorRow.of(rs), after);
    }

    /** Makes a row for a cursor that has none; its key must have one. */
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

    /** Moves a cursor; the schema's trigger refuses it without the claim. */
    public void move(String cursor, long at, long sequence) {
        session.change(CursorStatements.MOVE_CURSOR, at, sequence, cursor);
    }

    /**
     * Notes how far a cursor is in the middle of a commit, after it was moved.
     *
     * @param handled the newest entry of the log that is done
     * @param attempts the number of times that the next change has failed
     */
    public void progress(String cursor, long handled, int attempts) {
        session.change(CursorStatements.INSERT_PROGRESS, handled, attempts, cursor);
    }

    /** Keeps a change that a subscription gave up; the schema's trigger refuses it without the claim. */
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

    /** The dead letters of a cursor after an entry, in order. */
    public Page<DeadLetterRow> letters(String cursor, long after, Bounds bounds) {
        return session.page(CursorStatements.LETTERS, bounds, (rs, ctx) -> DeadLetterRow.of(rs), cursor, after);
    }

    /** The dead letter of a cursor for an entry of the log. */
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

    /** Whether somebody waits for a claim on a key. */
    public boolean hasWaiters(String key) {
        return session.number(CursorStatements.HAS_WAITERS, key) > 0;
    }
}
