package dev.fencepost.internal.commit;

import dev.fencepost.FencepostException;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.internal.engine.Commits;
import dev.fencepost.internal.engine.Engine;
import dev.fencepost.internal.process.ProcessRegistration;
import dev.fencepost.internal.read.HighWaterMark;
import dev.fencepost.internal.read.ReadCache;
import dev.fencepost.internal.sql.CommitIdentity;
import dev.fencepost.internal.sql.ProcessFingerprint;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.Tip;
import dev.fencepost.internal.sql.VersionRow;
import dev.fencepost.internal.sql.VersionTables;
import dev.fencepost.internal.util.Patience;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Commits batches of tasks, each in one write transaction. For one leader at a time, unless a method says otherwise. */
final class GroupCommitter implements BatchExecutor {
    private final Engine engine;
    private final Commits commits;
    private final InstantSource clock;
    private final ProtocolTrace.Factory traces;
    private final HighWaterMark highWater;
    private final ReadCache cache;
    private final ProcessRegistration identity;
    private final AgreedTime time;
    private final KeyRows rows = new KeyRows();
    /** The end of the log that this process has seen last. */
    private Tip end = Tip.EMPTY_LOG;
    /** True if no other process committed before the last batch, so that one statement probably succeeds. */
    private boolean undisturbed;

    private volatile HandOver handOver = HandOver.NONE;

    GroupCommitter(
            Engine engine,
            StoreConfig config,
            HighWaterMark highWater,
            ProcessFingerprint facts,
            ReadCache cache,
            ProtocolTrace.Factory traces) {
        this.engine = engine;
        this.commits = engine.openForCommits();
        this.cache = cache;
        this.clock = config.clock();
        this.traces = traces;
        this.highWater = highWater;
        this.identity = new ProcessRegistration(facts);
        this.time = new AgreedTime(config, facts);
    }

    @Override
    public void handOverBy(HandOver by) {
        handOver = by;
    }

    @Override
    public Optional<Long> process() {
        return identity.confirmed();
    }

    @Override
    public Patience patience() {
        return engine.patience();
    }

