package dev.fencepost.internal.sqlite;

import dev.fencepost.FencepostException;
import dev.fencepost.internal.engine.Commits;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sqlite.WalIndex.Header;
import dev.fencepost.internal.util.CoarseClock;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The write transactions of this process on a SQLite file, through one {@link WriteSession}. A session that may be
 * inside a transaction after a failure is closed, and replaced by the next transaction.
 */
final class SqliteCommits implements Commits {
    private final StoreFile file;
    private final Supplier<@Nullable Header> index;
    private final WriterQueue writerQueue;
    private final WalSync force;
    private final FileVerifier verifier;
    private final PathCheck path;
    private final Checkpointer checkpointer;
    private final SchemaGuard schema = new SchemaGuard();
    private @Nullable WriteSession session;
    private @Nullable Header before;
    /** True while a transaction runs, and after one that ended abnormally: the session may be inside a transaction. */
    private boolean unsettled;
    /** True if this process keeps the head of the writer queue between transactions. */
    private volatile boolean turnKept;

    /**
     * Creates the transactions of a file.
     *
     * @param index returns the present header of the log's index; null if it is unavailable
     */
    SqliteCommits(StoreFile file, Supplier<@Nullable Header> index) {
        this.file = file;
        this.index = index;
        this.writerQueue = new WriterQueue(file.path());
        this.force = new WalSync(file.path());
        this.verifier = new FileVerifier(file.path(), index, CoarseClock::begin);
        this.path = new PathCheck(file);
        this.checkpointer = new Checkpointer(file, force);
    }

    /** Verifies the path again under the write lock, since the wait for the lock may have been long. */
    @Override
    public void begin(boolean forcedLate) {
        WriteSession open = ready();
        open.begin(forcedLate);
        try {
            path.refuseIfReplaced();
        } catch (FencepostException e) {
            open.rollback(e);
            throw e;
        }
    }

    /** Returns a session outside of any transaction, for a transaction that begins now. */
    private WriteSession ready() {
        path.refuseIfReplaced();
        if (unsettled) {
            closeSession();
        }
        WriteSession open = session;
        if (open == null) {
            open = file.sqlite().openForCommits(writerQueue, force, verifier);
            session = open;
        }
        unsettled = true;
        return open;
    }

    private WriteSession open() {
        return Objects.requireNonNull(session, "session");
    }

    @Override
    public Session session() {
        Session open = open().session();
        before = index.get();
        schema.check(open, before);
        return open;
    }

    @Override
    public void commit(boolean keepTurn, boolean survives) {
        WriteSession open = open();
        boolean keep = keepTurn && open.hasTurn();
        open.commit(keep, survives);
        path.refuseIfReplaced();
        schema.committed(before, index.get());
        unsettled = false;
        turnKept = keep;
    }

    @Override
    public void endRefused() {
        WriteSession open = open();
        open.endRefused();
        unsettled = false;
        turnKept = open.hasTurn();
    }

    @Override
    public void rollback(Throwable because) {
        WriteSession open = session;
        if (open != null) {
            open.rollback(because);
        }
        try {
            closeSession();
        } catch (RuntimeException e) {
            because.addSuppressed(e);
        }
    }

    /** Closes the connection, which rolls back uncommitted changes. */
    private void closeSession() {
        WriteSession open = session;
        session = null;
        unsettled = false;
        turnKept = false;
        schema.forget();
        if (open != null) {
            open.close();
        }
    }

    /** SQLite commits the statement by itself. It would delay no other process. */
    @Override
    public Optional<Session> beginAlone() {
        WriteSession open = ready();
        open.verify();
        before = index.get();
        if (!open.isAlone()) {
            unsettled = false;
            return Optional.empty();
        }
        return Optional.of(open.session());
    }

    @Override
    public void cancelAlone() {
        unsettled = false;
    }

    @Override
    public void commitAlone() {
        open().committedAlone();
        path.refuseIfReplaced();
    }

    @Override
    public void confirmAlone(BooleanSupplier written) {
        Header after = index.get();
        schema.confirm(open().session(), before, after, written);
        schema.committed(before, after);
        unsettled = false;
    }

    @Override
    public @Nullable Header before() {
        return before;
    }

    @Override
    public boolean leftNothing(Throwable failure) {
        return SqliteErrors.leftNothing(failure);
    }

    @Override
    public boolean isRefusedByRule(Throwable failure) {
        return SqliteErrors.isRefusedByTrigger(failure);
    }

    @Override
    public void noteWritten(int tasks, int morePages, long characters) {
        checkpointer.committed(tasks, morePages, characters);
    }

    @Override
    public boolean awaitDurable() {
        file.refuseIfReplaced();
        long failures = force.failures();
        if (force.isFailed()) {
            return false;
        }
        force.sync();
        return force.failures() == failures && !force.isFailed();
    }

    @Override
    public void takeTurn() {
        WriteSession open = session;
        if (open != null && !unsettled) {
            turnKept = open.takeTurn();
        }
    }

    @Override
    public boolean hasTurn() {
        return turnKept;
    }

    @Override
    public void leaveTurn() {
        turnKept = false;
        if (session != null) {
            session.leaveTurn();
        }
    }

    @Override
    public void close() {
        checkpointer.close();
        WriteSession open = session;
        session = null;
        try {
            if (open != null) {
                open.close();
            }
        } finally {
            writerQueue.close();
            verifier.close();
            force.close();
        }
    }
}
