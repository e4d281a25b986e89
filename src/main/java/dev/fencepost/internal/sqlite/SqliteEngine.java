package dev.fencepost.internal.sqlite;

import dev.fencepost.BackupOptions;
import dev.fencepost.CheckReport;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.engine.ChangeLog;
import dev.fencepost.internal.engine.CommitSignal;
import dev.fencepost.internal.engine.Commits;
import dev.fencepost.internal.engine.Engine;
import dev.fencepost.internal.engine.ProcessMessages;
import dev.fencepost.internal.sql.FormerStores;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.util.Patience;
import java.nio.file.Path;

/** The engine over a SQLite file. */
public final class SqliteEngine implements Engine {
    private final StoreFile file;
    private final SqliteChangeLog changes;
    private final WatchServiceFactory source;

    private SqliteEngine(StoreFile file, SqliteChangeLog changes, WatchServiceFactory source) {
        this.file = file;
        this.changes = changes;
        this.source = source;
    }

    /**
     * Opens the file at the configured path as a store; creates or migrates it if necessary.
     *
     * @throws dev.fencepost.UnusableStoreException if the file cannot be used; nothing was created or written
     */
    public static SqliteEngine open(StoreConfig config) {
        return open(config, WatchServiceFactory.of(config.file().getFileSystem()));
    }

    /** Opens a store with another source of watch services; see {@link #open(StoreConfig)}. */
    public static SqliteEngine open(StoreConfig config, WatchServiceFactory source) {
        StoreFile file = StoreOpener.open(config);
        try {
            return new SqliteEngine(file, SqliteChangeLog.of(file, config.mappedWalIndex()), source);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
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
    public Path file() {
        return file.path();
    }

    @Override
    public Patience patience() {
        return file.sqlite().patience();
    }

    @Override
    public void refuseIfReplaced() {
        file.refuseIfReplaced();
    }

    @Override
    public Session openForReading() {
        return file.sqlite().openForReading();
    }

    @Override
    public ChangeLog changes() {
        return changes;
    }

    @Override
    public Commits openForCommits() {
        return new SqliteCommits(file, changes::state);
    }

    @Override
    public CommitSignal signal(CommitSignal.Listener listener) {
        return new WalWatcher(file.log(), WriterQueue.beside(file.path()), source, changes::state, listener);
    }

    @Override
    public ProcessMessages messages() {
        return new SocketMessages(file.path());
    }

    @Override
    public CheckReport check(Session session) {
        return IntegrityCheck.run(session);
    }

    @Override
    public Copy backup(Session session, Path target, BackupOptions options) {
        return Backup.run(file, SqliteSession.of(session), target, options);
    }

    @Override
    public void close() {
        changes.close();
        file.close();
    }
}
