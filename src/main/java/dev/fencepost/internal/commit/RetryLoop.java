package dev.fencepost.internal.commit;

import dev.fencepost.Refusal;
import dev.fencepost.RetriesExhaustedException;
import dev.fencepost.RetryPolicy;
import dev.fencepost.internal.util.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The retry loop around a caller's function, bounded by attempts and by time, with backoff and jitter.
 *
 * <p>If processes contend to write, a caller that reads before it heads the writer queue reads too early: the processes
 * ahead of it write first. So a caller with a quick function waits for the head of the queue, then reads, and keeps the
 * head while it retries. A function counts as quick if its last run was quick. If it is slow after all, the other
 * processes bypass this one.
 */
final class RetryLoop {
    /** The longest run of a quick function. A slower one must not keep other processes waiting. */
    private static final Duration QUICK = Duration.ofMillis(1);

    /** The outcome of one attempt. */
    sealed interface Attempt<R> {
        /** A successful attempt. */
        record Done<R>(R result) implements Attempt<R> {}

        /**
         * A refused attempt, which may succeed when it is repeated.
         *
         * @param atOnce whether its next attempt is the next in order, so that it need not back off
         */
        record Again<R>(List<Refusal> refusals, boolean atOnce) implements Attempt<R> {}

        /** An attempt that was given up before its commit, because it has waited for others and must read again. */
        record Outdated<R>() implements Attempt<R> {}
    }

    /** The timing of each class of functions. Each lambda expression in the source has a class of its own. */
    private static final ClassValue<FunctionTiming> THINKING = new ClassValue<>() {
        @Override
        protected FunctionTiming computeValue(Class<?> functions) {
            return new FunctionTiming();
        }
    };

    private RetryLoop() {}

    /**
     * Runs attempts until one succeeds.
     *
     * @param function the caller's function, which each attempt runs
     * @param attempt one attempt, which measures the run time of the caller's function
     */
    static <R> R run(
            RetryPolicy retry, CommitQueue queue, Object function, Function<FunctionTiming, Attempt<R>> attempt) {
        Deadline pause = Deadline.after(retry.maxDuration());
        FunctionTiming thinking = THINKING.get(function.getClass());
        try {
            for (int made = 1; ; ) {
                if (thinking.isQuick()) {
                    queue.takeTurn();
                }
                Attempt<R> outcome = attempt.apply(thinking);
                if (outcome instanceof Attempt.Done<R> done) {
                    return done.result();
                }
                if (outcome instanceof Attempt.Again<R> again) {
                    if (made >= retry.maxAttempts() || pause.over()) {
                        throw new RetriesExhaustedException(made, pause.elapsed(), again.refusals());
                    }
                    if (!again.atOnce() && (!thinking.isQuick() || !queue.hasTurn())) {
                        pause.backoff(made, retry);
                    }
                    made++;
                }
            }
        } finally {
            queue.leaveTurn();
        }
    }

    /** The duration class of a function's last run. Safe for use by many threads, any of which may run last. */
    static final class FunctionTiming {
        private volatile boolean quick;

        /** Runs the caller's function, and records whether it was quick. */
        <T> T time(Supplier<T> function) {
            Deadline took = Deadline.after(QUICK);
            try {
                return function.get();
            } finally {
                boolean now = !took.over();
                if (quick != now) {
                    quick = now;
                }
            }
        }

        boolean isQuick() {
            return quick;
        }
    }
}
