package dev.fencepost.internal.event;

import dev.fencepost.Change;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Page;
import dev.fencepost.event.Batch;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventCodec;
import dev.fencepost.event.EventStream;
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
 * Reads one source in the order of commits, whole commits at a time.
 *
 * <p>A read takes several queries, and other processes commit in between. The end of the read is queried first: all
 * commits up to there are then in the file, and in all later queries. Pruning is queried last, so that everything
 * pruned before the read is known.
 *
 * @param <E> the type of a decoded change
 */
abstract class ChangeReader<E> {
    /** The number of entries of the log that one read examines, of its source or not. */
    private static final int SPAN = 5_000;

    private final Log log;
    private final String name;

    private ChangeReader(Log log, String name) {
        this.log = log;
        this.name = name;
    }

    /** Returns the reader of a source. */
    @SuppressWarnings("unchecked") // sealed types do not carry the type of change
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
     * Changes that were read, still encoded, so that a change that cannot be decoded does not block the others.
     *
     * @param after the sequence after which they were read
     * @param through the sequence up to which they were read
     * @param more whether there were commits after that
     */
    record Entries(List<LogRow> rows, long after, long through, boolean more) {
        Entries {
            rows = List.copyOf(rows);
        }

        boolean isEmpty() {
            return rows.isEmpty();
        }

        /** Returns the changes after an entry of the log. */
        Entries afterEntry(long entry) {
            return new Entries(rows.stream().filter(row -> row.id() > entry).toList(), after, through, more);
        }

        /** Returns the same changes, as if they had been read after another sequence. */
        Entries since(long place) {
            return new Entries(rows, place, through, more);
        }
    }

    /** Decodes all changes. */
    final Batch<E> decode(Entries entries) {
        return new Batch<>(
                entries.rows().stream().map(this::decode).toList(), entries.after(), entries.through(), entries.more());
    }

    abstract Page<LogRow> rows(CursorTables tables, long from, long to, Bounds bounds);

    abstract E decode(LogRow row);

    Log log() {
        return log;
    }

    String name() {
        return name;
    }

    /** Returns whether it reads the source of a cursor. */
    boolean isOf(CursorRow cursor) {
        return cursor.source().equals(log.word()) && cursor.prefix().equals(name);
    }

    /** Returns the last sequence through which changes after a place were pruned; empty if none were. */
    Optional<Long> evictedAfter(Session session, long sequence) {
        return new CursorTables(session).evictedAfter(log, sequence, name);
    }

    /**
     * Reads the changes after a place. If none of the entries that it examines is of its source, the result is empty,
     * and goes as far as it has examined.
     *
     * @throws InvalidInputException if the place is beyond the newest commit
     */
    Entries read(Session session, long after, int limit) {
        CursorTables tables = new CursorTables(session);
        long last = new VersionTables(session).lastSequence();
        if (after > last) {
            throw new InvalidInputException("The read begins after sequence " + after
                    + ", but the newest commit is " + last + ". Begin there or earlier; if " + after
                    + " existed before, the store has lost a part of its history");
        }
        long from = tables.firstAfter(log, after);
        for (long span = SPAN; ; span *= 2) {
            Optional<Place> next = tables.from(log, from + span);
            long through = next.map(place -> place.sequence() - 1).orElse(last);
            if (through > after || next.isEmpty()) {
                return read(tables, new Range(from, from + span, after, through), last, limit);
            }
            // One commit has more entries than the span.
        }
    }

    /** A range of entries by their numbers, and the sequences for which it has whole commits. */
    private record Range(long from, long to, long after, long through) {}

    private Entries read(CursorTables tables, Range range, long last, int limit) {
        Page<LogRow> found = rows(tables, range.from(), range.to(), Bounds.page(limit + 1));
        long through = range.through();
        if (found.size() > limit || found.more()) {
            // The commit of the last entry may have further entries.
            long cut = found.last().orElseThrow().sequence();
            if (found.get(0).sequence() < cut) {
                through = Math.min(through, cut - 1);
            } else {
                // The first commit alone exceeds the limit.
                through = cut;
                found = rows(tables, range.from(), tables.firstAfter(log, cut), Bounds.oneCommit());
            }
        }
        long end = through;
        List<LogRow> changes =
                found.stream().filter(row -> row.sequence() <= end).toList();
        return new Entries(changes, range.after(), end, end < last);
    }

    /** Returns the number of changes after a place, up to a maximum, without reading them. */
    long count(Session session, long after, int most) {
        CursorTables tables = new CursorTables(session);
        return tables.count(log, tables.firstAfter(log, after), name, most);
    }
}
