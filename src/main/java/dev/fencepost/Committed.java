package dev.fencepost;

/** A committed write: it is in the file. */
public record Committed<T>(Key<T> key, VersionInfo stamp) implements WriteResult<T> {
    /** Returns the version that the write created. */
    public long version() {
        return stamp.version();
    }

    /** Returns the sequence of the commit. */
    public long sequence() {
        return stamp.sequence();
    }

    @Override
    public Committed<T> orThrow() {
        return this;
    }
}