    @Override
    public void run(List<QueuedTask<?>> batch) {
        if (batch.size() == 1 && undisturbed && runAlone(batch.get(0))) {
            return;
        }
        List<QueuedTask<?>> waiting = batch;
        boolean late = batch.stream().allMatch(QueuedTask::isForcedLate);
        while (!waiting.isEmpty()) {
            Patience patience = leastPatience(waiting);
            try {
                patience.during(() -> begin(late));
            } catch (WriteLockTimeoutException e) {
                waiting = failOverdue(waiting, patience, e);
                continue;
            } catch (FencepostException e) {
                waiting.forEach(pending -> pending.fail(e));
                return;
            }
            runInTransaction(waiting);
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

    private void runInTransaction(List<QueuedTask<?>> batch) {
        WriteTransaction scope;
        try {
            scope = scope();
            batch.forEach(pending -> pending.apply(scope));
        } catch (Throwable e) {
            // The clock and the participants of sagas are callers' code, which may throw checked exceptions too.
            giveUp(e);
            isolate(batch, e);
            return;
        }
        boolean keepTurn = scope.end().equals(end) && batch.stream().anyMatch(QueuedTask::triesAgain);
        try {
            if (batch.stream().allMatch(QueuedTask::triesAgain)) {
                commits.endRefused();
            } else {
                commits.commit(keepTurn, batch.stream().anyMatch(QueuedTask::mustSurvive));
            }
        } catch (FencepostException e) {
            giveUp(e);
            findOut(batch, e);
            return;
        }
        settle(scope);
        acknowledge(batch, scope.pages());
        scope.committed();
    }

    @Override
    public boolean awaitDurable() {
        return commits.awaitDurable();
    }

    @Override
    public void takeTurn() {
        commits.takeTurn();
    }

    @Override
    public boolean hasTurn() {
        return commits.hasTurn();
    }

    @Override
    public void leaveTurn() {
        commits.leaveTurn();
    }

    /**
     * Runs one task by one statement, while no other process writes. The statement commits by itself. It
     * demands that the newest commit is still the last one seen, so no query is needed before it.
     *
     * @return whether the task has its outcome
     */
    private boolean runAlone(QueuedTask<?> pending) {
        undisturbed = false;
        Optional<Session> session;
        try {
            session = pending.patience().during(commits::beginAlone);
        } catch (FencepostException e) {
            pending.fail(e);
            return true;
        }
        if (session.isEmpty()) {
            return false;
        }
        WriteTransaction scope = transaction(session.get(), true);
        try {
            if (!pending.patience().during(() -> pending.applyAlone(scope))) {
                commits.cancelAlone();
                return false;
            }
            commits.commitAlone();
        } catch (FencepostException e) {
            failAlone(pending, e);
            return true;
        }
        try {
            commits.confirmAlone(() -> isInFile(pending, scope.values()));
        } catch (FencepostException e) {
            rows.clear();
            commits.rollback(e);
            pending.fail(e);
            return true;
        }
        undisturbed = true;
        settle(scope);
        acknowledge(List.of(pending), scope.pages());
        return true;
    }

    private void failAlone(QueuedTask<?> pending, FencepostException e) {
        rows.clear();
        commits.rollback(e);
        boolean refused = e instanceof UnusableStoreException && commits.isRefusedByRule(e);
        if (refused || e instanceof WriteLockTimeoutException) {
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

    private void acknowledge(List<QueuedTask<?>> batch, int pages) {
        batch.forEach(QueuedTask::acknowledge);
        List<VersionRow> written =
                batch.stream().flatMap(pending -> pending.written().stream()).toList();
        cache.committed(commits.before(), end, written);
        long characters = written.stream()
                .mapToLong(row -> row.text().map(String::length).orElse(0))
                .sum();
        commits.noteWritten(batch.size(), pages, characters);
    }

    /** Begins a transaction, and forgets what one that ended abnormally may have left. */
    private boolean begin(boolean forcedLate) {
        undisturbed = false;
        identity.forget();
        commits.begin(forcedLate);
        return true;
    }

    /** Reads the newest commit, while no other process can write. */
    private WriteTransaction scope() {
        Session session = commits.session();
        CommitIdentity before = end.newest();
        end = highWater.observe(new VersionTables(session));
        boolean unchanged = end.newest().equals(before);
        undisturbed = unchanged && identity.confirmed().isPresent();
        if (!unchanged) {
            rows.clear();
        }
        return transaction(session, false);
    }

    private WriteTransaction transaction(Session session, boolean alone) {
        return new WriteTransaction(session, traces, identity, time, rows, clock.millis(), end, alone)
                .handingOverBy(handOver);
    }

    /** Runs each task of a failed batch by itself, so that the failure of one does not affect the others. */
    private void isolate(List<QueuedTask<?>> batch, Throwable e) {
        if (batch.size() == 1) {
            batch.get(0).fail(e);
        } else {
            batch.forEach(pending -> run(List.of(pending)));
        }
    }

    /** Rolls back. The next batch begins with a transaction, which verifies the schema before it writes. */
    private void giveUp(Throwable because) {
        undisturbed = false;
        rows.clear();
        commits.rollback(because);
    }

    private void settle(WriteTransaction scope) {
        identity.confirm();
        CommitIdentity before = end.newest();
        end = scope.end();
        highWater.note(before, end.newest(), scope.values()::tip);
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
            leastPatience(batch).during(() -> begin(false));
            try {
                WriteTransaction scope = scope();
                List<QueuedTask<?>> applied = batch.stream()
                        .filter(pending ->
                                pending.commit().map(scope.values()::hasCommit).orElse(false))
                        .toList();
                scope.claims().touch(scope.process(), scope.now());
                commits.commit(false, true);
                settle(scope);
                applied.forEach(pending -> pending.fail(FailedCommit.unknown(engine.storeId(), pending, because)));
            } catch (Throwable e) {
                giveUp(e);
                throw e;
            }
        } catch (FencepostException e) {
            because.addSuppressed(e);
            boolean nothing = commits.leftNothing(because);
            batch.forEach(pending -> pending.fail(
                    nothing
                            ? FailedCommit.notApplied(because)
                            : FailedCommit.unknown(engine.storeId(), pending, because)));
            return;
        }
        batch.forEach(pending -> pending.fail(FailedCommit.notApplied(because)));
    }

    @Override
    public void close() {
        commits.close();
    }
}
