package dev.fencepost.internal.sql;

import dev.fencepost.FencepostException;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Opens a file as a store: through the doors, creating or migrating it if need be. */
public final class StoreOpener {
    /** How often what seems wrong with a file is looked at, before it is believed. */
    private static final int MOST_LOOKS = 4;

    /** The first bytes of a rollback journal, by SQLite's file format, section 3. */
    private static final long JOURNAL_MAGIC = 0xd9d505f920a163d7L;

    /** Where a rollback journal says how many pages the database had. */
    private static final int JOURNAL_PAGES_BEFORE = 16;

    /** How large a file is that has nothing but its first page. */
    private static final int ONE_PAGE = 4096;

    /** What SQLite calls a file that gives back pages when it is told to. */
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
     * The file behind a path, ready for use.
     *
     * @throws UnusableStoreException if it cannot be served; nothing was created or written
     */
    public static StoreFile open(StoreConfig config) {
        return open(config, Schema.SHIPPED);
    }

    /** As {@link #open(StoreConfig)}, with a schema of one's own. */
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
        // Before SQLite opens the file, even to look: closing it cancels the locks of another copy of SQLite.
        DriverUse use = DriverUse.begin(file, identity());
        try {
            // Asked again after the journal, which may have been rolled back in between.
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
                .orElseThrow(
                        () -> FileChecks.refusal(Reason.REPLACED, "'" + file + "' vanished while it was opened", null));
    }

    private boolean isEmpty() {
        try {
            return !Files.exists(file) || Files.size(file) == 0 || isBarelyBegun();
        } catch (IOException e) {
            throw FileChecks.refusal(Reason.READ_ONLY, "'" + file + "' cannot be looked at: " + e.getMessage(), e);
        }
    }

    /**
     * Whether nothing was ever made in the file but its first page, which says that it will give pages back: the first
     * step of its creation, since that cannot be said in the transaction that makes the schema.
     */
    private boolean isBarelyBegun() throws IOException {
        if (Files.size(file) != ONE_PAGE) {
            return false;
        }
        // Through SQLite: whoever else opens the file and closes it again lets go of all locks that this process has on
        // it.
        try (Session session = sqlite.peek()) {
            return session.number("PRAGMA auto_vacuum") == INCREMENTAL && Schema.isUntouched(session);
        } catch (FencepostException e) {
            // Whatever it is, it is examined next.
            return false;
        }
    }

    /**
     * Whether a rollback journal says that the file was empty before, or barely begun: its creation is under way in
     * another process, or was cut short. SQLite sorts out which, under its lock. The journal is there before the file has
     * its first byte, and its second page, so whoever has seen one and then no journal has a file whose creation is done.
     * What the first page says until then is not yet so.
     */
    private boolean isBeingCreated() {
        try (InputStream journal = Files.newInputStream(beside("-journal"))) {
            byte[] header = journal.readNBytes(JOURNAL_PAGES_BEFORE + Integer.BYTES);
            ByteBuffer fields = ByteBuffer.wrap(header);
            return header.length == JOURNAL_PAGES_BEFORE + Integer.BYTES
                    && fields.getLong(0) == JOURNAL_MAGIC
                    && fields.getInt(JOURNAL_PAGES_BEFORE) <= 1;
        } catch (IOException e) {
            // No journal, or none that can be read: the file is whole, whoever made it.
            return false;
        }
    }

    private Path beside(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    /**
     * Looks before anything is written. A file without a log is looked at without leaving a trace; one with a log is in
     * use or was left by a process that died, so that it can be read only as SQLite reads it, log and locks included,
     * and this is done only once it is clear that it is ours.
     */
    private void examine() {
        if (!peek()) {
            LogOwnership.refuseForeignLog(file, sqlite);
            // Only where there is no log may a rollback journal have to be played back, and the file be written.
            try (Session session = LogOwnership.hasLog(file) ? sqlite.openReadOnly() : sqlite.openForReading()) {
                schema.refuseNewer(Schema.versionOf(session));
                refuseDamaged(session);
            }
        }
    }

    /**
     * Without locks, what is read while somebody comes and writes may be neither what was there nor what is: so what one
     * look finds wrong counts only if others find it too.
     *
     * @return whether the file is at rest
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
        try (Session session = atRest ? sqlite.peek() : sqlite.peekAtPart()) {
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
                .orElseThrow(() -> FileChecks.refusal(
                        Reason.DAMAGED, "The file does not say which store it is. Restore a backup", null));
    }

    /** Refuses a database of another program, before anything is written to it. */
    static void refuseForeign(Session session) {
        if (Schema.applicationOf(session) != Schema.APPLICATION_ID) {
            throw new UnusableStoreException(
                    Reason.NOT_A_STORE,
                    "The file is a SQLite database, but no store of this library. Give another path; the file was left"
                            + " untouched",
                    null);
        }
    }

    /**
     * The schema is made in rollback mode, so that from its first moment the database file itself says whose it is, and
     * under SQLite's own lock, so that of several processes that create one file, one makes it and the others find it.
     */
    private void create() {
        if (config.creation()) {
            makeEmpty();
        }
        Object identity = identity();
        try (Session session = sqlite.openForCreation()) {
            session.change("BEGIN EXCLUSIVE");
            try {
                // SQLite opened what the path named in between, if it still names the same.
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
                Reason.NO_STORE,
                "There is no store in '" + file + "'. Give the path of a store, or create one there",
                null);
    }

    private void fill(Session session) {
        long now = ClockBounds.verify(config.clock().millis());
        schema.migrate(session, 0);
        session.change("PRAGMA application_id = " + Schema.APPLICATION_ID);
        session.change(Statements.CREATE_STORE, UUID.randomUUID().toString().replace("-", ""), now);
        session.change(Statements.REGISTER_SQL_PROMPT, now, now);
    }

    private void makeEmpty() {
        try {
            Files.createFile(file, FileChecks.ownerOnly(file));
        } catch (FileAlreadyExistsException e) {
            // Another process was first, or the file was there and empty; either way it is there now.
            return;
        } catch (IOException e) {
            throw FileChecks.refusal(Reason.READ_ONLY, "'" + file + "' cannot be created: " + e.getMessage(), e);
        }
    }

    private StoreFile admit(DriverUse use) {
        Object identity = identity();
        try (Session session = sqlite.open()) {
            refuseUnlessSame(identity);
            int version = Schema.versionOf(session);
            schema.refuseNewer(version);
            if (version < schema.newest()) {
                migrate(session);
            }
            schema.verify(session);
            return new StoreFile(file, identity, use, sqlite, storeId(session), FormerStores.of(session));
        }
    }

    /** Another program may have removed or replaced the file since it was looked at. */
    private void refuseUnlessSame(Object identity) {
        if (!identity.equals(FileChecks.identity(file).orElse(null))) {
            throw FileChecks.refusal(
                    Reason.REPLACED,
                    "'" + file
                            + "' was removed or replaced while it was opened. Find out who did it, and open it again",
                    null);
        }
    }

    private void migrate(Session session) {
        session.begin();
        try {
            // Asked again under the lock: another process may have done it meanwhile, or put another file in its place.
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
