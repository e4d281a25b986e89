package dev.fencepost.internal.sqlite;

import dev.fencepost.internal.util.Deadline;
import java.time.Duration;

/**
 * Verifies that the path of the store still names the open file. A commit into a file that was moved away or replaced
 * must not be acknowledged, since the next process to open the store does not find it.
 *
 * <p>Used by one thread at a time.
 */
final class PathCheck {
    /** The interval between two checks, since a check costs a tenth of a commit. */
    private static final Duration INTERVAL = Duration.ofMillis(1);

    private final StoreFile file;
    private Deadline sinceVerified = Deadline.after(Duration.ZERO);

    PathCheck(StoreFile file) {
        this.file = file;
    }

    /**
     * Verifies the path, unless it was verified within the last millisecond and in the same WAL.
     *
     * @throws dev.fencepost.UnusableStoreException if the file was moved, removed or replaced
     */
    void refuseIfReplaced() {
        if (sinceVerified.over() || file.hasNewLog()) {
            file.refuseIfReplaced();
            sinceVerified = Deadline.after(INTERVAL);
        }
    }
}
