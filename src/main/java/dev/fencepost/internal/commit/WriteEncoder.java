package dev.fencepost.internal.commit;

import dev.fencepost.CodecException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.StoreConfig;
import dev.fencepost.WriteBatch;
import dev.fencepost.WriteBatch.Kind;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.internal.commit.CommitRequest.EncodedAppend;
import dev.fencepost.internal.commit.CommitRequest.EncodedEvent;
import dev.fencepost.internal.commit.CommitRequest.EncodedWrite;
import dev.fencepost.internal.util.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Encodes a caller's writes as text, within the limits of the store, before they enter the commit path. */
final class WriteEncoder {
    private final int maxKeyBytes;
    private final int maxValueBytes;

    WriteEncoder(StoreConfig config) {
        this.maxKeyBytes = config.maxKeyBytes();
        this.maxValueBytes = config.maxValueBytes();
    }

    <T> EncodedWrite<T> put(Key<T> key, T value, Precondition<T> precondition) {
        return write(Kind.PUT, key, Optional.of(value), precondition);
    }

    <T> EncodedWrite<T> delete(Key<T> key, Precondition<T> precondition) {
        if (precondition instanceof Precondition.Absent) {
            throw new InvalidInputException("The deletion of '" + key
                    + "' requires that the key is absent; require a version or a value instead");
        }
        Precondition<T> asked = precondition instanceof Precondition.None ? Precondition.ifPresent() : precondition;
        return write(Kind.DELETE, key, Optional.empty(), asked);
    }

    <T> EncodedWrite<T> member(WriteBatch.Member<T> member) {
        return member.kind() == Kind.DELETE
                ? delete(member.key(), member.precondition())
                : write(member.kind(), member.key(), member.value(), member.precondition());
    }

    private <T> EncodedWrite<T> write(Kind kind, Key<T> key, Optional<T> value, Precondition<T> precondition) {
        ReservedKeys.refuse(key);
        checkKey(key);
        Optional<String> expected = precondition instanceof Precondition.HasValue<T> has
                ? Optional.of(encode(key, has.value()))
                : Optional.empty();
        return new EncodedWrite<>(kind, key, precondition, value.map(present -> encode(key, present)), expected, false);
    }

    <T> EncodedAppend<T> append(WriteBatch.Append<T> append) {
        return append(append.stream(), append.expected(), append.events());
    }

    <T> EncodedAppend<T> append(EventStream<T> stream, OptionalLong expected, List<NewEvent<T>> events) {
        if (expected.isPresent() && expected.getAsLong() < 0) {
            throw new InvalidInputException("The expected last event of the stream '" + stream + "' is number "
                    + expected.getAsLong() + "; it must be 0, for an empty stream, or more");
        }
        List<EncodedEvent> facts = new ArrayList<>();
        for (NewEvent<T> event : events) {
            String what = "The event '" + event.id() + "' for '" + stream + "'";
            String text = checked(stream.codec().encode(event.body()), what);
            facts.add(new EncodedEvent(event.id(), stream.codec().schemaVersion(), text));
        }
        return new EncodedAppend<>(stream, expected, facts);
    }

    private <T> String encode(Key<T> key, T value) {
        return checked(key.codec().encode(value), "The value of '" + key + "'");
    }

    private String checked(@Nullable String text, String what) {
        if (text == null) {
            throw new CodecException(what + " was encoded as null; the codec must return a text", null);
        }
        int bytes = Texts.utf8Length(what, text);
        if (bytes > maxValueBytes) {
            throw new InvalidInputException(what + " has " + bytes + " bytes; the maximum is " + maxValueBytes
                    + "; split it, or open the store with a higher limit");
        }
        return text;
    }

    /** Refuses a key that is too long for this store. */
    void checkKey(Key<?> key) {
        int bytes = Texts.utf8Length("The name of a key", key.name());
        if (bytes > maxKeyBytes) {
            throw new InvalidInputException("The key '" + key + "' has " + bytes + " bytes; the maximum in this store"
                    + " is " + maxKeyBytes + "; shorten it, or open the store with a higher limit");
        }
    }
}
