package dev.fencepost.internal.commit;

import dev.fencepost.internal.util.Patience;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Batches that commit nothing. A test overrides the methods that it needs. */
class StubBatchExecutor implements BatchExecutor {
    private static final Patience LONG = Patience.of(Duration.ofDays(1));

    @Override
    public void run(List<QueuedTask<?>> batch) {
        throw new AssertionError("nothing is to be committed here");
    }

    @Override
    public Patience patience() {
        return LONG;
    }

    @Override
    public void takeTurn() {}

    @Override
    public boolean hasTurn() {
        return false;
    }

    @Override
    public void leaveTurn() {}

    @Override
    public boolean awaitDurable() {
        return true;
    }

    @Override
    public Optional<Long> process() {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
