package dev.fencepost.internal.commit;

import dev.fencepost.FencepostException;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.internal.read.HighWaterMark;
import dev.fencepost.internal.read.ReadCache;
import dev.fencepost.internal.sql.CommitIdentity;
import dev.fencepost.internal.sql.ProcessFingerprint;
import dev.fencepost.internal.sql.Tip;
import dev.fencepost.internal.sql.VersionRow;
import dev.fencepost.internal.sql.VersionTables;
import dev.fencepost.internal.sqlite.Checkpointer;
import dev.fencepost.internal.sqlite.FileVerifier;
import dev.fencepost.internal.sqlite.PathCheck;
import dev.fencepost.internal.sqlite.SchemaGuard;
import dev.fencepost.internal.sqlite.SqliteErrors;
import dev.fencepost.internal.sqlite.StoreFile;
import dev.fencepost.internal.sqlite.WalIndex.Header;
import dev.fencepost.internal.sqlite.WalSync;
import dev.fencepost.internal.sqlite.WriteSession;
import dev.fencepost.internal.sqlite.WriterQueue;
import dev.fencepost.internal.util.CoarseClock;
import dev.fencepost.internal.util.Patience;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Commits batches of tasks, each in one write transaction. For one leader at a time, unless a method says otherwise. */
final class GroupCommitter implements BatchExecutor {
    private final StoreFile file;
    private final InstantSource clock;
    private final ProtocolTrace.Factory traces;
    private final HighWaterMark highWater;
    private final ReadCache cache;
    private final ProcessRegistration identity;
    private final AgreedTime time;
    private final WriterQueue writerQueue;
    private final WalSync force;
    private final FileVerifier verifier;
    private final PathCheck path;
    private final Checkpointer checkpointer;
    private final SchemaGuard schema = new SchemaGuard();
    private @Nullable WriteSession session;
    /** True while a batch runs, and after one that ended abnormally: the session may be inside a transaction. */
    private boolean unsettled;
    /** The newest commit that this process has seen. */
    private CommitIdentity newest = Tip.EMPTY;
    /** True if no other process committed before the last batch, so that one statement probably succeeds. */
    private boolean undisturbed;
    /** True if this process keeps the head of the writer queue between batches. */
    private volatile boolean turnKept;

    GroupCommitter(
            StoreFile file,
            StoreConfig config,
            HighWaterMark highWater,
            ProcessFingerprint facts,
            ReadCache cache,
            ProtocolTrace.Factory traces) {
        this.file = file;
        this.cache = cache;
        this.clock = config.clock();
        this.traces = traces;
        this.highWater = highWater;
        this.identity = new ProcessRegistration(facts);
        this.time = new AgreedTime(config, facts);
        this.writerQueue = new WriterQueue(file.path());
        this.force = new WalSync(file.path());
        this.verifier = new FileVerifier(file.path(), cache::position, CoarseClock::begin);
        this.path = new PathCheck(file);
        this.checkpointer = new Checkpointer(file, force);
    }

    @Override
    public Optional<Long> process() {
        return identity.confirmed();
    }

    @Override
    public Patience patience() {
        return file.sqlite().patience();
    }

    @Override
    public void run(List<QueuedTask<?>> batch) {
        if (batch.size() == 1 && undisturbed && runAlone(batch.get(0))) {
            return;
        }
        List<QueuedTask<?>> waiting = batch;
        while (!waiting.isEmpty()) {
            Patience patience = leastPatience(waiting);
            WriteSession open;
            try {
                open = patience.during(this::begin);
            } catch (WriteLockTimeoutException e) {
                waiting = failOverdue(waiting, patience, e);
                continue;
            } catch (FencepostException e) {
                waiting.forEach(pending -> pending.fail(e));
                return;
            }
            runIn(open, waiting);
            return;
        }
    }

    private static Patience leastPatience(List<QueuedTask<?>> batch) {
        Patience least = batch.get(0).patience();
        for (QueuedTask<?> pending : batch) {
            least = pending.patience().endsBefore(least) ? pending.patience() : least;
        }
        return least;
    }

