package dev.fencepost.internal.sqlite;

import dev.fencepost.FencepostException;
import dev.fencepost.StorageException;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sqlite.WalIndex.Header;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The session through which a store commits. It takes the write lock, and decides when to release it.
 *
 * <h2>Early lock release</h2>
 *
 * At full durability a commit is on the disk before it is acknowledged. By default SQLite forces it to the disk while
 * it holds the write lock. While other processes queue, the lock is released as soon as the commit is written, and the
 * session waits for the disk afterwards. So several processes wait for the disk at one time. A sync covers all earlier
 * writes, so no acknowledged commit depends on one that could be lost. But other processes can <em>see</em> a commit
 * that a loss of power could still remove. A reader that must not act on such a commit calls {@link
 * dev.fencepost.Store#awaitDurable()}. (D. DeWitt et al.: 'Implementation Techniques for Main Memory Database Systems',
 * SIGMOD 1984; R. Johnson et al.: 'Aether', VLDB 2010.) Model-checked in {@code specs/EarlyLockRelease.tla}.
 *
 * <p>A request that waits for a claim need not survive a loss of power. So a batch of such requests is committed without
 * an fsync, which follows only if one of them was granted at once.
 *
 * <p>Used by one thread at a time.
 */
final class WriteSession implements AutoCloseable {
    private final SqliteSession session;
    private final WriterQueue writerQueue;
    private final WalSync force;
    private final FileVerifier verifier;
    private final boolean durable;
    /** True if SQLite itself waits for the disk at a commit. It does so initially, if commits must be durable. */
    private boolean forcing = true;

    private boolean begun;
    /** True while a commit was requested and has no outcome yet. */
    private boolean inDoubt;

    private long failuresBefore;
    /** The header of the log's index, as it was verified before the commit. */
    private @Nullable Header verified;

    /**
     * Creates a session.
     *
     * @param durable whether commits must survive a loss of power
     */
    WriteSession(
            SqliteSession session, WriterQueue writerQueue, WalSync force, FileVerifier verifier, boolean durable) {
        this.session = session;
        this.writerQueue = writerQueue;
        this.force = force;
        this.verifier = verifier;
        this.durable = durable;
        force.open();
    }

    /** Returns the session that executes statements. */
    Session session() {
        return session;
    }

    /**
     * Begins a write transaction. Waits in the writer queue if others want to write, and for the write lock.
     *
     * @param forcedLate whether it is known only at the end if the commit must survive a loss of power
     */
    void begin(boolean forcedLate) {
        inDoubt = false;
        takeTurn();
        try {
            boolean late = forcedLate || writerQueue.hasTurn();
            if (durable && forcing == late) {
                session.once(late ? SqliteSession.UNFORCED : SqliteSession.FORCED);
                forcing = !late;
            }
            session.begin();
            begun = true;
            failuresBefore = force.failures();
            verify();
            if (force.isFailed()) {
                force.rewrite();
            }
        } catch (FencepostException e) {
            rollback(e);
            throw e;
        }
    }

    /**
     * Commits; returns when the commit is as durable as configured.
     *
     * @param keepTurn whether to stay at the head of the writer queue, for another transaction that follows at once
     * @param survives whether the commit must survive a loss of power; if not, it waits for no disk where SQLite does not
     */
    void commit(boolean keepTurn, boolean survives) {
        inDoubt = true;
        session.commit();
        begun = false;
        inDoubt = false;
        if (!keepTurn) {
            writerQueue.release();
        }
        verifier.verifyAgain(verified);
        if (forcing) {
            ring();
        } else if (survives) {
            force.sync();
            if (force.failures() != failuresBefore) {
                throw new StorageException(
                        "The disk failed during the fsync of the commit",
                        new IOException("the operating system reported it to another thread"));
            }
        }
    }

    /** Ends a transaction that has written nothing. Waits for no disk, wakes no process, and keeps the turn. */
    void endRefused() {
        session.commit();
        begun = false;
    }

    /**
     * Returns whether a statement without {@link #begin} would delay no other process, and be durable. If so, the
     * caller executes it next, and then calls {@link #committedAlone} or {@link #rollback}.
     */
    boolean isAlone() {
        inDoubt = forcing && !writerQueue.isContended() && !(durable && force.isFailed());
        return inDoubt;
    }

    /** Waits in the writer queue if others want to write too; returns whether this process is at its head. */
    boolean takeTurn() {
        if (writerQueue.isContended()) {
            writerQueue.await();
        }
        return writerQueue.hasTurn();
    }

    /** Returns whether this process is at the head of the writer queue, before others. */
    boolean hasTurn() {
        return writerQueue.hasTurn();
    }

    /**
     * Verifies the file and its log before a commit.
     *
     * @throws UnusableStoreException if they lost data that was written
     */
    void verify() {
        verified = verifier.verify();
    }

    /** Completes the commit of a statement that was executed without {@link #begin}. */
    void committedAlone() {
        leaveTurn();
        verifier.verifyAgain(verified);
        ring();
    }

    private void ring() {
        if (durable) {
            writerQueue.signalCommit();
        }
    }

    /** Leaves the head of the writer queue, after {@link #commit} kept it. */
    void leaveTurn() {
        inDoubt = false;
        writerQueue.release();
    }

    /**
     * Rolls back what was not committed, and leaves the head of the writer queue; see {@link Session#rollback}. A
     * commit may have failed at the disk, which reports a failure only once. So the log is marked if the outcome is in
     * doubt.
     */
    void rollback(Throwable because) {
        if (inDoubt && !SqliteErrors.leftNothing(because) && !(because instanceof WriteLockTimeoutException)) {
            force.markFailed();
        }
        inDoubt = false;
        if (begun) {
            begun = false;
            session.rollback(because);
        }
        writerQueue.release();
    }

    @Override
    public void close() {
        writerQueue.release();
        session.close();
    }
}
