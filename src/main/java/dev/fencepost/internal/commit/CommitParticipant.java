package dev.fencepost.internal.commit;

import java.util.Optional;

/**
 * A contributor of extra rows to a commit, such as journal entries. They are validated and fenced together with the
 * values. It runs with the write lock held, as a {@link CommitTask} does.
 */
@FunctionalInterface
public interface CommitParticipant {
    /**
     * Writes the rows. The commit has been validated and will be applied.
     *
     * @param sequence the sequence of the commit
     */
    void write(WriteTransaction scope, long sequence);

    /**
     * Checks whether the commit may be applied.
     *
     * @return the exception for the caller if it may not; then nothing is written
     */
    default Optional<RuntimeException> veto(WriteTransaction scope) {
        return Optional.empty();
    }
}
