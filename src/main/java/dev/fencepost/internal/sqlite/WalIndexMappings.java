package dev.fencepost.internal.sqlite;

import dev.fencepost.UnusableStoreException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The WAL-indexes that this process has mapped: each file once, for all stores together. Nothing else may open one.
 *
 * <h2>Why a descriptor, once open, is kept</h2>
 *
 * POSIX drops all locks that a process has on a file as soon as the process closes any descriptor of it. The locks on
 * this file are those by which SQLite excludes concurrent writers. So a descriptor is closed only when no store uses
 * the file and SQLite has removed it. SQLite does so when the last connection of all processes closes. While a
 * connection of this process may still exist, the file keeps its name. The descriptor is then kept for the next store
 * that opens the file. For the same reason a thread that cannot be interrupted opens it, since an interrupt closes a
 * channel.
 *
 * <p>The descriptors belong to the process and not to a class loader. If only a static field refers to a channel, the
 * channel is closed when its class loader is collected, as in a container that restarts applications.
 *
 * <p>Linux on x86-64 only: elsewhere this has not been tried. Safe for use by many threads.
 */
final class WalIndexMappings {
    private static final Logger LOG = LoggerFactory.getLogger(WalIndexMappings.class);
    private static final boolean SUPPORTED = System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64")
            && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    /**
     * The mappings by the identity of the file. All stores of the JVM share one descriptor, whichever class loader they
     * are of.
     */
    private static final Map<Object, Map<String, Object>> MAPPINGS = SharedByJvm.map("wal-indexes.1");

    /** A view of one file's entry. The entry keeps the channel, which would be closed if nothing referred to it. */
    private record Mapping(Object identity, Map<String, Object> entry) {
        private static final String PATH = "path";
        private static final String DATABASE = "database";
        private static final String CHANNEL = "channel";
        private static final String HEADER = "header";
        private static final String USERS = "users";

        /** The number of users whose connection is about to close, or has closed: SQLite may remove the file. */
        private static final String LEAVING = "leaving";

        static List<Mapping> all() {
            return MAPPINGS.entrySet().stream()
                    .map(found -> new Mapping(found.getKey(), found.getValue()))
                    .toList();
        }

        static Optional<Mapping> of(Object identity) {
            return Optional.ofNullable(MAPPINGS.get(identity)).map(entry -> new Mapping(identity, entry));
        }

        AtomicInteger users() {
            return get(USERS, AtomicInteger.class);
        }

        AtomicInteger leaving() {
            return get(LEAVING, AtomicInteger.class);
        }

        boolean isInUseBy(Object database) {
            return users().get() > leaving().get()
                    && get(DATABASE, Object.class).equals(database);
        }

        @Nullable ByteBuffer header() {
            return (ByteBuffer) entry.get(HEADER);
        }

        boolean isForsaken() {
            return users().get() == 0
                    && !FileChecks.identity(get(PATH, Path.class))
                            .map(identity::equals)
                            .orElse(false);
        }

        void close() throws IOException {
            MAPPINGS.remove(identity);
            // A closed store may still refer to the entry, and would keep the file mapped.
            entry.remove(HEADER);
            get(CHANNEL, FileChannel.class).close();
        }

        private <T> T get(String field, Class<T> type) {
            return type.cast(Objects.requireNonNull(entry.get(field), field));
        }
    }

    /** A thread that cannot be interrupted, not even through its group. */
    private static final class Undisturbed extends Thread {
        Undisturbed(Runnable work) {
            super(work, "fencepost-wal-index");
            setDaemon(true);
        }

        @Override
        public void interrupt() {
            LOG.debug("Ignored an interrupt while opening the WAL-index, because it would release SQLite's locks");
        }
    }

    private WalIndexMappings() {}

    /**
     * Maps the header of a WAL-index; empty if it cannot be mapped.
     *
     * @param path of the {@code -shm} file; a connection of the caller must have read, and stay open until the index is
     *     closed
     * @param database the identity of the database file
     * @throws dev.fencepost.UnusableStoreException if another store of this process reads the same database through a
     *     file that no longer has this name: SQLite would go on using that file
     */
    static Optional<WalIndex> acquire(Path path, Object database) {
        if (!SUPPORTED) {
            return Optional.empty();
        }
        synchronized (MAPPINGS) {
            closeForsaken();
            Optional<Object> identity = FileChecks.identity(path);
            refuseUnlessTheSame(path, identity, database);
            return identity.flatMap(found -> Mapping.of(found).or(() -> openUndisturbed(path, found, database)))
                    .flatMap(WalIndexMappings::use);
        }
    }

    private static void refuseUnlessTheSame(Path path, Optional<Object> identity, Object database) {
        for (Mapping mapping : Mapping.all()) {
            boolean same = identity.map(mapping.identity()::equals).orElse(false);
            if (mapping.isInUseBy(database) && !same) {
                throw FileChecks.refusal(
                        Reason.REPLACED,
                        "'" + path + "' was removed or replaced while another store of this process had it open. Close"
                                + " that store, find the cause, and open the file again",
                        null);
            }
        }
    }

    private static Optional<WalIndex> use(Mapping mapping) {
        ByteBuffer header = mapping.header();
        if (header == null) {
            return Optional.empty();
        }
        mapping.users().incrementAndGet();
        AtomicBoolean used = new AtomicBoolean(true);
        return Optional.of(new WalIndex(header, connection -> {
            if (used.compareAndSet(true, false)) {
                leave(mapping, connection);
            }
        }));
    }

    /** Ends a use. While the connection closes, another store may open the database and create the file anew. */
    private static void leave(Mapping mapping, Runnable connection) {
        synchronized (MAPPINGS) {
            mapping.leaving().incrementAndGet();
        }
        try {
            connection.run();
        } finally {
            synchronized (MAPPINGS) {
                mapping.leaving().decrementAndGet();
                mapping.users().decrementAndGet();
                closeForsaken();
            }
        }
    }

    private static void closeForsaken() {
        for (Mapping mapping : Mapping.all()) {
            if (mapping.isForsaken()) {
                try {
                    mapping.close();
                } catch (IOException e) {
                    LOG.debug("Could not close the WAL-index of a removed file", e);
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
            LOG.warn("Cannot map the WAL-index; reads query SQLite instead: {}", e.getMessage(), e);
            return Optional.empty();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Opens a file and registers it at once, whether it can be mapped or not. */
    private static Mapping open(Path path, Object identity, Object database) throws IOException {
        Mapping mapping = new Mapping(identity, new ConcurrentHashMap<>());
        mapping.entry.putAll(Map.of(
                Mapping.PATH,
                path,
                Mapping.DATABASE,
                database,
                Mapping.USERS,
                new AtomicInteger(),
                Mapping.LEAVING,
                new AtomicInteger()));
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        mapping.entry.put(Mapping.CHANNEL, channel);
        MAPPINGS.put(identity, mapping.entry);
        mapping.entry.put(Mapping.HEADER, channel.map(MapMode.READ_ONLY, 0, WalIndex.BYTES));
        return mapping;
    }
}
