package dev.fencepost.sagas;

import dev.fencepost.Lease;
import dev.fencepost.StoreConfig;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.StepTask;
import java.time.Duration;

/** One saga, {@code order-1}, with changing coordinators; the role of its tasks is the warehouse. */
abstract class OneOrderFixture extends SagaFixture {
    static final Duration LONG = Duration.ofSeconds(10);
    static final Lease LEASE = Lease.of(Duration.ofMinutes(5));

    final SagaOutcome run(SagaDefinition<String> order) {
        return agent.sagas().run(order, "order-1", "x");
    }

    final SagaOutcome ended() {
        return agent.sagas().await("order-1", LONG).orElseThrow();
    }

    final StepTask taken() {
        return agent.sagas().claimTask("warehouse", LEASE, LONG).orElseThrow();
    }

    final StoreConfig config() {
        return StoreConfig.of(folder.resolve("a.db")).withClock(clock);
    }
}
