package dev.fencepost;

/**
 * What must hold of a key at the moment of the commit. A key is absent when it never existed or was deleted.
 *
 * @param <T> the type of the key's value
 */
public sealed interface Precondition<T> {
    /** Nothing is asked. */
    record None<T>() implements Precondition<T> {}

    /** The key must be absent. */
    record Absent<T>() implements Precondition<T> {}

    /** The key must have a value. */
    record Present<T>() implements Precondition<T> {}

    /** The key must have a value, at this version. */
    record AtVersion<T>(long version) implements Precondition<T> {}

    /** The key must have a value with the same text as this one. */
    record HasValue<T>(T value) implements Precondition<T> {
        public HasValue {
            Arguments.required(value, "value");
        }
    }

    /** Nothing is asked: whatever is there is overwritten. */
    static <T> Precondition<T> none() {
        return new None<>();
    }

    /**
     * The key must be absent: it never existed, or was deleted. This is about the present: between a look and the write
     * the key may have been created and deleted again, so of two who create it, one does so after the other's was deleted.
     */
    static <T> Precondition<T> ifAbsent() {
        return new Absent<>();
    }

    /** The key must have a value. */
    static <T> Precondition<T> ifPresent() {
        return new Present<>();
    }

    /**
     * The key must be at this version. Version 0 means absent, so it is the same as {@link #ifAbsent()}; any other
     * version is refused on an absent key, even where it is the version of the deletion.
     *
     * @throws InvalidInputException if the version is negative
     */
    static <T> Precondition<T> ifVersion(long version) {
        if (version < 0) {
            throw new InvalidInputException(
                    "The expected version is " + version + "; versions begin at 1, and 0 stands for an absent key");
        }
        return version == 0 ? new Absent<>() : new AtVersion<>(version);
    }

    /** The key must have this value: its text, as the key's codec writes it, must be the same as that in the file. */
    static <T> Precondition<T> ifValue(T value) {
        return new HasValue<>(value);
    }

    /** Whether reading again can help when this does not hold. */
    default boolean retryable() {
        return this instanceof AtVersion || this instanceof HasValue;
    }

    /** What is asked, to follow the word 'must'. */
    default String demand() {
        if (this instanceof Absent) {
            return "be absent";
        } else if (this instanceof Present) {
            return "have a value";
        } else if (this instanceof AtVersion<T> at) {
            return "be at version " + at.version();
        } else if (this instanceof HasValue) {
            return "have the expected value";
        }
        return "be anything";
    }
}
