package dev.fencepost.history;

import dev.fencepost.Change;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import java.util.Optional;

/**
 * The result of looking up one version of a key. Once a version has been {@link Latest} or {@link Retained}, later
 * lookups return the same content, or {@link Pruned}.
 */
public sealed interface VersionLookup<T> {
    /** Returns the requested version, if it exists and is not pruned. */
    default Optional<Change<T>> change() {
        return Optional.empty();
    }

    /**
     * Returns the requested version.
     *
     * @throws PrunedException if it has been pruned
     * @throws InvalidInputException if it does not exist yet, or the key never existed
     */
    Change<T> orThrow();

    /** The newest version; a tombstone, if the key is deleted. */
    record Latest<T>(Change<T> found) implements VersionLookup<T> {
        @Override
        public Optional<Change<T>> change() {
            return Optional.of(found);
        }

        @Override
        public Change<T> orThrow() {
            return found;
        }
    }

    /** A version that is kept and has newer ones. */
    record Retained<T>(Change<T> found) implements VersionLookup<T> {
        @Override
        public Optional<Change<T>> change() {
            return Optional.of(found);
        }

        @Override
        public Change<T> orThrow() {
            return found;
        }
    }

    /**
     * A version that was pruned.
     *
     * @param oldest the oldest version that is kept
     */
    record Pruned<T>(Key<T> key, long version, long oldest) implements VersionLookup<T> {
        @Override
        public Change<T> orThrow() {
            throw new PrunedException(
                    "Version " + version + " of '" + key + "' was pruned; the oldest retained is version " + oldest);
        }
    }

    /**
     * A version that does not exist yet.
     *
     * @param newest the newest version of the key
     */
    record NotYetWritten<T>(Key<T> key, long version, long newest) implements VersionLookup<T> {
        @Override
        public Change<T> orThrow() {
            throw new InvalidInputException(
                    "Version " + version + " of '" + key + "' does not exist yet; the newest is version " + newest);
        }
    }

    /** A key that never had a version. */
    record NeverExisted<T>(Key<T> key) implements VersionLookup<T> {
        @Override
        public Change<T> orThrow() {
            throw new InvalidInputException("'" + key + "' has no versions: it never existed");
        }
    }
}
