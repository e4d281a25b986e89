package dev.fencepost;

import java.util.Optional;

/**
 * What there is to say about one version of a key. Once a version has been {@link Latest} or {@link Retained}, it reads the
 * same for ever, or is {@link Pruned}.
 */
public sealed interface VersionLookup<T> {
    /** The version that was asked for, if it is there. */
    default Optional<Change<T>> change() {
        return Optional.empty();
    }

    /**
     * The version that was asked for.
     *
     * @throws PrunedException if it has been let go
     * @throws InvalidInputException if it does not exist yet, or the key never existed
     */
    Change<T> orThrow();

    /** It is the newest there is; a tombstone, if the key is deleted. */
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

    /** There are newer ones, and it is kept. */
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
     * It was there, and has been let go.
     *
     * @param oldest the oldest version that is kept
     */
    record Pruned<T>(Key<T> key, long version, long oldest) implements VersionLookup<T> {
        @Override
        public Change<T> orThrow() {
            throw new PrunedException("Version " + version + " of '" + key
                    + "' is no longer kept; the oldest that is kept is version " + oldest);
        }
    }

    /**
     * It is not there yet.
     *
     * @param newest the newest version there is
     */
    record NotYetWritten<T>(Key<T> key, long version, long newest) implements VersionLookup<T> {
        @Override
        public Change<T> orThrow() {
            throw new InvalidInputException(
                    "Version " + version + " of '" + key + "' does not exist yet; the newest is version " + newest);
        }
    }

    /** The key never had a version. */
    record NeverExisted<T>(Key<T> key) implements VersionLookup<T> {
        @Override
        public Change<T> orThrow() {
            throw new InvalidInputException("'" + key + "' has no versions: it never existed");
        }
    }
}
