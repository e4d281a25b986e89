package dev.fencepost;

import org.jspecify.annotations.Nullable;

/**
 * A text in the file that exceeds the limit of this store. It was not loaded. Open the store with a higher limit
 * ({@link StoreConfig#withMaxValueBytes}) to read it; a retry does not help.
 *
 * <p>A process with a higher limit, or an edit at a SQL prompt, can have written it.
 */
public final class ValueTooLongException extends FencepostException {
    private static final long serialVersionUID = 1;

    private final long bytes;
    private final long limit;

    /**
     * Creates the exception.
     *
     * @param what the text, to begin a sentence
     * @param bytes its length in bytes of UTF-8; 0 if it is not known
     * @param limit the longest text that the store reads, in bytes of UTF-8
     */
    public ValueTooLongException(String what, long bytes, long limit, @Nullable Throwable cause) {
        super(
                "value-too-long",
                false,
                what + (bytes == 0 ? " is too long" : " has " + bytes + " bytes") + "; this store reads at most "
                        + limit + ". Open the store with a higher value limit",
                cause);
        this.bytes = bytes;
        this.limit = limit;
    }

    /** Returns the length of the text in bytes of UTF-8; 0 if it is not known. */
    public long bytes() {
        return bytes;
    }

    /** Returns the longest text that the store reads, in bytes of UTF-8. */
    public long limit() {
        return limit;
    }
}
