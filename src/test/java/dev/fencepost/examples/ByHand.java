package dev.fencepost.examples;

import dev.fencepost.Claim;
import dev.fencepost.Key;
import dev.fencepost.Page;
import dev.fencepost.Prefix;
import dev.fencepost.Transaction;
import dev.fencepost.VersionInfo;
import dev.fencepost.Versioned;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.examples.Curator.Discarded;
import dev.fencepost.examples.Curator.Memory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The curator's decisions in memory: a map of remembered statements, and a list of discarded proposals. */
record ByHand(Map<String, Memory> remembered, List<String> discarded) implements Transaction {
    private static final VersionInfo NONE = new VersionInfo(0, 0, "by hand", Instant.EPOCH);

    @Override
    @SuppressWarnings("unchecked") // the curator stores only memories
    public <T> Optional<Versioned<T>> get(Key<T> key) {
        return Optional.ofNullable((T) remembered.get(key.name())).map(memory -> new Versioned<>(key, memory, NONE));
    }

    @Override
    public <T> void put(Key<T> key, T value) {
        remembered.put(key.name(), (Memory) value);
    }

    @Override
    public <T> void append(EventStream<T> stream, NewEvent<T> event) {
        discarded.add(event.id() + ": " + ((Discarded) event.body()).reason());
    }

    @Override
    public <T> List<Versioned<T>> list(Prefix<T> prefix) {
        throw new UnsupportedOperationException("the curator lists nothing");
    }

    @Override
    public <T> Page<Versioned<T>> list(Prefix<T> prefix, String after, int limit) {
        throw new UnsupportedOperationException("the curator lists nothing");
    }

    @Override
    public <T> List<Event<T>> events(EventStream<T> stream) {
        throw new UnsupportedOperationException("the curator reads no events by itself");
    }

    @Override
    public <T> Page<Event<T>> events(EventStream<T> stream, long after, int limit) {
        throw new UnsupportedOperationException("the curator reads no events by itself");
    }

    @Override
    public void delete(Key<?> key) {
        throw new UnsupportedOperationException("the curator deletes nothing");
    }

    @Override
    public void fencedBy(Claim claim) {
        throw new UnsupportedOperationException("the curator has one claim");
    }
}
