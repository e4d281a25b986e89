package dev.fencepost.internal.sqlite;

import dev.fencepost.FencepostException;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.internal.sql.ClockBounds;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.VersionTables;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Opens a file as a store: checks that it is usable, and creates or migrates it if necessary. */
public final class StoreOpener {
    /** The number of looks that must find a defect before it is believed. */
    private static final int MOST_LOOKS = 4;

    /** The first bytes of a rollback journal, by SQLite's file format, section 3. */
    private static final long JOURNAL_MAGIC = 0xd9d505f920a163d7L;

    /** The offset in a rollback journal of the number of pages that the database had. */
    private static final int JOURNAL_PAGES_BEFORE = 16;

    /** The size in bytes of a file that has only its first page. */
    private static final int ONE_PAGE = 4096;

    /** SQLite's code for a file that gives pages back to the file system on request. */
    private static final int INCREMENTAL = 2;

    private final Path file;
    private final StoreConfig config;
    private final Schema schema;
    private final SqliteConnections sqlite;

    private StoreOpener(StoreConfig config, Schema schema) {
        this.file = FileChecks.check(config.file(), config.untrustedFileSystem());
        this.config = config;
        this.schema = schema;
        this.sqlite =
                new SqliteConnections(file, config.durability(), config.writeLockTimeout(), config.maxValueBytes());
    }

    /**
     * Opens the file at the configured path, ready for use.
     *
     * @throws UnusableStoreException if the file cannot be used; nothing was created or written
     */
    public static StoreFile open(StoreConfig config) {
        return open(config, Schema.SHIPPED);
    }

    /** Opens the file with another schema; see {@link #open(StoreConfig)}. */
    public static StoreFile open(StoreConfig config, Schema schema) {
        Dependencies.check();
        StoreOpener opening = new StoreOpener(config, schema);
        return FileChecks.naming(opening.file, opening::open);
    }

    private StoreFile open() {
        if (!Files.exists(file)) {
            if (!config.creation()) {
                throw noStore();
            }
            makeEmpty();
        }
        // This precedes any use of the file by SQLite, even a look: closing the file cancels the locks of another copy
        // of SQLite.
        DriverUse use = DriverUse.begin(file, identity());
        try {
            // Checked again after the journal, which may have been rolled back in between.
            if (isEmpty() || isBeingCreated() || isEmpty()) {
                if (!config.creation() && !isBeingCreated()) {
                    throw noStore();
                }
                create();
            }
            examine();
            return admit(use);
        } catch (RuntimeException | Error e) {
            use.close();
            throw e;
        }
    }

    private Object identity() {
        return FileChecks.identity(file)
                .orElseThrow(() ->
                        FileChecks.refusal(Reason.REPLACED, "'" + file + "' was removed while it was opened", null));
    }

    private boolean isEmpty() {
        try {
            return !Files.exists(file) || Files.size(file) == 0 || isBarelyBegun();
        } catch (IOException e) {
            throw FileChecks.refusal(Reason.READ_ONLY, "'" + file + "' cannot be examined: " + e.getMessage(), e);
        }
    }

    /**
     * Tells whether the file has only its first page, which sets incremental vacuum. Setting it is the first step of
     * creation, since it cannot be set in the transaction that creates the schema.
     */
    private boolean isBarelyBegun() throws IOException {
        if (Files.size(file) != ONE_PAGE) {
            return false;
        }
        // Read through SQLite: closing any other descriptor of the file releases all locks that this process has on it.
        try (SqliteSession session = sqlite.peek()) {
            return session.number("PRAGMA auto_vacuum") == INCREMENTAL && Schema.isUntouched(session);
        } catch (FencepostException e) {
            // The file is examined next.
            return false;
        }
    }

    /**
     * Tells whether a rollback journal says that the file was empty before, or had one page. Another process is then
     * creating the file, or its creation was cut short. SQLite finds out which, under its lock.
     *
     * <p>The journal exists before the file has its first byte, and before its second page. So if a process has seen
     * either, and then no journal, the file's creation is complete. Until then, the content of the first page is not
     * final.
     */
    private boolean isBeingCreated() {
        try (InputStream journal = Files.newInputStream(beside("-journal"))) {
            byte[] header = journal.readNBytes(JOURNAL_PAGES_BEFORE + Integer.BYTES);
            ByteBuffer fields = ByteBuffer.wrap(header);
            return header.length == JOURNAL_PAGES_BEFORE + Integer.BYTES
                    && fields.getLong(0) == JOURNAL_MAGIC
                    && fields.getInt(JOURNAL_PAGES_BEFORE) <= 1;
        } catch (IOException e) {
            // There is no journal, or it cannot be read: the file is complete.
            return false;
        }
    }

