package dev.fencepost.internal.sqlite;

import dev.fencepost.internal.engine.StateToken;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The header of SQLite's WAL-index, mapped from the {@code -shm} file: reading it takes no system call.
 *
 * <h2>Format</h2>
 *
 * The file begins with two copies of a header of 48 bytes (SQLite: 'WAL-mode File Format', section 2.1). The header has
 * the version of the format, a counter of changes, the number of valid frames in the log, the number of pages in the
 * database, the checksum of the last frame, the log's salts, and a checksum of all that. A commit writes the second
 * copy and then the first before it returns. So if the first copy is unchanged since it was noted, no commit of any
 * process has returned since.
 *
 * <p>The counter alone does not suffice: it restarts when SQLite recovers from a process that died. All six words are
 * compared, and so the checksums and the salts.
 *
 * <h2>Validity</h2>
 *
 * The header is valid only while its owner keeps a connection open that has read: SQLite then neither truncates nor
 * removes the file. (There is no protection from another program that truncates it: SQLite has it mapped too, and the
 * process ends there.) Afterwards the header has no meaning, but can still be read.
 *
 * <p>Safe for use by many threads.
 */
final class WalIndex {
    /** The length in bytes of two copies of the header, and of the progress of checkpoints. */
    static final int BYTES = 136;

    /** The indices of the words whose lower halves are the number of copied frames, and of frames to copy. */
    private static final int COPIED = 12;

    private static final int TO_COPY = 16;

    /** The number of words of eight bytes in one copy of the header. */
    private static final int COPY = 6;

    private static final int FORMAT = 3_007_000;
    private static final long FORMAT_MASK = 0xffff_ffffL;
    private static final long LOW = 0xffff_ffffL;
    private static final long INITIALISED_MASK = 0xff_0000_0000L;
    private static final int MOST_TRIES = 100;
    private static final int PAGE_BYTES_SHIFT = 48;
    private static final long LARGEST_PAGE = 65_536;

    /** No header. It has the same class as the mapped words, so reads need not distinguish classes. */
    private static final LongBuffer CLOSED =
            wordsOf(ByteBuffer.allocateDirect(BYTES).asReadOnlyBuffer());

    /** The header as it was at one moment, as six words. */
    record Header(long format, long changes, long size, long lastFrame, long salts, long checksum)
            implements StateToken {
        /**
         * Returns whether exactly one commit lies between an earlier header and this one. Each commit adds one to the
         * counter and at least one frame to the log. The counter restarts at 0 when SQLite recovers from a process that
         * died. In that case there are at least as many new frames as the counter says.
         *
         * <p>The answer can be wrongly false: for a commit of more frames than there were commits, or for one that
         * restarted the log.
         */
        @Override
        public boolean isNextAfter(StateToken earlier) {
            Header before = (Header) earlier;
            long added = frames() - before.frames();
            return salts == before.salts && counter() == before.counter() + 1 && added > 0 && added < counter();
        }

        /** Returns the number of valid frames in the log. */
        long frames() {
            return size & LOW;
        }

        /** Returns the size of a page, and so of the content of a frame, in bytes. */
        long pageBytes() {
            long bytes = changes >>> PAGE_BYTES_SHIFT;
            return bytes == 1 ? LARGEST_PAGE : bytes;
        }

        /** Returns the number of commits since the index was recreated. */
        long counter() {
            return changes & LOW;
        }

        private boolean isKnown() {
            return (format & FORMAT_MASK) == FORMAT && (changes & INITIALISED_MASK) != 0;
        }
    }

    /**
     * The progress of checkpoints in one log.
     *
     * @param salts the salts of the log; another log has others
     * @param copied the number of frames that were copied into the database file
     * @param toCopy the number of frames that the last checkpoint was to copy
     */
    record Progress(long salts, long copied, long toCopy) {
        /** Tells whether no checkpoint is running, and the last one was not cut short. */
        boolean isComplete() {
            return copied == toCopy;
        }
    }

    /**
     * The mapped words. Not final, so that the memory can be unmapped; a thread that still reads the old words keeps
     * them mapped.
     */
    private LongBuffer words;

    private final Consumer<Runnable> release;

    /**
     * Creates an index over mapped bytes.
     *
     * @param release closes the connection that kept the file, once, and ends the use of the file
     */
    WalIndex(ByteBuffer mapped, Consumer<Runnable> release) {
        this.words = wordsOf(mapped);
        this.release = release;
    }

    private static LongBuffer wordsOf(ByteBuffer bytes) {
        return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    }

    /**
     * Returns the present header. Empty if a process is writing it or died while doing so, or if its format is unknown.
     */
    Optional<Header> header() {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            // In the opposite order of writing, so that two equal copies are not a mixture.
            VarHandle.loadLoadFence();
            Header first = copy(0);
            VarHandle.loadLoadFence();
            if (first.equals(copy(COPY))) {
                return first.isKnown() ? Optional.of(first) : Optional.empty();
            }
            Thread.onSpinWait();
        }
        return Optional.empty();
    }

    /**
     * Returns whether the header is the same as an earlier one; if so, no commit has returned in between. All earlier
     * reads of the caller happen before the header is read.
     */
    boolean is(Header noted) {
        // Neither the compiler nor the processor may read one of these words before this point.
        VarHandle.loadLoadFence();
        LongBuffer present = words;
        return present.get(1) == noted.changes
                && present.get(2) == noted.size
                && present.get(3) == noted.lastFrame
                && present.get(4) == noted.salts
                && present.get(5) == noted.checksum
                && present.get(0) == noted.format;
    }

    /** Returns the progress of checkpoints; empty if it is not available. */
    Optional<Progress> progress() {
        LongBuffer present = words;
        if (present.capacity() <= TO_COPY) {
            return Optional.empty();
        }
        // In the opposite order of writing: a checkpoint writes the number of copied frames last.
        VarHandle.loadLoadFence();
        long copied = present.get(COPIED) & LOW;
        VarHandle.loadLoadFence();
        long toCopy = present.get(TO_COPY) & LOW;
        VarHandle.loadLoadFence();
        return header().map(header -> new Progress(header.salts(), copied, toCopy));
    }

    private Header copy(int at) {
        LongBuffer present = words;
        return new Header(
                present.get(at),
                present.get(at + 1),
                present.get(at + 2),
                present.get(at + 3),
                present.get(at + 4),
                present.get(at + 5));
    }

    /**
     * Closes the connection that kept the file, and ends the use of the index. From then on there is no header, and
     * {@link #is} returns false. The garbage collector unmaps the memory, since only it knows when no thread reads it.
     * Idempotent.
     *
     * @param connection closes the connection
     */
    void closeWith(Runnable connection) {
        words = CLOSED;
        release.accept(connection);
    }
}
