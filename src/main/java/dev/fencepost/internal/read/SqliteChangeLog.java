package dev.fencepost.internal.read;

import dev.fencepost.internal.sql.CommitIdentity;
import dev.fencepost.internal.sql.FormerStores;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.Tip;
import dev.fencepost.internal.sql.VersionTables;
import dev.fencepost.internal.sql.VersionTables.LoggedChanges;
import dev.fencepost.internal.sqlite.StoreFile;
import dev.fencepost.internal.sqlite.WalIndex;
import dev.fencepost.internal.sqlite.WalIndex.Header;
import java.util.Optional;
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
     * Opens the connection, and observes the newest commit of the file.
     *
     * @param mapped whether to map the index of the log, if the platform can
     */
    static SqliteChangeLog of(StoreFile file, HighWaterMark highWater, boolean mapped) {
        Session session = file.sqlite().openForReading();
        VersionTables values = new VersionTables(session);
        try {
            highWater.observe(values);
            file.noteLog();
            @Nullable WalIndex index = mapped ? file.mapIndex().orElse(null) : null;
            return new SqliteChangeLog(file, session, values, index);
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    @Override
    public Optional<Header> header() {
        return index == null ? Optional.empty() : index.header();
    }

    @Override
    public boolean is(Header noted) {
        return index != null && index.is(noted);
    }

    @Override
    public long dataVersion() {
        return session.number("PRAGMA data_version");
    }

    @Override
    public LoggedChanges changesAfter(long change, int limit, CommitIdentity seen) {
        return values.changesAfter(change, limit, seen);
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
