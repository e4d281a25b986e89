package dev.fencepost.internal.commit;

import java.util.Optional;

/**
 * What goes into the file in the same commit as values do, judged and fenced together with them: for those who keep a
 * journal of what they write. Runs with the write lock held, as a {@link CommitTask} does.
 */
@FunctionalInterface
public interface CommitParticipant {
    /**
     * Writes it; the commit has been judged, and will be applied.
     *
     * @param sequence the place of the commit in the order of the store
     */
    void write(WriteTransaction scope, long sequence);

    /**
     * Looks whether anything stands in the way of the commit.
     *
     * @return what its caller is to get instead; then nothing is written
     */
    default Optional<RuntimeException> veto(WriteTransaction scope) {
        return Optional.empty();
    }
}
