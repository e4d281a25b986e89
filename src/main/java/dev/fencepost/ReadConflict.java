package dev.fencepost;

/**
 * Something that a transaction read has changed before it could commit. Nothing was written.
 *
 * @param read the key, or the prefix with a {@code *} at its end, that was read
 * @param sequence the place in the order of the store at which it was read
 * @param changedKey the key that changed
 * @param changedAt the place in the order of the store of its newest change
 * @param writer who made that change
 */
public record ReadConflict(String read, long sequence, String changedKey, long changedAt, String writer)
        implements Refusal {
    @Override
    public boolean retryable() {
        return true;
    }

    @Override
    public String message() {
        return "'" + read + "' was read at sequence " + sequence + ", but " + writer + " changed '" + changedKey
                + "' at sequence " + changedAt;
    }
}
