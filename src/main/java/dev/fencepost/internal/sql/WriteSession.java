package dev.fencepost.internal.sql;

import dev.fencepost.FencepostException;
import java.util.Optional;

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
    private final Turnstile turnstile;
    private final Optional<LogForce> force;
    /** Whether SQLite itself waits for the disk at a commit; so it is after opening, if anybody does. */
    private boolean forcing = true;

    private boolean begun;
    private boolean published;

    /**
     * A session.
     *
     * @param force if commits must survive a loss of power
     */
    WriteSession(Session session, Turnstile turnstile, Optional<LogForce> force) {
        this.session = session;
        this.turnstile = turnstile;
        this.force = force;
        force.ifPresent(LogForce::open);
    }

    /** What statements go through. */
    public Session session() {
        return session;
    }

    /** Begins a write transaction, waiting for the turn and for the write lock. */
    public void begin() {
        if (turnstile.isContended()) {
            turnstile.enter();
        }
        if (force.isPresent() && forcing == turnstile.hasTurn()) {
            forcing = !forcing;
            session.once(forcing ? Session.FORCED : Session.UNFORCED);
        }
        try {
            session.begin();
        } catch (FencepostException e) {
            turnstile.leave();
            throw e;
        }
        begun = true;
    }

    /**
     * Commits; returns when the commit is as durable as configured.
     *
     * @param keepTurn whether to stay before all others, for another transaction that follows at once
     */
    public void commit(boolean keepTurn) {
        session.commit();
        begun = false;
        if (!keepTurn) {
            turnstile.leave();
        }
        if (!forcing && force.isPresent()) {
            published = true;
            force.get().force();
            published = false;
        }
    }

    /** Whether others may have seen a commit whose force then failed. */
    public boolean hasPublishedInVain() {
        return published;
    }

    /** Whether a statement by itself, without {@link #begin}, would stand in nobody's way and be durable. */
    public boolean isAlone() {
        return forcing && !turnstile.isContended();
    }

    /** Whether this process has its turn, others standing behind it. */
    public boolean hasTurn() {
        return turnstile.hasTurn();
    }

    /** Lets the others pass, after a statement by itself or a turn that was kept. */
    public void leaveTurn() {
        turnstile.leave();
    }

    /** Gives up the turn, and rolls back what was not committed; see {@link Session#rollback}. */
    public void rollback(Throwable because) {
        if (begun) {
            begun = false;
            session.rollback(because);
        }
        turnstile.leave();
    }

    /** Moves all of the log into the database file, which writes anew what the disk may have failed to take. */
    public void restartLog() {
        session.all("PRAGMA wal_checkpoint(TRUNCATE)", (rs, ctx) -> rs.getLong(1));
    }

    @Override
    public void close() {
        turnstile.leave();
        session.close();
    }
}
