package dev.fencepost.internal.claim;

import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimResult;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.StoreClosedException;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.commit.CommitQueue;
import dev.fencepost.internal.commit.Committer;
import dev.fencepost.internal.commit.FencingCheck;
import dev.fencepost.internal.commit.ProtocolTrace;
import dev.fencepost.internal.engine.CommitSignal;
import dev.fencepost.internal.engine.Engine;
import dev.fencepost.internal.process.LivenessChecker;
import dev.fencepost.internal.process.ProcessProbe;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.read.HighWaterMark;
import dev.fencepost.internal.read.ReadCache;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.sql.ClaimRow;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sqlite.SqliteEngine;
import dev.fencepost.testing.SettableClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Claims in a file, with access to their parts. No heartbeat is due, and no commit is noticed. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ClaimFixture {
    static final String PLAN = "plan";
    public static final Duration BEAT = Duration.ofHours(1);
    static final Duration LONG = Duration.ofMinutes(30);
    /** The lease of a made-up request. */
    static final Duration DAY = Duration.ofDays(1);
    /** A base for made-up thread numbers, above those of all threads, so that they hold nothing. */
    static final long NOBODY = 1L << 40;

    private static final CommitSignal NO_SIGNAL = new CommitSignal() {
        @Override
        public boolean begin() {
            return false;
        }

        @Override
        public void close() {}
    };

    @TempDir
    public Path folder;

    final SettableClock clock = new SettableClock();
    private final ProcessProbe probe = new ProcessProbe();
    public final LivenessChecker liveness = new LivenessChecker(probe, BEAT);
    public CommitQueue queue;
    ReaderPool reads;
    CommitNotifier notifier;
    Committer committer;
    Claims claims;
    private ReadCache cache;
    Engine engine;

    @BeforeEach
    void open() {
        StoreConfig config = StoreConfig.of(folder.resolve("a.db"))
                .withClock(clock)
                .withElapsedTime(clock::nanos)
                .withHeartbeat(BEAT)
                .withWriteLockTimeout(Duration.ofMillis(50))
                .withDurability(Durability.PROCESS_DEATH);
        engine = SqliteEngine.open(config);
        HighWaterMark highWater = new HighWaterMark();
        reads = new ReaderPool(engine, highWater);
        cache = new ReadCache(engine, highWater, reads, config);
        queue = new CommitQueue(engine, config, highWater, probe.own(), cache, ProtocolTrace.Factory.NONE);
        FencingCheck fences = new FencingCheck(engine.storeId());
        committer = new Committer(queue, cache, reads, fences, liveness, config);
        notifier = new CommitNotifier(listener -> NO_SIGNAL);
        claims = new Claims(config, queue, reads, committer, fences, notifier, liveness, engine.messages());
    }

    @AfterEach
    void close() {
        try {
            claims.close();
        } catch (StoreClosedException e) {
            // The test has closed the queue already.
        }
        queue.close();
        reads.close();
        cache.close();
        notifier.close();
    }

    /** Returns a claim that this thread holds until its lease expires. */
    final DefaultClaim held(Duration lease, String... keys) {
        return held(Lease.withoutHeartbeats(lease), keys);
    }

    final DefaultClaim held(Lease lease, String... keys) {
        List<Key<String>> names = Stream.of(keys).map(Key::text).toList();
        ClaimResult result = claims.claim("planner", names, lease, Duration.ZERO);
        return (DefaultClaim) result.orThrow();
    }

    static long number(DefaultClaim claim) {
        return claim.token().claim();
    }

    final ClaimRow grant(DefaultClaim claim) {
        return reads.read(session -> new ClaimTables(session).holder(number(claim)));
    }

    /** Attempts a claim as a made-up thread of this process, which waits if its patience is positive. */
    final ClaimAttempt.Outcome ask(long thread, Duration patience, String... keys) {
        return queue.submit(new ClaimAttempt(
                spec(thread, patience, List.of(keys)), liveness, claims.grants, Optional.empty(), false));
    }

    final ClaimAttempt.ClaimSpec spec(long thread, Duration patience, List<String> keys) {
        return spec("waiter", "%016x".formatted(thread), thread, patience, keys);
    }

    final ClaimAttempt.ClaimSpec spec(String agent, String nonce, long thread, Duration patience, List<String> keys) {
        return new ClaimAttempt.ClaimSpec(
                nonce,
                agent,
                ProcessHandle.current().pid(),
                NOBODY + thread,
                keys,
                Lease.withoutHeartbeats(DAY),
                patience.isZero() ? Optional.empty() : Optional.of(patience.toMillis()));
    }

    /** Returns the wait of a queued request, which hears of grants by other processes. */
    final ClaimWaiter waiter(
            ClaimAttempt.ClaimSpec spec, ClaimAttempt.Outcome.Queued queued, CommitNotifier listensTo) {
        return new ClaimWaiter(
                spec,
                liveness,
                claims.grants,
                new GrantSignal(),
                true,
                queued,
                queue,
                reads,
                claims.heartbeat,
                listensTo,
                clock);
    }

    /** Queues a request of a thread that does nothing else. */
    final ClaimAttempt.Outcome.Queued waits(long thread, String... keys) {
        return (ClaimAttempt.Outcome.Queued) ask(thread, LONG, keys);
    }

    /**
     * Returns whether a heartbeat that is due now appears in the file. It does if this process holds anything that
     * needs it.
     */
    final boolean beats(Heartbeat heartbeat) {
        clock.advance(Duration.ofMillis(1));
        heartbeat.beat();
        return reads.read(session -> new ClaimTables(session)
                                .process(queue.process().orElseThrow())
                                .orElseThrow())
                        .heartbeatAt()
                == clock.millis();
    }

    /** Runs an action while another program has the write lock of the file. */
    final void whileLocked(Runnable action) throws SQLException {
        try (Connection prompt = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("a.db"));
                Statement statement = prompt.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            action.run();
            statement.execute("ROLLBACK");
        }
    }

    static Set<Thread> heartbeatThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("fencepost-heartbeat"))
                .collect(Collectors.toSet());
    }

    final boolean isQueued(ClaimAttempt.Outcome.Queued request) {
        return reads.read(session -> new ClaimTables(session).isQueued(request.ticket()));
    }

    /** Ends a claim as another program does, which hands nothing over. */
    final void endedElsewhere(DefaultClaim claim) {
        queue.change(scope -> scope.claims().end(number(claim), scope.sequence("sql"), ClaimEnd.REVOKED));
    }

    final void leaves(ClaimAttempt.Outcome.Queued request) {
        queue.change(scope -> scope.claims().deleteWaiter(request.ticket()));
    }
}
