package dev.fencepost.internal.claim;

import dev.fencepost.internal.commit.FencingToken;
import dev.fencepost.internal.util.Deadline;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The place where the grant of one waiting request arrives. One thread waits; any thread delivers. */
final class GrantSignal implements Deadline.Signal {
    private record Delivered(long ticket, FencingToken claim) {}

    private final Semaphore arrivals = new Semaphore(0);
    private volatile @Nullable Delivered delivered;
    private volatile Runnable wakesToo = () -> {};

    /** Delivers a claim that was granted to the request with this ticket. */
    void deliver(long ticket, FencingToken claim) {
        delivered = new Delivered(ticket, claim);
        wake();
    }

    /** Ends the present or the next wait. */
    void wake() {
        arrivals.release();
        wakesToo.run();
    }

    /** Sets an action that wakes the waiting thread where it waits for more than this signal. */
    void wakesToo(Runnable action) {
        wakesToo = action;
    }

    /**
     * Returns the claim that was delivered for a ticket. A request that lost its place has another ticket, and a
     * delivery for the former one is late.
     */
    Optional<FencingToken> claimFor(long ticket) {
        Delivered present = delivered;
        return present != null && present.ticket() == ticket ? Optional.of(present.claim()) : Optional.empty();
    }

    @Override
    public boolean await(long nanos) throws InterruptedException {
        boolean woken = arrivals.tryAcquire(nanos, TimeUnit.NANOSECONDS);
        arrivals.drainPermits();
        return woken;
    }
}
