package dev.fencepost.internal.commit;

import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.engine.Engine;
import dev.fencepost.internal.process.LivenessChecker;
import dev.fencepost.internal.process.ProcessProbe;
import dev.fencepost.internal.read.HighWaterMark;
import dev.fencepost.internal.read.ReadCache;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.sqlite.SqliteEngine;
import dev.fencepost.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A commit queue on a file, with a leader that stays inside its task until it may go on. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class QueueFixture {
    /** A task that writes nothing, and whose caller retries at once. */
    static final CommitTask<String> REFUSED = new CommitTask<>() {
        @Override
        public String apply(WriteTransaction scope) {
            return "refused";
        }

        @Override
        public boolean triesAgain(String result) {
            return true;
        }
    };

    @TempDir
    public Path folder;

    private final CountDownLatch leads = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    final SettableClock clock = new SettableClock();
    StoreConfig config;
    String storeId = "";
    final HighWaterMark highWater = new HighWaterMark();
    public ReaderPool reads;
    ReadCache cache;
    public CommitQueue queue;

    public final void open(Path path, Durability durability) {
        config = StoreConfig.of(path)
                .withDurability(durability)
                .withClock(clock)
                .withWriteLockTimeout(Duration.ofHours(1));
        Engine engine = watched(SqliteEngine.open(config));
        storeId = engine.storeId();
        reads = new ReaderPool(engine, highWater);
        cache = new ReadCache(engine, highWater, reads, config);
        queue = new CommitQueue(watched(new GroupCommitter(
                engine, config, highWater, new ProcessProbe().own(), cache, ProtocolTrace.Factory.NONE)));
    }

    /** Returns an engine that can record its calls; by default the given one. */
    Engine watched(Engine engine) {
        return engine;
    }

    /** Returns an executor that can record its calls; by default the given one. */
    BatchExecutor watched(BatchExecutor runner) {
        return runner;
    }

    @AfterEach
    void close() throws IOException {
        goOn.countDown();
        queue.close();
        reads.close();
        cache.close();
    }

    /** Queues a commit of one value, which runs when a thread leads. */
    public final QueuedTask<CommitDecision> puttingInto(Key<String> key, String text) {
        CommitRequest request = new CommitRequest(
                "planner",
                List.of(new WriteEncoder(config).put(key, text, Precondition.none())),
                List.of(),
                Optional.empty());
        return queue.enqueue(new CommitValidator(
                request,
                new FencingCheck(storeId),
                new LivenessChecker(new ProcessProbe(), config.heartbeat()),
                false,
                null,
                false));
    }

    static <R> FutureTask<R> inBackground(FutureTask<R> task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /** Makes another thread lead, and stay inside its own task until it may go on. */
    final FutureTask<Long> lead() throws InterruptedException {
        FutureTask<Long> leader = inBackground(new FutureTask<>(() -> queue.submit(scope -> {
            leads.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return scope.sequence("leader");
        })));
        leads.await();
        return leader;
    }
}
