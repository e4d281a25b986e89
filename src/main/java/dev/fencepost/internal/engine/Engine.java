package dev.fencepost.internal.engine;

import dev.fencepost.BackupOptions;
import dev.fencepost.CheckReport;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.internal.sql.CommitIdentity;
import dev.fencepost.internal.sql.FormerStores;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.util.Patience;
import java.nio.file.Path;

/** A storage engine that holds one open store. Safe for use by many threads. */
public interface Engine extends AutoCloseable {
    /** Returns the random ID of the store. */
    String storeId();

    /** Returns the histories that the store had before this one. */
    FormerStores formerStores();

    /** Returns the path of the store: absolute, without symbolic links. */
    Path file();

    /** Returns the deadline of an operation on the store that begins now. */
    Patience patience();

    /**
     * Checks that the open store is still the one at its path.
     *
     * @throws UnusableStoreException if it was removed, replaced or overwritten
     */
    void refuseIfReplaced();

    /** Opens a session that only reads. The caller closes it. */
    Session openForReading();

    /** Returns the change log of the store. The one caller that follows it closes it. */
    ChangeLog changes();

    /** Opens the write transactions of this process. The one caller closes them. */
    Commits openForCommits();

    /** Creates a source of signals of commits. The caller closes it. */
    CommitSignal signal(CommitSignal.Listener listener);

    /** Returns the messages between processes. The one caller closes them. */
    ProcessMessages messages();

    /**
     * Checks the integrity of the whole store.
     *
     * @param session a session of this engine that no other thread uses
     */
    CheckReport check(Session session);

    /**
     * Creates a backup.
     *
     * @param session a session of this engine that no other thread uses, outside of any transaction
     */
    Copy backup(Session session, Path target, BackupOptions options);

    /**
     * A backup that was created.
     *
     * @param file its absolute path
     * @param pages the number of its pages
     * @param bytes its size
     * @param newest the newest commit in it
     */
    record Copy(Path file, long pages, long bytes, CommitIdentity newest) {}

    /** Ends the use of the store. Must be called when all sessions are closed. */
    @Override
    void close();
}
