package dev.fencepost.internal.saga;

import java.time.Duration;

/**
 * The settings with which a coordinator drives a saga.
 *
 * @param patience the longest wait for the claim on the saga's keys
 * @param begunEpoch the epoch of the saga's key when this caller began the saga; negative if it did not
 * @param parks whether the run ends, rather than waits, when it needs another agent's report
 * @param onWait an action for each time that the run begins to wait
 */
record DriveSettings(Duration patience, long begunEpoch, boolean parks, Runnable onWait) {
    private static final long RESUMED = -1;

    /** Returns settings to wait for other agents, in a saga that this caller did not begin. */
    static DriveSettings within(Duration wait) {
        return new DriveSettings(wait, RESUMED, false, () -> {});
    }

    /** Returns settings to end a run that would wait for another agent's report. */
    static DriveSettings parking(Runnable onWait) {
        return new DriveSettings(Duration.ZERO, RESUMED, true, onWait);
    }

    DriveSettings begunAt(long epoch) {
        return new DriveSettings(patience, epoch, parks, onWait);
    }

    DriveSettings notParking() {
        return new DriveSettings(patience, begunEpoch, false, onWait);
    }

    /**
     * Returns whether an earlier coordinator may have begun steps without an entry. Every claim increments the epoch.
     * So the caller that began the saga is its first coordinator if no other epoch lies in between.
     */
    boolean resumes(long epoch) {
        return epoch != begunEpoch + 1;
    }
}
