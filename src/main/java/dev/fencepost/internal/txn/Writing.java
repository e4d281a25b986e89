package dev.fencepost.internal.txn;

import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.StoreConfig;
import dev.fencepost.Texts;
import dev.fencepost.Writes;
import dev.fencepost.Writes.Kind;
import java.util.Optional;

/** Turns what a caller wants to write into text, within the limits, before the commit path sees it. */
final class Writing {
    private final StoreConfig config;

    Writing(StoreConfig config) {
        this.config = config;
    }

    <T> CommitRequest.Write<T> put(Key<T> key, T value, Precondition<T> precondition) {
        return write(Kind.PUT, key, Optional.of(value), precondition);
    }

    <T> CommitRequest.Write<T> delete(Key<T> key, Precondition<T> precondition) {
        if (precondition instanceof Precondition.Absent) {
            throw new InvalidInputException(
                    "'" + key
                            + "' is to be deleted if it is absent, which cannot be; use ifPresent, ifVersion from 1, or ifValue");
        }
        Precondition<T> asked = precondition instanceof Precondition.None ? Precondition.ifPresent() : precondition;
        return write(Kind.DELETE, key, Optional.empty(), asked);
    }

    <T> CommitRequest.Write<T> member(Writes.Member<T> member) {
        return member.kind() == Kind.DELETE
                ? delete(member.key(), member.precondition())
                : write(member.kind(), member.key(), member.value(), member.precondition());
    }

    private <T> CommitRequest.Write<T> write(Kind kind, Key<T> key, Optional<T> value, Precondition<T> precondition) {
        checkKey(key);
        Optional<String> expected = precondition instanceof Precondition.HasValue<T> has
                ? Optional.of(encode(key, has.value()))
                : Optional.empty();
        return new CommitRequest.Write<>(
                kind, key, precondition, value.map(present -> encode(key, present)), expected, false);
    }

    private <T> String encode(Key<T> key, T value) {
        String text = key.codec().encode(value);
        int bytes = Texts.utf8Length("The value of '" + key + "'", text);
        if (bytes > config.maxValueBytes()) {
            throw new InvalidInputException("The value of '" + key + "' has " + bytes + " bytes, the most is "
                    + config.maxValueBytes() + "; split it, or open the store with a higher limit");
        }
        return text;
    }

    /** Refuses a key that is too long for this store. */
    void checkKey(Key<?> key) {
        int bytes = Texts.utf8Length("The name of a key", key.name());
        if (bytes > config.maxKeyBytes()) {
            throw new InvalidInputException("The key '" + key + "' has " + bytes + " bytes, the most in this store is "
                    + config.maxKeyBytes() + "; shorten it, or open the store with a higher limit");
        }
    }
}
