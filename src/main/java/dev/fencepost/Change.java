package dev.fencepost;

import java.util.Optional;

/**
 * One version of a key: a value, or a tombstone where the key was deleted.
 *
 * @param value the value; empty for a tombstone
 */
public record Change<T>(Key<T> key, Optional<T> value, VersionInfo stamp) {
    /** Returns whether this version is a tombstone. */
    public boolean deleted() {
        return value.isEmpty();
    }

    /** Returns the value with its version; empty for a tombstone. */
    public Optional<Versioned<T>> versioned() {
        return value.map(present -> new Versioned<>(key, present, stamp));
    }
}
