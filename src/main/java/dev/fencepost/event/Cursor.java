package dev.fencepost.event;

import dev.fencepost.InvalidInputException;
import dev.fencepost.Lease;
import dev.fencepost.Snapshot;
import dev.fencepost.history.Retention;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.internal.util.Names;
import java.time.Duration;

/**
 * A named position in the change feed, stored in the file. A consumer holds a claim on the key
 * {@code fencepost:cursor:} followed by the name. So there is one consumer at a time, and the acknowledgement of one that lost its claim is refused. Other
 * consumers wait, first come, first served. Immutable; each {@code with} method returns a changed copy.
 *
 * @param name 1 to 200 bytes of UTF-8 without control characters
 * @param source the changes to read; a cursor keeps the source with which it was first used
 * @param after the sequence after which the cursor begins when it is first used; 0 is before the first commit. To begin
 *     with the present state, read it through a {@link Snapshot}, and begin after the snapshot's sequence
 * @param batch the number of changes read at one time, from 1 to 10,000; more if one commit has more
 * @param lease the lease of the claim; see {@link Lease}
 * @param compacted whether to skip versions that {@link Retention} pruned before they were read. Each of them was
 *     followed by a newer version of the same key, so this suits consumers that need only the newest. Otherwise, pruned
 *     versions cause {@link CursorOvertakenException}
 */
public record Cursor<E>(String name, ChangeSource<E> source, long after, int batch, Lease lease, boolean compacted) {
    private static final int MOST = 10_000;
    private static final int USUAL = 100;
    private static final Duration LEASE = Duration.ofSeconds(30);

    /**
     * Creates a cursor with all its settings.
     *
     * @throws InvalidInputException if an argument is out of bounds, or {@code compacted} is set for a source of events
     */
    public Cursor {
        Names.checkCursor(name);
        Arguments.required(source, "source");
        Arguments.required(lease, "lease");
        if (after < 0 || batch < 1 || batch > MOST) {
            throw new InvalidInputException("The cursor '" + name + "' begins after " + after + " and reads " + batch
                    + " changes at a time; it must begin after 0 or more, and read 1 to " + MOST);
        }
        if (compacted && !(source instanceof ChangeSource.Values<?>)) {
            throw new InvalidInputException("The cursor '" + name
                    + "' skips pruned entries, but reads events. A later event does not replace a pruned one; skip"
                    + " only for values");
        }
    }

    /** Creates a cursor that begins before the first commit, with a batch of 100 changes and a lease of 30 seconds. */
    public static <E> Cursor<E> of(String name, ChangeSource<E> source) {
        return new Cursor<>(name, source, 0, USUAL, Lease.of(LEASE), false);
    }

    /** Returns a copy with another start. It has no effect on a cursor that exists already. */
    public Cursor<E> withStart(long sequence) {
        return new Cursor<>(name, source, sequence, batch, lease, compacted);
    }

    /** Returns a copy with another batch size. */
    public Cursor<E> withBatch(int changes) {
        return new Cursor<>(name, source, after, changes, lease, compacted);
    }

    /** Returns a copy with another lease. */
    public Cursor<E> withLease(Lease value) {
        return new Cursor<>(name, source, after, batch, value, compacted);
    }

    /** Returns a copy that skips versions that were pruned before they were read. */
    public Cursor<E> asCompacted() {
        return new Cursor<>(name, source, after, batch, lease, true);
    }
}
