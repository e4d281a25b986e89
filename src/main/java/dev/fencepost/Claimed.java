package dev.fencepost;

/**
 * Another holder has the right to write the key. Nothing was written.
 *
 * @param key the key
 * @param by who holds it, under which epoch, and until when
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
