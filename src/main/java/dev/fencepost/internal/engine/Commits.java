package dev.fencepost.internal.engine;

import dev.fencepost.UnusableStoreException;
import dev.fencepost.internal.sql.Session;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The write transactions of this process, one at a time. All processes that have the store open commit one after the
 * other. For one leader at a time, unless a method says otherwise.
 */
public interface Commits extends AutoCloseable {
    /**
     * Begins a transaction. Waits for the turn of this process, and for the write lock.
     *
     * @param forcedLate whether it is known only at the end if the commit must survive a loss of power
     * @throws dev.fencepost.WriteLockTimeoutException if the operation's deadline passes before
     * @throws UnusableStoreException if the store was removed, replaced or damaged
     */
    void begin(boolean forcedLate);

    /**
     * Returns the session of the transaction.
     *
     * @throws UnusableStoreException if the schema was changed
     */
    Session session();

    /**
     * Commits the transaction. Returns when it is as durable as configured. If it throws, the outcome may be in doubt.
     *
     * @param keepTurn whether this process keeps its turn if it has one, for another transaction that follows at once
     * @param survives whether the commit must survive a loss of power; if not, a transaction that began as forced late
     *     waits for no disk
     */
    void commit(boolean keepTurn, boolean survives);

    /**
     * Ends a transaction that has written nothing, and whose tasks were all refused. Does not wait for the disk, since
     * a refusal promises nothing. This process keeps its turn if it has one, for another transaction that follows at
     * once.
     */
    void endRefused();

    /** Rolls back, and closes the session, which may be in any state. The next transaction opens another. */
    void rollback(Throwable because);

    /**
     * Prepares one statement that commits by itself. The caller executes it next. If it had an effect, the caller calls
     * {@link #commitAlone} and {@link #confirmAlone}; otherwise {@link #cancelAlone}.
     *
     * @return the session for the statement; empty if a transaction is needed
     */
    Optional<Session> beginAlone();

    /** Ends a single statement that had no effect. */
    void cancelAlone();

    /** Completes a single statement that had an effect. If it throws, the outcome may be in doubt. */
    void commitAlone();

    /**
     * Verifies that the schema did not prevent the effect of a single statement.
     *
     * @param written tells whether the store has what the statement reported; asked only if the schema has changed
     * @throws UnusableStoreException if the schema was changed, or the effect was lost
     */
    void confirmAlone(BooleanSupplier written);

    /** Returns the state of the store before the last transaction or single statement; null if it is unavailable. */
    @Nullable StateToken before();

    /** Returns whether a commit that failed like this has certainly written nothing. */
    boolean leftNothing(Throwable failure);

    /** Returns whether the store's own rules refused a statement, which has then changed nothing. */
    boolean isRefusedByRule(Throwable failure);

    /**
     * Counts what a transaction has written, so that the engine maintains its files in time.
     *
     * @param tasks the number of its tasks
     * @param morePages the number of pages that they report beyond one each
     * @param characters the number of characters in its values
     */
    void noteWritten(int tasks, int morePages, long characters);

    /**
     * Waits until all commits so far are on the disk. Safe for any thread.
     *
     * @return false if some are not; the next transaction repairs that
     */
    boolean awaitDurable();

    /** Waits for the turn of this process. Does nothing if processes do not contend to write. */
    void takeTurn();

    /** Returns whether this process keeps its turn, so that other processes wait. Safe for any thread. */
    boolean hasTurn();

    /** Ends the turn of this process, because no caller in it will commit at once. */
    void leaveTurn();

    @Override
    void close();
}
