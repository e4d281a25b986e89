package dev.fencepost;

import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.internal.util.Arguments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Several writes for one commit, with its preconditions and claims. Build it by chaining, then pass it to
 * {@link Writer#commit}. Naming a key twice is refused. Not safe for use by many threads while it is built.
 */
public final class WriteBatch {
    /** One member: a write, or only a precondition, depending on {@link #kind}. */
    public record Member<T>(Kind kind, Key<T> key, Optional<T> value, Precondition<T> precondition) {}

    /** The effect of a member on its key. */
    public enum Kind {
        PUT,
        DELETE,
        REQUIRE
    }

    /**
     * Events for one stream.
     *
     * @param expected the number of the event that the stream must end with, 0 for none; empty if it may end with any
     */
    public record Append<T>(EventStream<T> stream, OptionalLong expected, List<NewEvent<T>> events) {
        public Append {
            Arguments.required(stream, "stream");
            Arguments.required(expected, "expected");
            events = List.copyOf(Arguments.requiredAll(events, "events"));
        }
    }

    private final Map<String, Member<?>> members = new LinkedHashMap<>();
    private final Map<String, Append<?>> appends = new LinkedHashMap<>();
    private final List<Claim> claims = new ArrayList<>();
    private Optional<Snapshot> basis = Optional.empty();

    private WriteBatch() {}

    /** Creates an empty batch. */
    public static WriteBatch of() {
        return new WriteBatch();
    }

    /** Writes a value regardless of the present one. */
    public <T> WriteBatch put(Key<T> key, T value) {
        Arguments.required(key, "key");
        Arguments.required(value, "value");
        return put(key, value, Precondition.none());
    }

    /** Writes a value if the precondition holds. */
    public <T> WriteBatch put(Key<T> key, T value, Precondition<T> precondition) {
        Arguments.required(key, "key");
        Arguments.required(value, "value");
        Arguments.required(precondition, "precondition");
        return add(new Member<>(Kind.PUT, key, Optional.of(value), precondition));
    }

    /** Deletes a key, which must be present. */
    public <T> WriteBatch delete(Key<T> key) {
        Arguments.required(key, "key");
        return delete(key, Precondition.ifPresent());
    }

    /** Deletes a key if the precondition holds. */
    public <T> WriteBatch delete(Key<T> key, Precondition<T> precondition) {
        Arguments.required(key, "key");
        Arguments.required(precondition, "precondition");
        return add(new Member<>(Kind.DELETE, key, Optional.empty(), precondition));
    }

    /** Requires that the precondition holds for a key that is not written. */
    public <T> WriteBatch require(Key<T> key, Precondition<T> precondition) {
        Arguments.required(key, "key");
        Arguments.required(precondition, "precondition");
        return add(new Member<>(Kind.REQUIRE, key, Optional.empty(), precondition));
    }

    /** Appends an event to the end of a stream; see {@link Writer#append(EventStream, NewEvent)}. */
    public <T> WriteBatch append(EventStream<T> stream, NewEvent<T> event) {
        Arguments.required(stream, "stream");
        Arguments.required(event, "event");
        return append(new Append<>(stream, OptionalLong.empty(), List.of(event)));
    }

    /** Appends events to the end of a stream. */
    public <T> WriteBatch append(EventStream<T> stream, List<NewEvent<T>> events) {
        Arguments.required(stream, "stream");
        Arguments.required(events, "events");
        return append(new Append<>(stream, OptionalLong.empty(), events));
    }

    /**
     * Appends events to a stream if it ends with a certain event.
     *
     * @param expected the number of that event, or 0 if there must be none
     */
    public <T> WriteBatch appendAfter(EventStream<T> stream, long expected, List<NewEvent<T>> events) {
        Arguments.required(stream, "stream");
        Arguments.required(events, "events");
        return append(new Append<>(stream, OptionalLong.of(expected), events));
    }

    private WriteBatch append(Append<?> append) {
        Arguments.required(append, "append");
        if (appends.putIfAbsent(append.stream().name(), append) != null) {
            throw new InvalidInputException(
                    "The stream '" + append.stream() + "' occurs twice in one commit; append all its events at once");
        }
        return this;
    }

    /**
     * Makes the commit depend on a snapshot. No key, prefix or stream that was read through it so far, and no key or
     * stream that is written, may have changed since. The commit does not depend on claims and sagas that were read.
     *
     * @throws InvalidInputException if the commit depends on another snapshot already
     */
    public WriteBatch basedOn(Snapshot snapshot) {
        Arguments.required(snapshot, "snapshot");
        if (basis.isPresent()) {
            throw new InvalidInputException(
                    "The commit is based on a snapshot already; read everything through one" + " snapshot");
        }
        basis = Optional.of(snapshot);
        return this;
    }

    /** Makes the whole commit depend on a claim. */
    public WriteBatch fencedBy(Claim claim) {
        claims.add(Arguments.required(claim, "claim"));
        return this;
    }

    /** Returns the members, in the order in which they were added. */
    public List<Member<?>> members() {
        return List.copyOf(members.values());
    }

    /** Returns the appends, one for each stream, in the order in which they were added. */
    public List<Append<?>> appends() {
        return List.copyOf(appends.values());
    }

    /** Returns the snapshot that the commit depends on. */
    public Optional<Snapshot> basis() {
        return basis;
    }

    /** Returns the claims that the commit depends on. */
    public List<Claim> claims() {
        return List.copyOf(claims);
    }

    private WriteBatch add(Member<?> member) {
        Arguments.required(member.precondition(), "precondition");
        if (members.putIfAbsent(member.key().name(), member) != null) {
            throw new InvalidInputException("The key '" + member.key()
                    + "' occurs twice in one commit; name each key once, with all its conditions");
        }
        return this;
    }
}
