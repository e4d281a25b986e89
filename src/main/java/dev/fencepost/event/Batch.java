package dev.fencepost.event;

import java.util.List;

/**
 * All changes of a source between two sequences, in commit order. A batch has whole commits only.
 *
 * @param after the sequence after which the batch begins
 * @param through the sequence of the end of the batch; continue after it, even if the batch is empty
 * @param more whether there were later commits when the batch was read
 */
public record Batch<E>(List<E> changes, long after, long through, boolean more) {
    public Batch {
        changes = List.copyOf(changes);
    }

    /** Returns whether the batch has no changes. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }
}
