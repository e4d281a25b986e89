package dev.fencepost.internal.sqlite;

import dev.fencepost.StorageException;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.internal.sqlite.WalIndex.Header;
import java.io.EOFException;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Verifies that the WAL still holds the frames that its index lists, and that this process still has SQLite's locks.
 * SQLite does not check this. It would append behind the hole, and acknowledge commits that the next recovery of the
 * WAL drops.
 *
 * <p>The newest frame must have the salts and the checksum that the mapped index has for it. The header of the WAL must
 * have the same salts. (SQLite: 'WAL-mode File Format', sections 1.1, 1.2 and 2.1.) If another process restarts the WAL
 * in the meantime, the index shows it first. So a difference counts only if the index did not change. Without a mapped
 * index the WAL is not verified.
 *
 * <p>SQLite takes no locks on the WAL, so closing a descriptor of it loses none. Used by one thread at a time.
 */
final class FileVerifier implements AutoCloseable {
    private static final int LOG_HEADER_BYTES = 32;
    private static final int LOG_HEADER_SALTS = 16;
    private static final int FRAME_HEADER_BYTES = 24;
    private static final int FRAME_SALTS = 8;
    private static final int FRAME_CHECKSUM = 16;

    /** The smallest page size of SQLite, in bytes. A shorter database file was emptied. */
    private static final int LEAST_BYTES = 512;

    private static final int MOST_LOOKS = 100;

    private final File log;
    private final Supplier<@Nullable Header> index;
    private final HeldLocks locks;
    private final LongSupplier tick;
    private long lockedAt = -1;
    private final byte[] bytes = new byte[FRAME_HEADER_BYTES];
    private final ByteBuffer fields = ByteBuffer.wrap(bytes);
    private @Nullable RandomAccessFile open;
    private @Nullable String damage;

    /**
     * Creates a verifier of one database file and its WAL.
     *
     * @param index a supplier of the current header of the WAL's index; null if none is available
     * @param tick a coarse clock that ticks about 20 ms after it was read; the locks are checked once per tick
     */
    FileVerifier(Path database, Supplier<@Nullable Header> index, LongSupplier tick) {
        this.log = new File(database + "-wal");
        this.index = index;
        this.locks = new HeldLocks(database);
        this.tick = tick;
    }

    /**
     * Verifies the newest frame of the WAL, and the locks of this process.
     *
     * @return the header of the index for that frame, for {@link #verifyAgain}; null if there is none
     * @throws UnusableStoreException if the WAL lost written frames, or this process lost its locks
     */
    @Nullable Header verify() {
        refuseKnownDamage();
        refuseLostLocks();
        for (int look = 0; look < MOST_LOOKS; look++) {
            Header header = index.get();
            if (header == null || header.frames() == 0 || (hasHeader(header) && hasNewestFrame(header))) {
                return header;
            }
            if (header.equals(index.get())) {
                throw damaged("'" + log + "' lacks frame " + header.frames()
                        + ", which holds the newest commit: it was truncated or overwritten while it was open");
            }
        }
        return null;
    }

    /**
     * Verifies, after a commit, the frame that was the newest before it. The commit does not survive without that
     * frame.
     *
     * @param before the header that was verified before the commit
     * @throws UnusableStoreException if the frame is lost
     */
    void verifyAgain(@Nullable Header before) {
        if (before == null || before.frames() == 0 || hasNewestFrame(before)) {
            return;
        }
        Header now = index.get();
        if (now != null && now.salts() == before.salts()) {
            throw damaged("'" + log + "' lacks frame " + before.frames()
                    + ", on which the newest commits depend: it was truncated or overwritten while it was open");
        }
    }

    /** Refuses a database file that is shorter than any database. The next opening would remove its WAL. */
    static void refuseIfEmptied(File database) {
        if (database.length() < LEAST_BYTES) {
            throw refusal("'" + database + "' was emptied while it was open");
        }
    }

    private void refuseLostLocks() {
        long present = tick.getAsLong();
        if (present == lockedAt) {
            return;
        }
        locks.lost().ifPresent(file -> {
            throw new UnusableStoreException(
                    Reason.LOCKS_LOST,
                    "This process lost SQLite's locks on '" + file + "': its code opened and closed the file, as a"
                            + " copy of the folder does, and POSIX then releases all locks of the process. Restart the"
                            + " process without that code. To copy a store, use its backup",
                    null);
        });
        lockedAt = present;
    }

    private void refuseKnownDamage() {
        String known = damage;
        if (known != null) {
            throw damaged(known);
        }
    }

    private UnusableStoreException damaged(String what) {
        damage = what;
        return refusal(what);
    }

    private static UnusableStoreException refusal(String what) {
        return new UnusableStoreException(
                Reason.DAMAGED,
                what + ". Stop all processes, keep a copy of the file and its log, find the cause, and open the file"
                        + " again: the last commits may be lost",
                null);
    }

    private boolean hasHeader(Header header) {
        return read(0, LOG_HEADER_SALTS + Long.BYTES)
                && fields.order(ByteOrder.LITTLE_ENDIAN).getLong(LOG_HEADER_SALTS) == header.salts();
    }

    private boolean hasNewestFrame(Header header) {
        long at = LOG_HEADER_BYTES + (header.frames() - 1) * (header.pageBytes() + FRAME_HEADER_BYTES);
        if (!read(at, FRAME_HEADER_BYTES)
                || fields.order(ByteOrder.LITTLE_ENDIAN).getLong(FRAME_SALTS) != header.salts()) {
            return false;
        }
        fields.order(ByteOrder.BIG_ENDIAN);
        long first = Integer.toUnsignedLong(fields.getInt(FRAME_CHECKSUM));
        long second = Integer.toUnsignedLong(fields.getInt(FRAME_CHECKSUM + Integer.BYTES));
        return (second << Integer.SIZE | first) == header.lastFrame();
    }

    private boolean read(long at, int length) {
        try {
            RandomAccessFile file = open;
            if (file == null) {
                // Not a channel, because an interrupt of the committing thread would close it.
                file = new RandomAccessFile(log, "r");
                open = file;
            }
            file.seek(at);
            file.readFully(bytes, 0, length);
            return true;
        } catch (FileNotFoundException | EOFException e) {
            return false;
        } catch (IOException e) {
            throw new StorageException("The log '" + log + "' cannot be read: " + e.getMessage(), e);
        }
    }

    /** Closes the descriptor of the WAL. */
    @Override
    public void close() {
        RandomAccessFile file = open;
        open = null;
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                throw new StorageException("The log '" + log + "' cannot be closed: " + e.getMessage(), e);
            }
        }
    }
}