    private Path beside(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    /**
     * Examines the file before anything is written. A file without a log is read without leaving a trace. A file with a
     * log is in use, or was left by a process that died. It can be read only as SQLite reads it, with its log and
     * locks. That is done only after the file is known to be a store of this library.
     */
    private void examine() {
        if (!peek()) {
            LogOwnership.refuseForeignLog(file, sqlite);
            // Only without a log may a rollback journal have to be played back, which writes the file.
            try (SqliteSession session = LogOwnership.hasLog(file) ? sqlite.openReadOnly() : sqlite.openForReading()) {
                schema.refuseNewer(Schema.versionOf(session));
                refuseDamaged(session);
            }
        }
    }

    /**
     * Looks at the file without locks. A concurrent write can make one look see a mixture of states. So a defect counts
     * only if {@link #MOST_LOOKS} looks in succession find one.
     *
     * @return whether the file has neither a log nor a journal
     */
    private boolean peek() {
        for (int look = 1; ; look++) {
            boolean atRest = !Files.exists(beside("-wal")) && !Files.exists(beside("-journal"));
            try {
                peek(atRest);
                return atRest;
            } catch (FencepostException e) {
                if (look == MOST_LOOKS) {
                    throw e;
                }
            }
        }
    }

    private void peek(boolean atRest) {
        try (SqliteSession session = atRest ? sqlite.peek() : sqlite.peekAtPart()) {
            refuseForeign(session);
            schema.refuseNewer(Schema.versionOf(session));
            if (atRest) {
                refuseDamaged(session);
            }
        }
    }

    private void refuseDamaged(Session session) {
        schema.verify(session);
        storeId(session);
        StorePlace.refuseCopy(session, file);
    }

    static String storeId(Session session) {
        return new VersionTables(session)
                .storeId()
                .orElseThrow(
                        () -> FileChecks.refusal(Reason.DAMAGED, "The file has no store id. Restore a backup", null));
    }

    /** Refuses a database of another program, before anything is written to it. */
    static void refuseForeign(Session session) {
        if (Schema.applicationOf(session) != Schema.APPLICATION_ID) {
            throw new UnusableStoreException(
                    Reason.NOT_A_STORE,
                    "The file is a SQLite database, but not a store. Use another path. The file was not changed",
                    null);
        }
    }

    /**
     * Creates the schema, in rollback mode: so the database file itself identifies its owner from the start. SQLite's
     * own lock ensures that only one of several processes creates it, and the others find it.
     */
    private void create() {
        if (config.creation()) {
            makeEmpty();
        }
        Object identity = identity();
        try (SqliteSession session = sqlite.openForCreation()) {
            session.change("BEGIN EXCLUSIVE");
            try {
                // SQLite opened the identified file only if the path still names that file.
                refuseUnlessSame(identity);
                if (Schema.isUntouched(session)) {
                    if (!config.creation()) {
                        throw noStore();
                    }
                    fill(session);
                } else {
                    refuseForeign(session);
                }
                session.commit();
            } catch (FencepostException e) {
                session.rollback(e);
                throw e;
            }
        }
    }

    private UnusableStoreException noStore() {
        return FileChecks.refusal(
                Reason.NO_STORE, "No store in '" + file + "'. Give the path of a store, or create one there", null);
    }

    private void fill(Session session) {
        long now = ClockBounds.verify(config.clock().millis());
        schema.migrate(session, 0);
        session.change("PRAGMA application_id = " + Schema.APPLICATION_ID);
        new VersionTables(session).createStore(UUID.randomUUID().toString().replace("-", ""), now);
    }

    private void makeEmpty() {
        try {
            Files.createFile(file, FileChecks.ownerOnly(file));
        } catch (FileAlreadyExistsException e) {
            // Another process was first, or an empty file existed already.
            return;
        } catch (IOException e) {
            throw FileChecks.refusal(Reason.READ_ONLY, "'" + file + "' cannot be created: " + e.getMessage(), e);
        }
    }

    private StoreFile admit(DriverUse use) {
        Object identity = identity();
        try (SqliteSession session = sqlite.open()) {
            refuseUnlessSame(identity);
            int version = Schema.versionOf(session);
            schema.refuseNewer(version);
            if (version < schema.newest()) {
                migrate(session);
            }
            schema.verify(session);
            return new StoreFile(file, identity, use, sqlite, storeId(session), StorePlace.formerStores(session));
        }
    }

    /** Refuses a file that another program has removed or replaced since it was identified. */
    private void refuseUnlessSame(Object identity) {
        if (!identity.equals(FileChecks.identity(file).orElse(null))) {
            throw FileChecks.refusal(
                    Reason.REPLACED,
                    "'" + file + "' was removed or replaced while it was opened. Find the cause, and open it again",
                    null);
        }
    }

    private void migrate(SqliteSession session) {
        session.begin();
        try {
            // Checked again under the lock: another process may have migrated or replaced the file meanwhile.
            refuseForeign(session);
            refuseDamaged(session);
            schema.migrate(session, Schema.versionOf(session));
            session.commit();
        } catch (FencepostException e) {
            session.rollback(e);
            throw e;
        }
    }
}
