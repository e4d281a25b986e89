package dev.fencepost;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Several writes for one commit, with what they depend on: built up by chaining, then given to {@link Writer#commit}.
 * Naming a key twice is refused. Not safe for use by many threads while it is built.
 */
public final class Writes {
    /** One member: a write, or only a demand, when {@link #kind} says so. */
    public record Member<T>(Kind kind, Key<T> key, Optional<T> value, Precondition<T> precondition) {}

    /** What a member does to its key. */
    public enum Kind {
        PUT,
        DELETE,
        REQUIRE
    }

    private final Map<String, Member<?>> members = new LinkedHashMap<>();
    private final List<Claim> claims = new ArrayList<>();

    private Writes() {}

    /** No writes as yet. */
    public static Writes of() {
        return new Writes();
    }

    /** Writes a value whatever is there now. */
    public <T> Writes put(Key<T> key, T value) {
        return put(key, value, Precondition.none());
    }

    /** Writes a value if the precondition holds. */
    public <T> Writes put(Key<T> key, T value, Precondition<T> precondition) {
        return add(new Member<>(Kind.PUT, key, Optional.of(value), precondition));
    }

    /** Deletes a key, which must be there. */
    public <T> Writes delete(Key<T> key) {
        return delete(key, Precondition.ifPresent());
    }

    /** Deletes a key if the precondition holds. */
    public <T> Writes delete(Key<T> key, Precondition<T> precondition) {
        return add(new Member<>(Kind.DELETE, key, Optional.empty(), precondition));
    }

    /** Demands that the precondition holds of a key that is not written. */
    public <T> Writes require(Key<T> key, Precondition<T> precondition) {
        return add(new Member<>(Kind.REQUIRE, key, Optional.empty(), precondition));
    }

    /** Makes the whole commit depend on a claim. */
    public Writes under(Claim claim) {
        claims.add(Objects.requireNonNull(claim, "claim"));
        return this;
    }

    /** The members, in the order in which they were added. */
    public List<Member<?>> members() {
        return List.copyOf(members.values());
    }

    /** The claims that the commit depends on. */
    public List<Claim> claims() {
        return List.copyOf(claims);
    }

    private Writes add(Member<?> member) {
        Objects.requireNonNull(member.precondition(), "precondition");
        if (members.putIfAbsent(member.key().name(), member) != null) {
            throw new InvalidInputException("The key '" + member.key()
                    + "' is named twice in one commit; name each key once, with all that it depends on");
        }
        return this;
    }
}
