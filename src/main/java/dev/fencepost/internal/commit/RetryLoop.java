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
 * The one retry loop: around the caller's function, bounded by attempts and by time, with random growing delays.
 *
 * <p>Where processes take turns to write, whoever has looked before its turn has looked too early: the others who came
 * first have written since. So a caller whose function is quick waits for its turn before it looks, and keeps the turn
 * while it tries again. A function is taken to be quick if it was so the last time; whoever is not quick after all is
 * passed by.
 */
final class RetryLoop {
    /** A caller's function that takes longer is no reason to let others wait. */
    private static final Duration QUICK = Duration.ofMillis(1);

    /** How one attempt ended. */
    sealed interface Attempt<R> {
        /** It is done. */
        record Done<R>(R result) implements Attempt<R> {}

        /** It was refused, in a way that can pass. */
        record Again<R>(List<Refusal> refusals) implements Attempt<R> {}
    }

    /** One for each class of functions; each lambda expression in the source has a class of its own. */
    private static final ClassValue<FunctionTiming> THINKING = new ClassValue<>() {
        @Override
        protected FunctionTiming computeValue(Class<?> functions) {
            return new FunctionTiming();
        }
    };

    private RetryLoop() {}

    /**
     * Tries until it is done.
     *
     * @param function what the caller wants to be run in each attempt
     * @param attempt makes one attempt, and notes how long the caller's function takes
     */
    static <R> R run(
            RetryPolicy retry, CommitQueue queue, Object function, Function<FunctionTiming, Attempt<R>> attempt) {
        Deadline pause = Deadline.after(retry.maxDuration());
        FunctionTiming thinking = THINKING.get(function.getClass());
        try {
            for (int made = 1; ; made++) {
                if (thinking.isQuick()) {
                    queue.takeTurn();
                }
                Attempt<R> outcome = attempt.apply(thinking);
                if (outcome instanceof Attempt.Done<R> done) {
                    return done.result();
                }
                List<Refusal> refusals = ((Attempt.Again<R>) outcome).refusals();
                if (made >= retry.maxAttempts() || pause.over()) {
                    throw new RetriesExhaustedException(made, pause.elapsed(), refusals);
                }
                if (!thinking.isQuick() || !queue.hasTurn()) {
                    pause.backoff(made, retry);
                }
            }
        } finally {
            queue.leaveTurn();
        }
    }

    /** How long a function took the last time. Safe for use by many threads, of which any may have been the last. */
    static final class FunctionTiming {
        private volatile boolean quick;

        /** Runs the caller's function. */
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
