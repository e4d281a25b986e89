package dev.fencepost.internal.commit;

import dev.fencepost.internal.sql.VersionRow;
import java.util.List;
import java.util.Optional;

/**
 * One change that wants to be committed. It looks at the file inside the write transaction, decides, and either writes or
 * says why not; whoever refuses must not have written anything.
 *
 * <p>It runs on the thread of whichever caller leads the batch, with the write lock held: so it must be quick, must not
 * run anybody else's code, and must not submit members itself. If it throws, nothing of it is kept, and its caller gets
 * what it threw.
 */
@FunctionalInterface
public interface CommitTask<R> {
    /** Judges and applies. */
    R apply(WriteTransaction scope);

    /**
     * Judges and applies by one statement, which is then a transaction by itself.
     *
     * @return empty if that cannot be done, or the statement found something in the way; then nothing was written
     */
    default Optional<R> applyAlone(WriteTransaction scope) {
        return Optional.empty();
    }

    /** All versions that were written, by this result. */
    default List<VersionRow> written(R result) {
        return List.of();
    }

    /** Whether the caller will try again at once after this result, as long as nobody comes in between. */
    default boolean triesAgain(R result) {
        return false;
    }
}
