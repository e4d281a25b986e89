package dev.fencepost.internal.txn;

import dev.fencepost.Refusal;
import dev.fencepost.RetriesExhaustedException;
import dev.fencepost.Retry;
import java.util.List;
import java.util.function.Supplier;

/** The one retry loop: around the caller's function, bounded by attempts and by time, with random growing delays. */
final class RetryLoop {
    /** How one attempt ended. */
    sealed interface Attempt<R> {
        /** It is done. */
        record Done<R>(R result) implements Attempt<R> {}

        /** It was refused, in a way that can pass. */
        record Again<R>(List<Refusal> refusals) implements Attempt<R> {}
    }

    private RetryLoop() {}

    static <R> R run(Retry retry, Supplier<Attempt<R>> attempt) {
        Pause pause = Pause.within(retry.deadline());
        for (int made = 1; ; made++) {
            Attempt<R> outcome = attempt.get();
            if (outcome instanceof Attempt.Done<R> done) {
                return done.result();
            }
            List<Refusal> refusals = ((Attempt.Again<R>) outcome).refusals();
            if (made >= retry.attempts() || pause.over()) {
                throw new RetriesExhaustedException(made, pause.elapsed(), refusals);
            }
            pause.beforeNext(made, retry);
        }
    }
}
