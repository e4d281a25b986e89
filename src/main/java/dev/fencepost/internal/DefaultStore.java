package dev.fencepost.internal;

import dev.fencepost.Agent;
import dev.fencepost.BackupOptions;
import dev.fencepost.BackupReport;
import dev.fencepost.Change;
import dev.fencepost.CheckReport;
import dev.fencepost.ClaimInfo;
import dev.fencepost.CommitId;
import dev.fencepost.CommitOutcome;
import dev.fencepost.FencepostException;
import dev.fencepost.Freshness;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Page;
import dev.fencepost.Position;
import dev.fencepost.Prefix;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.Versioned;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.Fold;
import dev.fencepost.event.FoldState;
import dev.fencepost.history.History;
import dev.fencepost.internal.claim.Claims;
import dev.fencepost.internal.commit.CommitQueue;
import dev.fencepost.internal.commit.Committer;
import dev.fencepost.internal.commit.FencingCheck;
import dev.fencepost.internal.commit.ProtocolTrace;
import dev.fencepost.internal.engine.Engine;
import dev.fencepost.internal.event.DefaultChangeFeed;
import dev.fencepost.internal.event.EventStreams;
import dev.fencepost.internal.history.DefaultHistory;
import dev.fencepost.internal.history.DefaultRetention;
import dev.fencepost.internal.history.Pruner;
import dev.fencepost.internal.history.Snapshots;
import dev.fencepost.internal.process.LivenessChecker;
import dev.fencepost.internal.process.ProcessProbe;
import dev.fencepost.internal.read.ChangeWaiter;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.read.HighWaterMark;
import dev.fencepost.internal.read.Positions;
import dev.fencepost.internal.read.ReadCache;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.saga.RunningSagas;
import dev.fencepost.internal.saga.SagaParts;
import dev.fencepost.internal.sql.Bounds;
import dev.fencepost.internal.sql.CommitIdentity;
import dev.fencepost.internal.sql.Listing;
import dev.fencepost.internal.sql.VersionRow;
import dev.fencepost.internal.sql.VersionTables;
import dev.fencepost.internal.sqlite.Dependencies;
import dev.fencepost.internal.sqlite.SqliteEngine;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.internal.util.Names;
import dev.fencepost.internal.util.Patience;
import dev.fencepost.internal.util.PeriodicTask;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A store in this process, over one storage engine. */
public final class DefaultStore implements Store {
    private static final Logger LOG = LoggerFactory.getLogger(DefaultStore.class);

    /**
     * The longest wait of {@link #close()} for running steps. It is shorter than the wait of supervisors before they
     * kill.
     */
    private static final Duration DRAINED = Duration.ofSeconds(5);

    private final Duration longestWait;
    private final Engine engine;
    private final Positions positions;
    private final ReaderPool reads;
    private final ReadCache cache;
    private final CommitQueue queue;
    private final Committer committer;
    private final CommitNotifier notifier;
    private final ChangeWaiter newer;
    private final Claims claims;
    private final RunningSagas underway;
    private final DefaultAgent.Parts agents;
    private final Snapshots snapshots;
    private final EventStreams streams;
    private final History history;
    private final PeriodicTask tasks = new PeriodicTask();
    private final Duration busyWait;
    private final AtomicBoolean closed = new AtomicBoolean();

