package dev.fencepost.internal.saga;

import java.time.Duration;

/**
 * The terms on which a coordinator drives a saga.
 *
 * @param patience the longest wait for its keys
 * @param begunEpoch the epoch of the saga's key when this caller began the saga; negative if it did not
 * @param parks whether the run ends where it would only wait for another agent's report
 * @param onWait called when the run begins to wait
 */
record Driving(Duration patience, long begunEpoch, boolean parks, Runnable onWait) {
    private static final long RESUMED = -1;

    /** Waits where it has to; the caller did not begin the saga. */
    static Driving within(Duration wait) {
        return new Driving(wait, RESUMED, false, () -> {});
    }

    /** Ends where it would wait for another agent's report. */
    static Driving parking(Runnable onWait) {
        return new Driving(Duration.ZERO, RESUMED, true, onWait);
    }

    Driving begunAt(long epoch) {
        return new Driving(patience, epoch, parks, onWait);
    }

    Driving notParking() {
        return new Driving(patience, begunEpoch, false, onWait);
    }

    /** Whether an earlier coordinator may have begun steps without an entry. */
    boolean resumes(long epoch) {
        return epoch != begunEpoch + 1;
    }
}
