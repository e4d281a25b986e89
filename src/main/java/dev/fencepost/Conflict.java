package dev.fencepost;

import java.util.Optional;

/**
 * A precondition did not hold at the moment of the commit. Nothing was written.
 *
 * @param key the key
 * @param expected what was asked for
 * @param latest the newest version there is, a tombstone included; empty if the key never existed
 */
public record Conflict<T>(Key<T> key, Precondition<T> expected, Optional<Change<T>> latest)
        implements WriteResult<T>, Refusal {
    /** What is there now: value, version and writer; empty if the key is absent. */
    public Optional<Versioned<T>> actual() {
        return latest.flatMap(Change::versioned);
    }

    /** Reading again helps, unless the write was only for a key that is absent, or only for one that is there. */
    @Override
    public boolean retryable() {
        return expected.retryable();
    }

    @Override
    public String message() {
        String now = latest.map(change -> (change.value().isPresent() ? "is at version " : "was deleted as version ")
                        + change.stamp().version() + ", written by "
                        + change.stamp().writer())
                .orElse("never existed");
        return "'" + key + "' must " + expected.demand() + ", but it " + now;
    }

    @Override
    public Committed<T> orThrow() {
        throw new ConflictException(this);
    }
}
