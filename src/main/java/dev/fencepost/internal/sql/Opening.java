package dev.fencepost.internal.sql;

import dev.fencepost.FencepostException;
import dev.fencepost.StoreConfig;
import dev.fencepost.StoreRefusedException;
import dev.fencepost.StoreRefusedException.Door;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/** Opens a file as a store: through the doors, creating or migrating it if need be. */
public final class Opening {
    /** Where a rollback journal says how many pages the database had, by SQLite's file format, section 3. */
    private static final int JOURNAL_PAGES_BEFORE = 16;

    private Opening() {}

    /**
     * The file behind a path, ready for use.
     *
     * @throws StoreRefusedException if it cannot be served; nothing was created or written
     */
    public static OpenedFile open(StoreConfig config) {
        Path file = Doors.enter(config.file());
        SqliteFile sqlite = new SqliteFile(file, config.durability(), config.busyWait());
        if (isEmpty(file) || isBeingCreated(file, sqlite)) {
            create(file, sqlite, config);
        } else {
            refuseForeign(sqlite);
        }
        return admit(file, sqlite);
    }

    private static boolean isEmpty(Path file) {
        try {
            return !Files.exists(file) || Files.size(file) == 0;
        } catch (IOException e) {
            throw Doors.refusal(Door.READ_ONLY, "'" + file + "' cannot be looked at: " + e.getMessage(), e);
        }
    }

    /**
     * Whether the file is not ours yet, and its rollback journal says that it was empty before: its creation is under
     * way in another process, or was cut short. SQLite sorts out which, under its lock.
     */
    private static boolean isBeingCreated(Path file, SqliteFile sqlite) {
        if (applicationOf(sqlite) == Schema.APPLICATION_ID) {
            return false;
        }
        try (InputStream journal = Files.newInputStream(file.resolveSibling(file.getFileName() + "-journal"))) {
            byte[] header = journal.readNBytes(JOURNAL_PAGES_BEFORE + Integer.BYTES);
            return header.length < JOURNAL_PAGES_BEFORE + Integer.BYTES
                    || ByteBuffer.wrap(header).getInt(JOURNAL_PAGES_BEFORE) == 0;
        } catch (IOException e) {
            // No journal, or none that can be read: the file is whole, whoever made it.
            return false;
        }
    }

    private static int applicationOf(SqliteFile sqlite) {
        try (Session session = sqlite.peek()) {
            return Schema.applicationOf(session);
        }
    }

    /** Looks without leaving a trace, since even opening a foreign database properly would write beside it. */
    private static void refuseForeign(SqliteFile sqlite) {
        try (Session session = sqlite.peek()) {
            refuseForeign(session);
            Schema.refuseNewer(Schema.versionOf(session));
        }
    }

    private static void refuseForeign(Session session) {
        if (Schema.applicationOf(session) != Schema.APPLICATION_ID) {
            throw new StoreRefusedException(
                    Door.NOT_A_STORE,
                    "The file is a SQLite database, but no store of this library. Give another path; the file was left"
                            + " untouched",
                    null);
        }
    }

    /**
     * The schema is made in rollback mode, so that from its first moment the database file itself says whose it is, and
     * under SQLite's own lock, so that of several processes that create one file, one makes it and the others find it.
     */
    private static void create(Path file, SqliteFile sqlite, StoreConfig config) {
        makeEmpty(file);
        try (Session session = sqlite.openForCreation()) {
            session.change("BEGIN EXCLUSIVE");
            try {
                if (Schema.isBlank(session)) {
                    long now = config.clock().millis();
                    Schema.migrate(session, 0);
                    session.change("PRAGMA application_id = " + Schema.APPLICATION_ID);
                    session.change(
                            Statements.CREATE_STORE,
                            UUID.randomUUID().toString().replace("-", ""),
                            now);
                    session.change(Statements.REGISTER_SQL_PROMPT, now, now);
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

    private static void makeEmpty(Path file) {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try {
            Files.createFile(file, ownerOnly);
        } catch (FileAlreadyExistsException e) {
            // Another process was first, or the file was there and empty; either way it is there now.
            return;
        } catch (IOException e) {
            throw Doors.refusal(Door.READ_ONLY, "'" + file + "' cannot be created: " + e.getMessage(), e);
        }
    }

    private static OpenedFile admit(Path file, SqliteFile sqlite) {
        Object identity = Doors.identity(file)
                .orElseThrow(() -> Doors.refusal(Door.REPLACED, "'" + file + "' vanished while it was opened", null));
        try (Session session = sqlite.open()) {
            int version = Schema.versionOf(session);
            Schema.refuseNewer(version);
            if (version < Schema.newest()) {
                migrate(session);
            }
            Schema.verify(session);
            String id = new ValueTables(session)
                    .storeId()
                    .orElseThrow(() -> Doors.refusal(
                            Door.DAMAGED, "The file does not say which store it is. Restore a backup", null));
            return new OpenedFile(file, identity, sqlite, id);
        }
    }

    private static void migrate(Session session) {
        session.begin();
        try {
            Schema.migrate(session, Schema.versionOf(session));
            session.commit();
        } catch (FencepostException e) {
            session.rollback(e);
            throw e;
        }
    }
}
