package dev.fencepost;

/**
 * A refusal because another commit changed a key that the transaction read. Nothing was written.
 *
 * @param read the key, or the prefix with a {@code *} at its end, that was read
 * @param sequence the sequence at which it was read
 * @param changedKey the key that changed
 * @param changedAt the sequence of its newest change
 * @param writer the agent that made that change
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
