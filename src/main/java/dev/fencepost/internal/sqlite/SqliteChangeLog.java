package dev.fencepost.internal.sqlite;

import dev.fencepost.internal.engine.ChangeLog;
import dev.fencepost.internal.engine.StateToken;
import dev.fencepost.internal.sql.CommitIdentity;
import dev.fencepost.internal.sql.FormerStores;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.Tip;
import dev.fencepost.internal.sql.VersionTables;
import dev.fencepost.internal.sql.VersionTables.LoggedChanges;
import dev.fencepost.internal.sqlite.WalIndex.Header;
import org.jspecify.annotations.Nullable;

/**
 * The change log of a SQLite file, read on its own connection, which keeps the index of the file's log in its place.
 */
final class SqliteChangeLog implements ChangeLog {
    private final StoreFile file;
    private final Session session;
    private final VersionTables values;
    private final @Nullable WalIndex index;

    private SqliteChangeLog(StoreFile file, Session session, VersionTables values, @Nullable WalIndex index) {
        this.file = file;
        this.session = session;
        this.values = values;
        this.index = index;
    }

    /**
     * Opens the connection.
     *
     * @param mapped whether to map the index of the log, if the platform can
     */
    static SqliteChangeLog of(StoreFile file, boolean mapped) {
        Session session = file.sqlite().openForReading();
        VersionTables values = new VersionTables(session);
        try {
            // SQLite keeps the log and its index in their place once a connection has read.
            values.tip(Tip.EMPTY);
            file.noteLog();
            @Nullable WalIndex index = mapped ? file.mapIndex().orElse(null) : null;
            return new SqliteChangeLog(file, session, values, index);
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    @Override
    public @Nullable Header state() {
        return index == null ? null : index.header().orElse(null);
    }

    @Override
    public boolean is(StateToken noted) {
        return index != null && index.is((Header) noted);
    }

    /** Asks SQLite, which reads the index of the log under a read lock. */
    @Override
    public long version() {
        return session.number("PRAGMA data_version");
    }

    @Override
    public LoggedChanges changesAfter(long row, int limit, CommitIdentity seen) {
        return values.changesAfter(row, limit, seen);
    }

    @Override
    public Tip tip(CommitIdentity seen) {
        return values.tip(seen);
    }

    @Override
    public void refuseIfReplaced() {
        file.refuseIfReplaced();
    }

    @Override
    public String storeId() {
        return file.storeId();
    }

    @Override
    public FormerStores formerStores() {
        return file.formerStores();
    }

    @Override
    public void close() {
        if (index == null) {
            session.close();
        } else {
            index.closeWith(session::close);
        }
    }
}
