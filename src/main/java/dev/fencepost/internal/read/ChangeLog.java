package dev.fencepost.internal.read;

import dev.fencepost.UnusableStoreException;
import dev.fencepost.internal.sql.CommitIdentity;
import dev.fencepost.internal.sql.FormerStores;
import dev.fencepost.internal.sql.Tip;
import dev.fencepost.internal.sql.VersionTables.LoggedChanges;
import dev.fencepost.internal.sql.WalIndex.Header;
import java.util.Optional;

/** What the cache asks of the file, so that every order of its questions and other people's commits can be tried. */
interface ChangeLog extends AutoCloseable {
    /** What is another after each commit, without asking SQLite; empty if that cannot be had. For any thread. */
    Optional<Header> header();

    /** Whether the header is the same now as it was. For any thread. */
    boolean is(Header noted);

    /** What is another after each commit of another connection. For one thread at a time. */
    long dataVersion();

    /** The versions that were written after one, in one cut with the newest sequence. For one thread at a time. */
    LoggedChanges changesAfter(long change, int limit, CommitIdentity seen);

    /** Reads the newest commit, and whether the file has another one. For one thread at a time. */
    Tip tip(CommitIdentity seen);

    /**
     * Looks whether the file is in its place. For any thread.
     *
     * @throws UnusableStoreException if not
     */
    void refuseIfReplaced();

    String storeId();

    FormerStores formerStores();

    @Override
    void close();
}
