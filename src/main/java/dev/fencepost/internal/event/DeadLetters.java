package dev.fencepost.internal.event;

import dev.fencepost.Claim;
import dev.fencepost.ClaimResult;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Page;
import dev.fencepost.event.ClaimedBatch;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.DeadLetter;
import dev.fencepost.internal.sql.Bounds;
import dev.fencepost.internal.sql.CursorTables;
import dev.fencepost.internal.sql.DeadLetterRow;
import dev.fencepost.internal.sql.LogRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Lists, claims and discards the dead letters of cursors. Safe for use by many threads. */
final class DeadLetters {
    private final DefaultChangeFeed.Parts parts;

    DeadLetters(DefaultChangeFeed.Parts parts) {
        this.parts = parts;
    }

    Page<DeadLetter> list(String cursor, long after, int limit) {
        return parts.reads()
                .read(session -> new CursorTables(session).letters(cursor, after, Bounds.page(limit)))
                .map(row -> letter(cursor, row));
    }

    private static DeadLetter letter(String cursor, DeadLetterRow row) {
        LogRow change = row.change();
        return new DeadLetter(
                cursor,
                change.id(),
                change.name(),
                change.stamp().version(),
                change.event(),
                change.text(),
                change.sequence(),
                row.attempts(),
                row.reason(),
                Instant.ofEpochMilli(row.parkedAt()));
    }

    /** Claims a dead letter under the claim of its cursor; empty if other consumers held that for the whole wait. */
    <E> Optional<ClaimedBatch<E>> take(DefaultChangeFeed feed, Cursor<E> cursor, long id, Duration wait) {
        ClaimResult asked =
                parts.claims().claim(feed.agent(), List.of(CursorLease.key(cursor.name())), cursor.lease(), wait);
        if (asked instanceof ClaimResult.Busy) {
            return Optional.empty();
        }
        Claim claim = asked.orThrow();
        boolean taken = false;
        try {
            ChangeReader<E> reading = ChangeReader.of(cursor.source());
            CursorLease.refuseOther(cursor, reading, feed.find(cursor.name()));
            LogRow change = parts.reads()
                    .read(session -> new CursorTables(session).letter(cursor.name(), id))
                    .orElseThrow(() -> missing(cursor.name(), id))
                    .change();
            ClaimedBatch<E> batch = new ClaimedDeadLetter<>(cursor.name(), claim, change, reading.decode(change));
            taken = true;
            return Optional.of(batch);
        } finally {
            if (!taken) {
                claim.close();
            }
        }
    }

    void discard(String cursor, long id) {
        boolean there = parts.queue().submit(scope -> scope.feed().dropLetter(cursor, id));
        if (!there) {
            throw missing(cursor, id);
        }
    }

    /** Refuses a cursor that has dead letters. */
    void refuseAny(String cursor) {
        long count = parts.reads().read(session -> new CursorTables(session).countLetters(cursor));
        if (count > 0) {
            throw new InvalidInputException("The cursor '" + cursor + "' has " + count
                    + " dead letters, which would be lost; handle or discard them first");
        }
    }

    static InvalidInputException missing(String cursor, long id) {
        return new InvalidInputException("The cursor '" + cursor + "' has no dead letter " + id
                + "; it was never parked, or has been handled or discarded");
    }
}
