package dev.fencepost.internal.read;

import dev.fencepost.UnusableStoreException;
import dev.fencepost.internal.sql.CommitIdentity;
import dev.fencepost.internal.sql.FormerStores;
import dev.fencepost.internal.sql.Tip;
import dev.fencepost.internal.sql.VersionTables.LoggedChanges;
import dev.fencepost.internal.sqlite.WalIndex.Header;
import java.util.Optional;

/**
 * The cache's queries to the file. Tests replace it to try every order of these queries and of other writers' commits.
 */
interface ChangeLog extends AutoCloseable {
    /**
     * Returns the header of the log's index, which changes with each commit, without asking SQLite; empty if it is
     * unavailable. For any thread.
     */
    Optional<Header> header();

    /** Returns whether the present header equals an earlier one. For any thread. */
    boolean is(Header noted);

    /** Returns a number that changes with each commit of another connection. For one thread at a time. */
    long dataVersion();

    /**
     * Returns the versions that were written after a given one, in one snapshot with the newest sequence. For one
     * thread at a time.
     */
    LoggedChanges changesAfter(long change, int limit, CommitIdentity seen);

    /** Reads the newest commit, and whether the file has another one. For one thread at a time. */
    Tip tip(CommitIdentity seen);

    /**
     * Checks that the file is in its place. For any thread.
     *
     * @throws UnusableStoreException if it is not
     */
    void refuseIfReplaced();

    String storeId();

    FormerStores formerStores();

    @Override
    void close();
}
