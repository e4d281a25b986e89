package dev.fencepost.internal.event;

import dev.fencepost.Batch;
import dev.fencepost.Change;
import dev.fencepost.ChangeSource;
import dev.fencepost.Event;
import dev.fencepost.EventCodec;
import dev.fencepost.EventStream;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Page;
import dev.fencepost.internal.sql.Bounds;
import dev.fencepost.internal.sql.CursorRow;
import dev.fencepost.internal.sql.CursorTables;
import dev.fencepost.internal.sql.CursorTables.Log;
import dev.fencepost.internal.sql.CursorTables.Place;
import dev.fencepost.internal.sql.LogRow;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.VersionRow;
import dev.fencepost.internal.sql.VersionTables;
import java.util.List;
import java.util.Optional;

/**
 * Reads one source out of the order of commits, whole commits at a time.
 *
 * <p>It asks several times, and others commit in between. So where the reading ends is asked first: up to there all
 * commits are in the file then, and in all that is read after it. Whether something was let go is asked last: what was
 * let go before the reading is known by then.
 *
 * @param <E> what a change is read as
 */
abstract class ChangeReader<E> {
    /** Entries of the log that one reading looks at, whether they are of its source or not. */
    private static final int SPAN = 5_000;

    private final Log log;
    private final String name;

    private ChangeReader(Log log, String name) {
        this.log = log;
        this.name = name;
    }

    /** How a source is read. */
    @SuppressWarnings("unchecked") // what a source reads is in its type, which sealed types do not carry through
    static <E> ChangeReader<E> of(ChangeSource<E> source) {
        if (source instanceof ChangeSource.Values<?> values) {
            return (ChangeReader<E>) values(values);
        } else if (source instanceof ChangeSource.Events<?> events) {
            return (ChangeReader<E>) events(Log.EVENTS, events.name(), events.codec());
        }
        ChangeSource.OneStream<?> one = (ChangeSource.OneStream<?>) source;
        return (ChangeReader<E>) events(Log.STREAM, one.name(), one.stream().codec());
    }

    private static <T> ChangeReader<Change<T>> values(ChangeSource.Values<T> source) {
        return new ChangeReader<>(Log.VALUES, source.name()) {
            @Override
            Page<LogRow> rows(CursorTables tables, long from, long to, Bounds bounds) {
                return tables.versions(from, to, source.name(), bounds);
            }

            @Override
            Change<T> decode(LogRow row) {
                VersionRow version = row.version();
                return version.change(version.typed(source.prefix().codec()));
            }
        };
    }

    private static <T> ChangeReader<Event<T>> events(Log log, String name, EventCodec<T> codec) {
        return new ChangeReader<>(log, name) {
            @Override
            Page<LogRow> rows(CursorTables tables, long from, long to, Bounds bounds) {
                return tables.events(log, from, to, name, bounds);
            }

            @Override
            Event<T> decode(LogRow row) {
                return row.asEvent().in(new EventStream<>(row.name(), codec));
            }
        };
    }

    /**
     * Changes that were read, still as text, so that one that cannot be decoded does not keep back the others.
     *
     * @param after the place after which they come
     * @param through the place up to which they go
     * @param more whether there were commits after that
     */
    record Entries(List<LogRow> rows, long after, long through, boolean more) {
        Entries {
            rows = List.copyOf(rows);
        }

        boolean isEmpty() {
            return rows.isEmpty();
        }

        /** Returns those after an entry of the log. */
        Entries afterEntry(long entry) {
            return new Entries(rows.stream().filter(row -> row.id() > entry).toList(), after, through, more);
        }

        /** Returns the same, as they were asked for after another place. */
        Entries since(long place) {
            return new Entries(rows, place, through, more);
        }
    }

    /** Decodes all of them. */
    final Batch<E> decode(Entries entries) {
        return new Batch<>(
                entries.rows().stream().map(this::decode).toList(), entries.after(), entries.through(), entries.more());
    }

    abstract Page<LogRow> rows(CursorTables tables, long from, long to, Bounds bounds);

    /** Decodes a change, through the codec of the source. */
    abstract E decode(LogRow row);

    Log log() {
        return log;
    }

    String name() {
        return name;
    }

    /** Whether it reads what a cursor reads. */
    boolean isOf(CursorRow cursor) {
        return cursor.source().equals(log.word()) && cursor.prefix().equals(name);
    }

    /** What is no longer kept after a place, if anything. */
    Optional<Long> evictedAfter(Session session, long sequence) {
        return new CursorTables(session).evictedAfter(log, sequence, name);
    }

    /**
     * Changes after a place. If there are none among the entries that it looks at, the batch is empty, and goes as far as it
     * has looked.
     *
     * @throws InvalidInputException if the place is beyond the newest commit
     */
    Entries read(Session session, long after, int limit) {
        CursorTables tables = new CursorTables(session);
        long last = new VersionTables(session).lastSequence();
        if (after > last) {
            throw new InvalidInputException("Changes are to be read after sequence " + after
                    + ", and the newest commit is " + last + ". Begin there, or earlier; if " + after
                    + " was there once, the store has lost a part of its history");
        }
        long from = tables.firstAfter(log, after);
        for (long span = SPAN; ; span *= 2) {
            Optional<Place> next = tables.from(log, from + span);
            long through = next.map(place -> place.sequence() - 1).orElse(last);
            if (through > after || next.isEmpty()) {
                return read(tables, new Range(from, from + span, after, through), last, limit);
            }
            // One commit has more entries than that.
        }
    }

    /** Entries by their numbers, and the places that they are surely whole for. */
    private record Range(long from, long to, long after, long through) {}

    private Entries read(CursorTables tables, Range range, long last, int limit) {
        Page<LogRow> found = rows(tables, range.from(), range.to(), Bounds.page(limit + 1));
        long through = range.through();
        if (found.size() > limit || found.more()) {
            // The commit of the last entry, which may have further entries.
            long cut = found.last().orElseThrow().sequence();
            if (found.get(0).sequence() < cut) {
                through = Math.min(through, cut - 1);
            } else {
                // The first commit alone is longer.
                through = cut;
                found = rows(tables, range.from(), tables.firstAfter(log, cut), Bounds.oneCommit());
            }
        }
        long end = through;
        List<LogRow> changes =
                found.stream().filter(row -> row.sequence() <= end).toList();
        return new Entries(changes, range.after(), end, end < last);
    }

    /** How many changes there are after a place, as far as they are counted; without reading them. */
    long count(Session session, long after, int most) {
        CursorTables tables = new CursorTables(session);
        return tables.count(log, tables.firstAfter(log, after), name, most);
    }
}
