package dev.fencepost;

import dev.fencepost.internal.util.Arguments;

/**
 * A condition on a key at the moment of the commit. A key is absent if it never existed or was deleted.
 *
 * @param <T> the type of the key's value
 */
public sealed interface Precondition<T> {
    /** No condition. */
    record None<T>() implements Precondition<T> {}

    /** The condition that the key is absent. */
    record Absent<T>() implements Precondition<T> {}

    /** The condition that the key has a value. */
    record Present<T>() implements Precondition<T> {}

    /** The condition that the key has a value at this version. */
    record AtVersion<T>(long version) implements Precondition<T> {}

    /** The condition that the key has a value with the same text as this one. */
    record HasValue<T>(T value) implements Precondition<T> {
        public HasValue {
            Arguments.required(value, "value");
        }
    }

    /** Returns no condition: the write replaces any value. */
    static <T> Precondition<T> none() {
        return new None<>();
    }

    /**
     * Requires that the key is absent: it never existed, or was deleted. Only the moment of the commit counts: between
     * a read and the write, another agent may create and delete the key. Two agents can therefore both create it, the
     * second after the first one's key was deleted.
     */
    static <T> Precondition<T> ifAbsent() {
        return new Absent<>();
    }

    /** Requires that the key has a value. */
    static <T> Precondition<T> ifPresent() {
        return new Present<>();
    }

    /**
     * Requires that the key is at a version. Version 0 means absent, as in {@link #ifAbsent()}. Any other version is
     * refused on an absent key, even the version of its deletion.
     *
     * @throws InvalidInputException if the version is negative
     */
    static <T> Precondition<T> ifVersion(long version) {
        if (version < 0) {
            throw new InvalidInputException(
                    "The expected version is " + version + "; it must be 1 or more, or 0 for an absent key");
        }
        return version == 0 ? new Absent<>() : new AtVersion<>(version);
    }

    /** Requires that the key has a value: its text, as the key's codec writes it, must equal the text in the file. */
    static <T> Precondition<T> ifValue(T value) {
        return new HasValue<>(value);
    }
}
