package dev.fencepost.internal.saga;

import dev.fencepost.RetryPolicy;
import dev.fencepost.internal.util.Deadline;

/** The attempts at a step or at its compensation, counted against a retry policy. Not thread-safe. */
final class Attempts {
    private final RetryPolicy policy;
    private final Deadline end;
    private int last;
    private int used;

    /**
     * Creates a count.
     *
     * @param last the number of the last attempt; 0 before the first
     * @param used the number of attempts that count against the policy
     */
    Attempts(RetryPolicy policy, int last, int used) {
        this.policy = policy;
        this.end = Deadline.after(policy.maxDuration());
        this.last = last;
        this.used = used;
    }

    int last() {
        return last;
    }

    /** Counts another attempt, and returns its number. */
    int next() {
        used++;
        return ++last;
    }

    boolean areUsedUp() {
        return used >= policy.maxAttempts();
    }

    /** Returns whether the policy allows no further attempt, by its number or by its time. */
    boolean areOver() {
        return areUsedUp() || end.over();
    }

    /** Returns the end of the wait before the next attempt. */
    Deadline delay() {
        return delay(used);
    }

    /** Returns the end of the wait after a number of attempts. */
    Deadline delay(int made) {
        return end.untilNext(made, policy);
    }
}
