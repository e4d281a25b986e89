package dev.fencepost;

import java.util.List;

/**
 * Some changes, in order: all that there were in a source after one place in the order of the store, up to another. Whole
 * commits only.
 *
 * @param after the place after which it begins
 * @param through the place up to which it goes; read on after this, also if it is empty
 * @param more whether there were commits after that when it was read
 */
public record Batch<E>(List<E> changes, long after, long through, boolean more) {
    public Batch {
        changes = List.copyOf(changes);
    }

    /** Whether nothing of its source changed in between. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }
}