    private DefaultStore(StoreConfig config, Engine engine, ProtocolTrace.Factory traces) {
        this.longestWait = config.maxWait();
        this.engine = engine;
        this.busyWait = config.writeLockTimeout();
        HighWaterMark highWater = new HighWaterMark();
        this.reads = new ReaderPool(engine, highWater);
        this.positions = new Positions(engine.storeId(), highWater, reads);
        this.cache = new ReadCache(engine, highWater, reads, config);
        ProcessProbe probe = new ProcessProbe();
        LivenessChecker liveness = new LivenessChecker(probe, config.heartbeat());
        this.queue = new CommitQueue(engine, config, highWater, probe.own(), cache, traces);
        FencingCheck fences = new FencingCheck(engine.storeId(), engine.formerStores());
        this.committer = new Committer(queue, cache, reads, fences, liveness, config);
        this.notifier = new CommitNotifier(engine::signal);
        this.newer = new ChangeWaiter(cache, notifier, config.maxWait());
        this.claims = new Claims(config, queue, reads, committer, fences, notifier, liveness, engine.messages());
        this.snapshots = new Snapshots(engine.storeId(), queue, reads, claims);
        this.streams = new EventStreams(queue, reads);
        this.history = new DefaultHistory(reads);
        this.underway = new RunningSagas(notifier);
        this.agents = new DefaultAgent.Parts(
                this,
                committer,
                claims,
                new SagaParts(config, queue, reads, committer, claims, notifier, tasks, underway),
                new DefaultChangeFeed.Parts(config, queue, reads, claims, notifier, tasks),
                new DefaultRetention.Parts(queue, reads, new Pruner(queue, reads, claims), tasks));
    }

    /** Checks and opens the file, and creates the store. */
    public static Store open(StoreConfig config) {
        try {
            return open(config, ProtocolTrace.Factory.NONE);
        } catch (LinkageError e) {
            throw Dependencies.translate(e);
        }
    }

    /** Opens a store that calls a hook at each step of the protocol. */
    public static Store open(StoreConfig config, ProtocolTrace.Factory traces) {
        return open(config, SqliteEngine::open, traces);
    }

    /** Opens a store over the engine that a function opens. */
    static Store open(StoreConfig config, Function<StoreConfig, Engine> engines, ProtocolTrace.Factory traces) {
        return Patience.of(config.writeLockTimeout()).during(() -> {
            Engine engine = engines.apply(config);
            try {
                return new DefaultStore(config, engine, traces);
            } catch (RuntimeException | Error e) {
                engine.close();
                throw e;
            }
        });
    }

    @Override
    public Agent agent(String name) {
        Names.checkAgent(name);
        return new DefaultAgent(name, agents);
    }

    @Override
    public <T> Optional<Versioned<T>> get(Key<T> key) {
        Arguments.required(key, "key");
        Optional<VersionRow> row = cache.latest(key.name());
        return row.isEmpty() ? Optional.empty() : row.get().versioned(key);
    }

    @Override
    public <T> Optional<Versioned<T>> get(Key<T> key, Freshness freshness) {
        Arguments.required(key, "key");
        Arguments.required(freshness, "freshness");
        if (freshness instanceof Freshness.AtLeast least) {
            positions.verify(least.position());
        }
        Optional<VersionRow> row = cache.get(key.name(), freshness);
        return row.isEmpty() ? Optional.empty() : row.get().versioned(key);
    }

    @Override
    public Position position() {
        return positions.newest();
    }

    @Override
    public <T> Optional<Change<T>> awaitChange(Key<T> key, long after, Duration wait) {
        Arguments.required(key, "key");
        Arguments.required(wait, "wait");
        return newer.await(key.name(), after, wait).map(row -> row.change(key));
    }

    @Override
    public <T> List<Versioned<T>> list(Prefix<T> prefix) {
        Arguments.required(prefix, "prefix");
        return list(prefix, "", Listing.keys(prefix.name()).whole());
    }

    @Override
    public <T> Page<Versioned<T>> list(Prefix<T> prefix, String after, int limit) {
        Arguments.required(prefix, "prefix");
        Arguments.required(after, "after");
        Names.checkAfter(after);
        return list(prefix, after, Listing.keys(prefix.name()).page(limit));
    }

    private <T> Page<Versioned<T>> list(Prefix<T> prefix, String after, Bounds bounds) {
        return reads.read(session -> new VersionTables(session).list(prefix.name(), after, bounds))
                .map(row -> row.in(prefix));
    }

    @Override
    public <T> Page<Event<T>> events(EventStream<T> stream, long after, int limit) {
        Arguments.required(stream, "stream");
        return streams.events(stream, after, limit);
    }

    @Override
    public <T> List<Event<T>> events(EventStream<T> stream) {
        Arguments.required(stream, "stream");
        return streams.events(stream);
    }

    @Override
    public <T, S> FoldState<S> fold(EventStream<T> stream, Fold<T, S> fold) {
        Arguments.required(stream, "stream");
        Arguments.required(fold, "fold");
        return streams.fold(this, stream, fold);
    }

