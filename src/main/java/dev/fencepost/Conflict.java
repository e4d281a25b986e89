package dev.fencepost;

import java.util.Optional;

/**
 * A refusal of a write because its precondition did not hold at the moment of the commit. Nothing was written.
 *
 * @param key the key
 * @param expected the precondition of the write
 * @param latest the newest version, tombstones included; empty if the key never existed
 */
public record Conflict<T>(Key<T> key, Precondition<T> expected, Optional<Change<T>> latest)
        implements WriteResult<T>, Refusal {
    /** Returns the present value, with its version and writer; empty if the key is absent. */
    public Optional<Versioned<T>> actual() {
        return latest.flatMap(Change::versioned);
    }

    /**
     * Tells whether a new read and write can succeed. That is false for a write that requires the key to be absent, or
     * to be present.
     */
    @Override
    public boolean retryable() {
        return expected instanceof Precondition.AtVersion || expected instanceof Precondition.HasValue;
    }

    @Override
    public String message() {
        String now = latest.map(change -> (change.value().isPresent() ? "is at version " : "was deleted as version ")
                        + change.stamp().version() + ", written by "
                        + change.stamp().writer())
                .orElse("never existed");
        return "'" + key + "' must " + demand() + ", but it " + now;
    }

    @Override
    public Committed<T> orThrow() {
        throw new ConflictException(this);
    }

    /** Returns the precondition as a phrase that follows the word 'must'. */
    private String demand() {
        if (expected instanceof Precondition.Absent) {
            return "be absent";
        } else if (expected instanceof Precondition.Present) {
            return "have a value";
        } else if (expected instanceof Precondition.AtVersion<T> at) {
            return "be at version " + at.version();
        } else if (expected instanceof Precondition.HasValue) {
            return "have the expected value";
        }
        return "be anything";
    }
}
