package dev.fencepost;

import java.time.Duration;

/**
 * A named place in the order of the store, kept in the file, and what is read after it. Whoever consumes by it holds a claim
 * on the key {@code cursor:} and its name, so that there is one at a time and a zombie's acknowledgement is refused; the
 * others wait, first come, first served, and take turns. Immutable; each {@code with} method gives a changed copy.
 *
 * @param name 1 to 200 bytes of UTF-8 without control characters
 * @param source what is read; a cursor keeps that with which it began
 * @param after the place after which it begins, when it is used for the first time; 0 is the very beginning. To begin with
 *     the present state, read it through a {@link Snapshot}, and begin after the snapshot's sequence
 * @param batch how many changes are read at one time, from 1 to 10,000; more if one commit has more
 * @param lease of the claim; see {@link Lease}
 * @param compacted whether versions that {@link Retention} has let go before they were read are passed by. Each of them was
 *     followed by a newer one of the same key, so this is for those to whom only the newest matters; others are told, by
 *     {@link CursorOvertakenException}
 */
public record Cursor<E>(String name, ChangeSource<E> source, long after, int batch, Lease lease, boolean compacted) {
    private static final int MOST = 10_000;
    private static final int USUAL = 100;
    private static final Duration LEASE = Duration.ofSeconds(30);

    /**
     * A cursor.
     *
     * @throws InvalidInputException if something is out of bounds, or events are to be passed by
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
                    + "' is to pass by events that were let go; no newer event stands for them, so read them in time");
        }
    }

    /** A cursor from the very beginning, with a batch of 100 changes and a lease of 30 seconds. */
    public static <E> Cursor<E> of(String name, ChangeSource<E> source) {
        return new Cursor<>(name, source, 0, USUAL, Lease.of(LEASE), false);
    }

    /** Begins after another place, if it does not exist yet. */
    public Cursor<E> withStart(long sequence) {
        return new Cursor<>(name, source, sequence, batch, lease, compacted);
    }

    /** Reads so many changes at a time. */
    public Cursor<E> withBatch(int changes) {
        return new Cursor<>(name, source, after, changes, lease, compacted);
    }

    /** Consumes under another lease. */
    public Cursor<E> withLease(Lease value) {
        return new Cursor<>(name, source, after, batch, value, compacted);
    }

    /** Passes by versions that were let go before they were read. */
    public Cursor<E> asCompacted() {
        return new Cursor<>(name, source, after, batch, lease, true);
    }
}
