package dev.fencepost;

/** The write is in the file. */
public record Committed<T>(Key<T> key, VersionInfo stamp) implements WriteResult<T> {
    /** The version that the write made. */
    public long version() {
        return stamp.version();
    }

    /** The write's place in the order of the store. */
    public long sequence() {
        return stamp.sequence();
    }

    @Override
    public Committed<T> orThrow() {
        return this;
    }
}
