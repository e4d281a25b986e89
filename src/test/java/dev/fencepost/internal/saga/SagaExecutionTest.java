package dev.fencepost.internal.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Claim;
import dev.fencepost.Codec;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.claim.Claims;
import dev.fencepost.internal.commit.CommitQueue;
import dev.fencepost.internal.commit.Committer;
import dev.fencepost.internal.commit.FencingCheck;
import dev.fencepost.internal.commit.ProtocolTrace;
import dev.fencepost.internal.engine.Engine;
import dev.fencepost.internal.process.LivenessChecker;
import dev.fencepost.internal.process.ProcessProbe;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.read.HighWaterMark;
import dev.fencepost.internal.read.ReadCache;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.sqlite.SqliteEngine;
import dev.fencepost.internal.util.PeriodicTask;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.SagaStep;
import dev.fencepost.saga.StepTask;
import dev.fencepost.saga.StoreStep;
import dev.fencepost.saga.WorkerStep;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The number of journal entries that a coordinator reads, which must not grow with the square of the steps. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SagaExecutionTest {
    private static final String PLANNER = "planner";
    private static final String ROLE = "baker";
    private static final Lease LEASE = Lease.of(Duration.ofMinutes(5));

    @TempDir
    Path folder;

    private ReadCache cache;
    private SagaParts parts;
    private StepTaskQueue tasks;

    @BeforeEach
    void open() {
        StoreConfig config = StoreConfig.of(folder.resolve("a.db")).withDurability(Durability.PROCESS_DEATH);
        Engine engine = SqliteEngine.open(config);
        HighWaterMark highWater = new HighWaterMark();
        ReaderPool reads = new ReaderPool(engine, highWater);
        cache = new ReadCache(engine, highWater, reads, config);
        ProcessProbe probe = new ProcessProbe();
        LivenessChecker liveness = new LivenessChecker(probe, config.heartbeat());
        CommitQueue queue = new CommitQueue(engine, config, highWater, probe.own(), cache, ProtocolTrace.Factory.NONE);
        FencingCheck fences = new FencingCheck(engine.storeId());
        Committer committer = new Committer(queue, cache, reads, fences, liveness, config);
        CommitNotifier notifier = new CommitNotifier(engine::signal);
        Claims claims = new Claims(config, queue, reads, committer, fences, notifier, liveness, engine.messages());
        parts = new SagaParts(
                config, queue, reads, committer, claims, notifier, new PeriodicTask(), new RunningSagas(notifier));
        tasks = new StepTaskQueue("worker", parts);
    }

    @AfterEach
    void close() {
        parts.claims().close();
        parts.queue().close();
        parts.reads().close();
        cache.close();
        parts.notifier().close();
    }

    @Test
    void sagaOfAThousandStoreSteps_readsEachEntryOnce() {
        assertThat(entriesRead(1_000, name -> StoreStep.of(name, (transaction, context) -> name)))
                .isBetween(1_000L, 1_002L);
    }

    @Test
    void sagaOfExternalSteps_readsEachEntryOnce() {
        assertThat(entriesRead(100, name -> ExternalStep.of(name, context -> name)))
                .isBetween(200L, 202L);
    }

    @Test
    void sagaOfWorkerSteps_readsEachEntryOnce() throws Exception {
        FutureTask<Boolean> worker = new FutureTask<>(() -> work(50), true);
        new Thread(worker, "worker").start();
        assertThat(entriesRead(50, name -> WorkerStep.of(name, ROLE, context -> name)))
                .isBetween(100L, 102L);
        worker.get();
    }

    /** Looks for a cancellation begin after the entries that were read. */
    @Test
    void cancellation_beforeAndAfterItIsRead_isSeen() {
        SagaDefinition<String> definition = SagaDefinition.of("many", 1, Codec.text())
                .lease(LEASE)
                .step(WorkerStep.of("bake", ROLE, context -> ""));
        SagaStarter.Begun begun = new SagaStarter(PLANNER, parts).begin(definition, "s1", "input");
        SagaJournal journal = parts.journal(begun.saga(), claim(begun));
        journal.progress();
        assertThat(journal.isCancelled()).isFalse();
        new DefaultSagas("customer", parts).cancel("s1", "not wanted");
        assertThat(journal.isCancelled()).isTrue();
        journal.progress();
        assertThat(journal.isCancelled()).isTrue();
    }

    private Claim claim(SagaStarter.Begun begun) {
        return parts.claims()
                .claim(PLANNER, List.of(Key.text(begun.saga().key())), LEASE, Duration.ZERO)
                .orThrow();
    }

    private void work(int count) {
        for (int i = 0; i < count; i++) {
            try (StepTask task =
                    tasks.claimTask(ROLE, LEASE, Duration.ofMinutes(2)).orElseThrow()) {
                task.done("done");
            }
        }
    }

    /** Runs a saga to its end, and returns the number of entries that its coordinator read. */
    private long entriesRead(int steps, Function<String, SagaStep<String, ?>> step) {
        SagaDefinition<String> definition =
                SagaDefinition.of("many", 1, Codec.text()).lease(LEASE);
        for (int i = 0; i < steps; i++) {
            definition = definition.step(step.apply("step" + i));
        }
        SagaStarter.Begun begun = new SagaStarter(PLANNER, parts).begin(definition, "s1", "input");
        SagaJournal journal = parts.journal(begun.saga(), claim(begun));
        DriveSettings driving = DriveSettings.within(Duration.ZERO).begunAt(begun.epoch());
        new SagaExecution<>(new SagaRun<>(definition, "input", journal, parts, driving)).drive();
        assertThat(parts.outcome("s1").state()).isEqualTo(SagaState.COMPLETED);
        return journal.entriesRead();
    }
}
