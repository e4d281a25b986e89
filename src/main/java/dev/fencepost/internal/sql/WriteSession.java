package dev.fencepost.internal.sql;

import dev.fencepost.FencepostException;
import dev.fencepost.StorageException;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.internal.sql.WalIndex.Header;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The session of a store's commits: how they take the write lock, and when they let go of it.
 *
 * <h2>Early lock release</h2>
 *
 * At full durability a commit is on the disk before it is acknowledged. As a rule SQLite sees to that while it holds the
 * write lock. While other processes wait for their turn, the lock is given to the next as soon as the commit is written,
 * and the disk is waited for afterwards, so that several processes wait for the disk at one time. A later force covers
 * all that was written before, so nothing that is acknowledged rests on something that could be lost. But others can
 * <em>see</em> a commit that a loss of power could still take back; who must not act on such a one asks for
 * {@link dev.fencepost.Store#awaitDurable()}. (D. DeWitt et al.: 'Implementation Techniques for Main Memory Database
 * Systems', SIGMOD 1984; R. Johnson et al.: 'Aether', VLDB 2010.) Model-checked in {@code specs/EarlyRelease.tla}.
 *
 * <p>Used by one thread at a time.
 */
public final class WriteSession implements AutoCloseable {
    private final Session session;
    private final WriterQueue turnstile;
    private final WalSync force;
    private final FileVerifier verifier;
    private final boolean durable;
    /** Whether SQLite itself waits for the disk at a commit; so it is after opening, if anybody does. */
    private boolean forcing = true;

    private boolean begun;
    /** Whether a commit has been asked for, and not yet answered. */
    private boolean inDoubt;

    private long failuresBefore;
    /** The index of the log as it was verified before the commit. */
    private @Nullable Header verified;

    /**
     * A session.
     *
     * @param durable whether commits must survive a loss of power
     */
    WriteSession(Session session, WriterQueue turnstile, WalSync force, FileVerifier verifier, boolean durable) {
        this.session = session;
        this.turnstile = turnstile;
        this.force = force;
        this.verifier = verifier;
        this.durable = durable;
        force.open();
    }

    /** What statements go through. */
    public Session session() {
        return session;
    }

    /** Begins a write transaction, waiting for the turn and for the write lock. */
    public void begin() {
        inDoubt = false;
        takeTurn();
        try {
            if (durable && forcing == turnstile.hasTurn()) {
                session.once(forcing ? Session.UNFORCED : Session.FORCED);
                forcing = !forcing;
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
     * @param keepTurn whether to stay before all others, for another transaction that follows at once
     */
    public void commit(boolean keepTurn) {
        inDoubt = true;
        session.commit();
        begun = false;
        inDoubt = false;
        if (!keepTurn) {
            turnstile.release();
        }
        verifier.verifyAgain(verified);
        if (forcing) {
            ring();
        } else {
            force.sync();
            if (force.failures() != failuresBefore) {
                throw new StorageException(
                        "The disk failed while the commit was forced",
                        new IOException("the operating system told another thread of it"));
            }
        }
    }

    /**
     * Whether a statement by itself, without {@link #begin}, would stand in nobody's way and be durable. If so, it is
     * executed next, and then {@link #committedAlone} or {@link #rollback} is called.
     */
    public boolean isAlone() {
        inDoubt = forcing && !turnstile.isContended() && !(durable && force.isFailed());
        return inDoubt;
    }

    /** Waits for the turn if others want to write too; returns whether this process has it. */
    public boolean takeTurn() {
        if (turnstile.isContended()) {
            turnstile.await();
        }
        return turnstile.hasTurn();
    }

    /** Whether this process has its turn, others standing behind it. */
    public boolean hasTurn() {
        return turnstile.hasTurn();
    }

    /**
     * Verifies the file and its log before a commit.
     *
     * @throws UnusableStoreException if they lost what was written
     */
    public void verify() {
        verified = verifier.verify();
    }

    /** A statement by itself was executed. */
    public void committedAlone() {
        leaveTurn();
        verifier.verifyAgain(verified);
        ring();
    }

    private void ring() {
        if (durable) {
            turnstile.signalCommit();
        }
    }

    /** Lets the others pass, after a turn that was kept. */
    public void leaveTurn() {
        inDoubt = false;
        turnstile.release();
    }

    /**
     * Gives up the turn, and rolls back what was not committed; see {@link Session#rollback}. A commit that failed may
     * have failed at the disk, which tells it once.
     */
    public void rollback(Throwable because) {
        if (inDoubt && !Session.leftNothing(because) && !(because instanceof WriteLockTimeoutException)) {
            force.markFailed();
        }
        inDoubt = false;
        if (begun) {
            begun = false;
            session.rollback(because);
        }
        turnstile.release();
    }

    @Override
    public void close() {
        turnstile.release();
        session.close();
    }
}
