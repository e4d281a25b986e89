package dev.fencepost.internal.sql;

import dev.fencepost.StoreRefusedException.Door;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The WAL-indexes that this process has mapped: each file once, for all stores together. Nothing else may open one.
 *
 * <h2>Why a descriptor, once open, is kept</h2>
 *
 * POSIX drops all locks that a process has on a file as soon as the process closes any descriptor of it, and the locks on
 * this file are those by which SQLite keeps writers apart. So a descriptor is closed only when no store uses the file and
 * SQLite has removed it, which it does when the last connection of all processes closes; while any connection of this
 * process may still be there, the file has its name, and the descriptor is kept for whoever opens the store next. For the
 * same reason it is opened by a thread that cannot be interrupted, since an interrupt closes a channel.
 *
 * <p>Linux on x86-64 only: elsewhere this has not been tried. Safe for use by many threads.
 */
final class WalIndexes {
    private static final Logger LOG = LoggerFactory.getLogger(WalIndexes.class);
    private static final boolean SUPPORTED = System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64")
            && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private static final List<Mapping> MAPPINGS = new ArrayList<>();

    /** One file, and who uses it. Keeps the channel, which would be closed if nothing referred to it any more. */
    private static final class Mapping {
        private final Path path;
        private final Object identity;
        private final Object database;
        private final FileChannel channel;
        private @Nullable ByteBuffer header;
        private int users;

        Mapping(Path path, Object identity, Object database, FileChannel channel) {
            this.path = path;
            this.identity = identity;
            this.database = database;
            this.channel = channel;
        }

        boolean isForsaken() {
            return users == 0 && !Doors.identity(path).map(identity::equals).orElse(false);
        }
    }

    /** A thread that nobody can interrupt, not even through its group. */
    private static final class Undisturbed extends Thread {
        Undisturbed(Runnable work) {
            super(work, "fencepost-wal-index");
            setDaemon(true);
        }

        @Override
        public void interrupt() {
            LOG.debug("The opening of a WAL-index is not interrupted, since that would drop SQLite's locks");
        }
    }

    private WalIndexes() {}

    /**
     * Maps the header of a WAL-index; empty where that cannot be done.
     *
     * @param path of the {@code -shm} file; a connection of the caller must have read, and stay open until the index is
     *     closed
     * @param database the identity of the database file
     * @throws dev.fencepost.StoreRefusedException if another store of this process reads the same database through a file
     *     that no longer has this name: SQLite would go on using that
     */
    static synchronized Optional<WalIndex> acquire(Path path, Object database) {
        if (!SUPPORTED) {
            return Optional.empty();
        }
        closeForsaken();
        Optional<Object> identity = Doors.identity(path);
        refuseUnlessTheSame(path, identity, database);
        if (identity.isEmpty()) {
            return Optional.empty();
        }
        return MAPPINGS.stream()
                .filter(mapping -> mapping.identity.equals(identity.get()))
                .findFirst()
                .or(() -> openUndisturbed(path, identity.get(), database))
                .flatMap(WalIndexes::use);
    }

    private static void refuseUnlessTheSame(Path path, Optional<Object> identity, Object database) {
        for (Mapping mapping : MAPPINGS) {
            boolean same = identity.map(mapping.identity::equals).orElse(false);
            if (mapping.users > 0 && mapping.database.equals(database) && !same) {
                throw Doors.refusal(
                        Door.REPLACED,
                        "'" + path + "' was removed or replaced while another store of this process had it open. Close"
                                + " that store, find out who did it, and open the file again",
                        null);
            }
        }
    }

    private static Optional<WalIndex> use(Mapping mapping) {
        if (mapping.header == null) {
            return Optional.empty();
        }
        mapping.users++;
        AtomicBoolean used = new AtomicBoolean(true);
        return Optional.of(new WalIndex(mapping.header, () -> {
            if (used.compareAndSet(true, false)) {
                release(mapping);
            }
        }));
    }

    private static synchronized void release(Mapping mapping) {
        mapping.users--;
        closeForsaken();
    }

    private static void closeForsaken() {
        for (Mapping mapping : List.copyOf(MAPPINGS)) {
            if (mapping.isForsaken()) {
                MAPPINGS.remove(mapping);
                mapping.header = null;
                try {
                    mapping.channel.close();
                } catch (IOException e) {
                    LOG.debug("A removed WAL-index could not be closed", e);
                }
            }
        }
    }

    private static Optional<Mapping> openUndisturbed(Path path, Object identity, Object database) {
        FutureTask<Mapping> opening = new FutureTask<>(() -> open(path, identity, database));
        new Undisturbed(opening).start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return Optional.of(opening.get());
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            LOG.warn("The WAL-index cannot be mapped, so reads ask SQLite instead: {}", e.getMessage(), e);
            return Optional.empty();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Mapping open(Path path, Object identity, Object database) throws IOException {
        Mapping mapping = new Mapping(path, identity, database, FileChannel.open(path, StandardOpenOption.READ));
        // Kept first, whether it can be mapped or not.
        MAPPINGS.add(mapping);
        mapping.header = mapping.channel.map(MapMode.READ_ONLY, 0, WalIndex.BYTES);
        return mapping;
    }
}
