package dev.fencepost;

/**
 * A refusal of a write because another holder has the right to write the key. Nothing was written.
 *
 * @param key the key
 * @param by the claim on the key, with its holder, epoch and end of lease
 */
public record Claimed<T>(Key<T> key, ClaimInfo by) implements WriteResult<T>, Refusal {
    @Override
    public boolean retryable() {
        return true;
    }

    @Override
    public String message() {
        return "'" + key + "' is claimed by " + by.holder() + " under epoch " + by.epoch() + " until " + by.expiresAt();
    }

    @Override
    public Committed<T> orThrow() {
        throw new ClaimedException(this);
    }
}