    /** Fails the tasks whose callers wait no longer for the write lock, and returns the others. */
    private static List<QueuedTask<?>> failOverdue(
            List<QueuedTask<?>> batch, Patience over, WriteLockTimeoutException e) {
        List<QueuedTask<?>> waiting = new ArrayList<>();
        for (QueuedTask<?> pending : batch) {
            if (over.endsBefore(pending.patience()) && !pending.patience().isOver()) {
                waiting.add(pending);
            } else {
                pending.fail(e);
            }
        }
        return waiting;
    }

    private void runIn(WriteSession open, List<QueuedTask<?>> batch) {
        WriteTransaction scope;
        @Nullable Header before;
        try {
            scope = scope(open);
            before = cache.position();
            batch.forEach(pending -> pending.apply(scope));
        } catch (Throwable e) {
            // The clock and the participants of sagas are callers' code, which may throw checked exceptions too.
            giveUp(open, e);
            isolate(batch, e);
            return;
        }
        boolean keepTurn = open.hasTurn()
                && scope.newest().equals(newest)
                && batch.stream().anyMatch(QueuedTask::triesAgain);
        try {
            open.commit(keepTurn);
            path.refuseIfReplaced();
        } catch (FencepostException e) {
            giveUp(open, e);
            findOut(batch, e);
            return;
        }
        settle(scope);
        turnKept = keepTurn;
        acknowledge(batch, before, scope.pages());
    }

