package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.saga.SagaInfo;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.Sagas;
import dev.fencepost.saga.StepTask;
import dev.fencepost.saga.WorkerStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Concurrent requests for tasks. Each task is claimed once. */
class TaskContentionTest extends SagaFixture {
    private static final int SAGAS = 30;
    private static final int TAKERS = 4;
    private static final Lease LEASE = Lease.of(Duration.ofMinutes(5));

    private final List<String> taken = Collections.synchronizedList(new ArrayList<>());

    @Test
    void unreportedTask_isClaimedOnce() throws Exception {
        all(WorkerStep.of("pack", "warehouse", context -> "pack"), StepTask::close);
        assertThat(taken).hasSize(SAGAS).doesNotHaveDuplicates();
        assertThat(agent.sagas().list(true)).extracting(SagaInfo::state).containsOnly(SagaState.STUCK);
    }

    @Test
    void reportedIdempotentTask_isClaimedOnce() throws Exception {
        WorkerStep<String> pack = WorkerStep.of("pack", "warehouse", context -> "pack");
        all(pack.idempotent(), work -> work.done("box"));
        assertThat(taken).hasSize(SAGAS).doesNotHaveDuplicates();
        assertThat(agent.sagas().list(true)).extracting(SagaInfo::state).containsOnly(SagaState.COMPLETED);
    }

    private void all(WorkerStep<String> pack, Consumer<StepTask> report) throws Exception {
        for (int i = 0; i < SAGAS; i++) {
            agent.sagas().start(order().step(pack), "order-" + i, "x");
        }
        try (Store elsewhere = Store.open(StoreConfig.of(folder.resolve("a.db")).withClock(clock))) {
            List<FutureTask<Integer>> takers = new ArrayList<>();
            for (int i = 0; i < TAKERS; i++) {
                Sagas sagas =
                        (i % 2 == 0 ? store : elsewhere).agent("packer-" + i).sagas();
                FutureTask<Integer> taker = new FutureTask<>(() -> take(sagas, report));
                new Thread(taker, "packer").start();
                takers.add(taker);
            }
            for (FutureTask<Integer> taker : takers) {
                assertThat(taker.get()).isNotNegative();
            }
        }
    }

    /** Claims tasks until no saga is running; returns the number of claimed tasks. */
    private int take(Sagas sagas, Consumer<StepTask> report) {
        int mine = 0;
        while (sagas.list(false).stream().anyMatch(saga -> saga.state() == SagaState.RUNNING)) {
            Optional<StepTask> work = sagas.claimTask("warehouse", LEASE, Duration.ZERO);
            if (work.isPresent()) {
                taken.add(work.get().saga());
                report.accept(work.get());
                mine++;
            }
        }
        return mine;
    }
}
