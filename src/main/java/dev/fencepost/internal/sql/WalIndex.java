package dev.fencepost.internal.sql;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The header of SQLite's WAL-index, mapped from the {@code -shm} file: reading it takes no system call.
 *
 * <h2>What it says</h2>
 *
 * By SQLite's description of the format ('WAL-mode File Format', section 2.1) the file begins with two copies of a header
 * of 48 bytes: the format's version, a counter of changes, how many frames of the log count and how many pages the
 * database has, the checksum of the last frame, the log's salts, and a checksum of all that. A commit writes the second
 * copy and then the first before it returns. So whoever finds the first copy unchanged knows that no commit has returned
 * since it was noted, in any process. The counter alone would not do: it begins anew when a process that died is cleaned
 * up after. All six words are compared, each with its own, so that the checksums and salts are.
 *
 * <h2>When it may be believed</h2>
 *
 * Only while its owner has a connection open that has read: as long as there is one, SQLite neither truncates nor removes
 * the file. (Nothing is done about a stranger who truncates it: SQLite has it mapped too, and the process ends there.) After
 * that it says nothing, but can still be read.
 *
 * <p>Safe for use by many threads.
 */
public final class WalIndex {
    /** Two copies of the header, and the progress of checkpoints. */
    static final int BYTES = 136;

    /** The words in whose lower half are the frames that were copied, and those that are to be copied. */
    private static final int COPIED = 12;

    private static final int TO_COPY = 16;

    /** How many words of eight bytes one copy has. */
    private static final int COPY = 6;

    private static final int FORMAT = 3_007_000;
    private static final long FORMAT_MASK = 0xffff_ffffL;
    private static final long LOW = 0xffff_ffffL;
    private static final long INITIALISED_MASK = 0xff_0000_0000L;
    private static final int MOST_TRIES = 100;
    private static final int PAGE_BYTES_SHIFT = 48;
    private static final long LARGEST_PAGE = 65_536;

    /** No header; of the same class as the mapped words, which spares those who read them a distinction. */
    private static final LongBuffer CLOSED =
            wordsOf(ByteBuffer.allocateDirect(BYTES).asReadOnlyBuffer());

    /** The header as it was at one moment, as six words. */
    public record Header(long format, long changes, long size, long lastFrame, long salts, long checksum) {
        /**
         * Whether exactly one commit lies between an earlier header and this one. Each commit adds one to the counter and
         * at least one frame to the log. The counter begins anew, at 0, when a process that died is cleaned up after;
         * had that happened in between, there would be as many new frames as the counter says, or more. Can say no
         * wrongly, of a commit of more frames than there were commits, or of one that began the log anew.
         */
        public boolean isNextAfter(Header earlier) {
            long added = frames() - earlier.frames();
            return salts == earlier.salts && counter() == earlier.counter() + 1 && added > 0 && added < counter();
        }

        /** How many frames of the log count. */
        long frames() {
            return size & LOW;
        }

        /** The size of a page, and so of what a frame holds, in bytes. */
        long pageBytes() {
            long bytes = changes >>> PAGE_BYTES_SHIFT;
            return bytes == 1 ? LARGEST_PAGE : bytes;
        }

        /** The number of commits since the index was made anew. */
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
     * @param salts of the log; another log has others
     * @param copied the frames that were copied into the database file
     * @param toCopy the frames that the last checkpoint was to copy
     */
    record Progress(long salts, long copied, long toCopy) {
        /** Tells whether no checkpoint is under way, or was given up in the middle. */
        boolean isComplete() {
            return copied == toCopy;
        }
    }

    /** Not final, so that the memory can be given back; whoever still reads the old one reads mapped memory. */
    private LongBuffer words;

    private final Consumer<Runnable> release;

    /**
     * An index over mapped bytes.
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
     * The header as it is now; empty if it cannot be had, since somebody is writing it or died while doing so, or since
     * it is of a format that is not known.
     */
    public Optional<Header> header() {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            // In the opposite order of writing, so that two copies that agree are no mixture.
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
     * Whether the header is the same now as it was: if so, no commit has returned in between. Whatever the caller read
     * before is read before the header.
     */
    public boolean is(Header noted) {
        // Neither the compiler nor the processor takes one of these words from before this point.
        VarHandle.loadLoadFence();
        LongBuffer present = words;
        return present.get(1) == noted.changes
                && present.get(2) == noted.size
                && present.get(3) == noted.lastFrame
                && present.get(4) == noted.salts
                && present.get(5) == noted.checksum
                && present.get(0) == noted.format;
    }

    /** Returns the progress of checkpoints; empty if it cannot be had. */
    Optional<Progress> progress() {
        LongBuffer present = words;
        if (present.capacity() <= TO_COPY) {
            return Optional.empty();
        }
        // In the opposite order of writing: what is copied is noted last.
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
     * Closes the connection that kept the file, and ends the use of the index. From here on there is no header, and none
     * is the same. The garbage collector unmaps the memory, since it alone knows when no thread reads it. Idempotent.
     *
     * @param connection closes the connection
     */
    public void closeWith(Runnable connection) {
        words = CLOSED;
        release.accept(connection);
    }
}