    /** Returns the claims of this store, including claims on reserved keys. */
    Claims allClaims() {
        return claims;
    }

    EventStreams streams() {
        return streams;
    }

    @Override
    public Snapshot snapshot() {
        return snapshots.open();
    }

    @Override
    public Snapshot snapshotAt(long sequence) {
        return snapshots.openAt(sequence);
    }

    @Override
    public Snapshot snapshotAt(Instant time) {
        Arguments.required(time, "time");
        return snapshots.openAt(time);
    }

    @Override
    public History history() {
        return history;
    }

    @Override
    public List<ClaimInfo> claims() {
        return claims.held("", Listing.claims().whole());
    }

    @Override
    public Page<ClaimInfo> claims(String after, int limit) {
        Arguments.required(after, "after");
        Names.checkAfter(after);
        return claims.held(after, Listing.claims().page(limit));
    }

    @Override
    public CommitOutcome outcome(CommitId commit) {
        Arguments.required(commit, "commit");
        if (!commit.storeId().equals(engine.storeId())) {
            engine.formerStores().refuse(commit.storeId(), "The commit id " + commit);
            throw new InvalidInputException("The commit id " + commit + " belongs to another store; this store is "
                    + engine.storeId() + ". Use it with the store that made it");
        }
        CommitIdentity identity = new CommitIdentity(commit.process(), commit.ordinal(), commit.sequence());
        return queue.submit(scope -> {
            boolean applied = scope.values().hasCommit(identity);
            // A later commit makes the answer final. If the commit is there, the disk has it before this returns. If
            // not, the later commit overwrites any part of it in the WAL.
            scope.claims().touch(scope.process(), scope.now());
            return applied ? CommitOutcome.APPLIED : CommitOutcome.NOT_APPLIED;
        });
    }

    @Override
    public void awaitDurable() {
        queue.awaitDurable();
    }

    @Override
    public CheckReport check() {
        CheckReport report = reads.readUnverified(engine::check);
        try {
            reads.verify();
        } catch (UnusableStoreException e) {
            if (e.reason() == Reason.HISTORY_WENT_BACK) {
                throw e;
            }
            // The report has the same finding.
        }
        return report;
    }

    @Override
    public BackupReport backup(Path target, BackupOptions options) {
        Arguments.required(target, "target");
        Arguments.required(options, "options");
        Engine.Copy made = reads.readUnverified(session -> engine.backup(session, target, options));
        reads.verify();
        return new BackupReport(made.file(), made.pages(), made.bytes(), positions.of(made.newest()));
    }

    @Override
    public String id() {
        return engine.storeId();
    }

    @Override
    public Path file() {
        return engine.file();
    }

    @Override
    public void close() {
        close(DRAINED.compareTo(longestWait) < 0 ? DRAINED : longestWait);
    }

    @Override
    public void close(Duration wait) {
        Arguments.required(wait, "wait");
        if (wait.isNegative() || wait.compareTo(longestWait) > 0) {
            throw new InvalidInputException("The wait for running steps is " + wait + "; it must be from zero to "
                    + longestWait + ". Use a shorter wait, or open the store with a longer maximum wait");
        }
        if (closed.compareAndSet(false, true)) {
            tasks.close();
            try (engine) {
                underway.drain(wait);
                closeParts();
            }
        }
    }

    private void closeParts() {
        try {
            Patience.of(busyWait).during(this::leave);
        } finally {
            queue.close();
            reads.close();
            cache.close();
            notifier.close();
            tasks.awaitEnd();
        }
    }

    private boolean leave() {
        keepRefusals();
        releaseClaims();
        return true;
    }

    private void releaseClaims() {
        try {
            claims.close();
        } catch (FencepostException e) {
            LOG.warn("Could not release claims at close; other processes take them over: {}", e.getMessage(), e);
        }
    }

    private void keepRefusals() {
        try {
            committer.settle();
        } catch (FencepostException e) {
            LOG.warn("Could not record the last refusals at close: {}", e.getMessage(), e);
        }
    }
}