    @Override
    public boolean awaitDurable() {
        file.refuseIfReplaced();
        long before = force.failures();
        if (force.isFailed()) {
            return false;
        }
        force.sync();
        return force.failures() == before && !force.isFailed();
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

    /**
     * Runs one task by one statement, while no other process writes. SQLite commits the statement by itself. The
     * statement demands that the newest commit is still the last one seen, so no query is needed before it.
     *
     * @return whether the task has its outcome
     */
    private boolean runAlone(QueuedTask<?> pending) {
        WriteSession open;
        try {
            open = pending.patience().during(this::ready);
            open.verify();
        } catch (FencepostException e) {
            pending.fail(e);
            return true;
        }
        WriteTransaction scope = new WriteTransaction(open.session(), traces, identity, time, clock.millis(), newest);
        Header before = cache.position();
        try {
            if (!open.isAlone() || !pending.patience().during(() -> pending.applyAlone(scope))) {
                unsettled = false;
                return false;
            }
            open.committedAlone();
            path.refuseIfReplaced();
        } catch (WriteLockTimeoutException e) {
            giveUp(open, e);
            pending.fail(e);
            return true;
        } catch (FencepostException e) {
            failAlone(pending, open, e);
            return true;
        }
        try {
            schema.confirm(open.session(), before, cache.position(), () -> isInFile(pending, scope.values()));
        } catch (FencepostException e) {
            giveUp(open, e);
            pending.fail(e);
            return true;
        }
        settle(scope);
        acknowledge(List.of(pending), before, scope.pages());
        return true;
    }

    private void failAlone(QueuedTask<?> pending, WriteSession open, FencepostException e) {
        giveUp(open, e);
        if (e instanceof UnusableStoreException && SqliteErrors.isRefusedByTrigger(e)) {
            pending.fail(e);
        } else {
            findOut(List.of(pending), e);
        }
    }

    private static boolean isInFile(QueuedTask<?> pending, VersionTables values) {
        return pending.commit().map(values::hasCommit).orElse(true)
                && pending.written().stream()
                        .allMatch(row -> values.version(row.key(), row.stamp().version())
                                .filter(found -> found.stamp().equals(row.stamp()))
                                .isPresent());
    }

    private void acknowledge(List<QueuedTask<?>> batch, @Nullable Header before, int pages) {
        batch.forEach(QueuedTask::acknowledge);
        schema.committed(before, cache.position());
        List<VersionRow> written =
                batch.stream().flatMap(pending -> pending.written().stream()).toList();
        cache.committed(before, newest.sequence(), written);
        long characters = written.stream()
                .mapToLong(row -> row.text().map(String::length).orElse(0))
                .sum();
        checkpointer.committed(batch.size(), pages, characters);
    }

    /**
     * Begins a transaction. Verifies the path again under the write lock, since the wait for the lock may have been
     * long.
     */
    private WriteSession begin() {
        WriteSession open = ready();
        open.begin();
        try {
            path.refuseIfReplaced();
        } catch (FencepostException e) {
            open.rollback(e);
            throw e;
        }
        return open;
    }

    /** Returns a session outside of any transaction, for a transaction that begins now. */
    private WriteSession ready() {
        path.refuseIfReplaced();
        if (unsettled) {
            letGo();
        }
        WriteSession open = session;
        if (open == null) {
            open = file.sqlite().openForCommits(writerQueue, force, verifier);
            session = open;
        }
        unsettled = true;
        return open;
    }

    /** Verifies the schema and reads the newest commit, while no other process can write. */
    private WriteTransaction scope(WriteSession open) {
        schema.check(open.session(), cache.position());
        CommitIdentity before = newest;
        newest = highWater.observe(new VersionTables(open.session()));
        undisturbed = newest.equals(before) && identity.confirmed().isPresent();
        return new WriteTransaction(open.session(), traces, identity, time, clock.millis(), newest);
    }

    /** Runs each task of a failed batch by itself, so that the failure of one does not affect the others. */
    private void isolate(List<QueuedTask<?>> batch, Throwable e) {
        if (batch.size() == 1) {
            batch.get(0).fail(e);
        } else {
            batch.forEach(pending -> run(List.of(pending)));
        }
    }

    /** Rolls back, and closes the connection, which may be in any state. */
    private void giveUp(WriteSession open, Throwable because) {
        open.rollback(because);
        try {
            letGo();
        } catch (RuntimeException e) {
            because.addSuppressed(e);
        }
    }

    /** Closes the connection, which rolls back uncommitted changes. */
    private void letGo() {
        WriteSession open = session;
        session = null;
        unsettled = false;
        turnKept = false;
        identity.forget();
        schema.forget();
        // So the next batch checks the schema before it writes.
        undisturbed = false;
        if (open != null) {
            open.close();
        }
    }

    private void settle(WriteTransaction scope) {
        identity.confirm();
        unsettled = false;
        CommitIdentity before = newest;
        newest = scope.newest();
        highWater.note(before, newest, scope.values()::tip);
    }

    /**
     * Finds out which tasks are in the file after COMMIT failed. The failure does not tell: the disk may have the
     * commit without having confirmed it. A commit that is not in the file now cannot reappear, once a later commit has
     * overwritten it in the WAL. A commit that is in the file may be missing after a loss of power, since the disk
     * never confirmed it. Its outcome is unknown.
     */
    private void findOut(List<QueuedTask<?>> batch, FencepostException because) {
        try {
            // The same callers are still waiting, so their deadlines bound this wait for the lock.
            WriteSession open = leastPatience(batch).during(this::begin);
            try {
                WriteTransaction scope = scope(open);
                List<QueuedTask<?>> applied = batch.stream()
                        .filter(pending ->
                                pending.commit().map(scope.values()::hasCommit).orElse(false))
                        .toList();
                scope.claims().touch(scope.process(), scope.now());
                open.commit(false);
                settle(scope);
                applied.forEach(pending -> pending.fail(FailedCommit.unknown(file.storeId(), pending, because)));
            } catch (Throwable e) {
                giveUp(open, e);
                throw e;
            }
        } catch (FencepostException e) {
            because.addSuppressed(e);
            boolean nothing = SqliteErrors.leftNothing(because);
            batch.forEach(pending -> pending.fail(
                    nothing
                            ? FailedCommit.notApplied(because)
                            : FailedCommit.unknown(file.storeId(), pending, because)));
            return;
        }
        batch.forEach(pending -> pending.fail(FailedCommit.notApplied(because)));
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
