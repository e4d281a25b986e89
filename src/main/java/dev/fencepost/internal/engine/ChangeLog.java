package dev.fencepost.internal.engine;

import dev.fencepost.UnusableStoreException;
import dev.fencepost.internal.sql.CommitIdentity;
import dev.fencepost.internal.sql.FormerStores;
import dev.fencepost.internal.sql.Tip;
import dev.fencepost.internal.sql.VersionTables.LoggedChanges;
import org.jspecify.annotations.Nullable;

/**
 * The read cache's queries to the store. Tests replace it to try every order of these queries and of other writers' commits.
 */
public interface ChangeLog extends AutoCloseable {
    /**
     * Returns the present state, without asking the database; null if the engine cannot tell it without that. For any
     * thread.
     */
    @Nullable StateToken state();

    /** Returns whether the present state equals an earlier one. For any thread. */
    boolean is(StateToken noted);

    /** Asks the database for a number that changes with each commit. For one thread at a time. */
    long version();

    /**
     * Returns the versions that were written after a row of the log, in one snapshot with the newest commit. For one
     * thread at a time.
     */
    LoggedChanges changesAfter(long row, int limit, CommitIdentity seen);

    /** Reads the newest commit, and whether the store has another one. For one thread at a time. */
    Tip tip(CommitIdentity seen);

    /**
     * Checks that the store is in its place. For any thread.
     *
     * @throws UnusableStoreException if it is not
     */
    void refuseIfReplaced();

    String storeId();

    FormerStores formerStores();

    @Override
    void close();
}
