package dev.fencepost;

/**
 * A stream did not end where it was expected to. Nothing was written.
 *
 * @param expected the number of the event that was to be the newest; 0 if there was to be none
 * @param actual the number of the newest event; 0 if there is none
 */
public record StreamConflict<T>(EventStream<T> stream, long expected, long actual) implements AppendResult<T>, Refusal {
    /** Reading the stream again helps. */
    @Override
    public boolean retryable() {
        return true;
    }

    @Override
    public String message() {
        return "the stream '" + stream + "' must end with event " + expected + ", but it ends with event " + actual;
    }

    @Override
    public Appended<T> orThrow() {
        throw new StreamConflictException(this);
    }
}
