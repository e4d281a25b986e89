package dev.fencepost.internal.commit;

import java.util.Set;

/**
 * Hands over the claims that a task has ended: grants the first waiting requests for the freed keys, in the transaction
 * of the task. The commit path asks it after each task.
 */
@FunctionalInterface
public interface HandOver {
    /** Hands over nothing. */
    HandOver NONE = (keys, scope) -> {};

    /**
     * Grants the requests that can be granted now.
     *
     * @param keys the IDs of the keys on which a claim ended, or a request left the queue
     */
    void grant(Set<Long> keys, WriteTransaction scope);
}
