package dev.fencepost.internal.commit;

import dev.fencepost.internal.sql.VersionRow;
import java.util.List;
import java.util.Optional;

/**
 * A change to commit. Inside the write transaction it reads the file, decides, and either writes or returns a refusal.
 * A task that refuses must not have written anything.
 *
 * <p>It runs on the thread of the caller that leads the batch, with the write lock held. So it must be quick, must not
 * run the code of other callers, and must not submit tasks itself. If it throws, its changes are rolled back, and its
 * caller gets the exception.
 */
@FunctionalInterface
public interface CommitTask<R> {
    /** Validates the change and applies it. */
    R apply(WriteTransaction scope);

    /**
     * Validates the change and applies it by one statement, which is a transaction by itself.
     *
     * @return the result; empty if one statement is not enough or found a conflict, and then nothing was written
     */
    default Optional<R> applyAlone(WriteTransaction scope) {
        return Optional.empty();
    }

    /** Returns all versions that the task wrote, given its result. */
    default List<VersionRow> written(R result) {
        return List.of();
    }

    /**
     * Returns whether only the result tells if the changes must survive a loss of power; see {@link #mustSurvive}. The
     * changes of most tasks must, with any result.
     */
    default boolean isForcedLate() {
        return false;
    }

    /** Returns whether the changes must survive a loss of power, given the result. */
    default boolean mustSurvive(R result) {
        return true;
    }

    /** Returns whether the caller retries at once after this result, if no other process comes in between. */
    default boolean triesAgain(R result) {
        return false;
    }
}
