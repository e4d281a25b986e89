package dev.fencepost.internal.history;

import dev.fencepost.ClaimInfo;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Page;
import dev.fencepost.Prefix;
import dev.fencepost.Snapshot;
import dev.fencepost.Versioned;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventStream;
import dev.fencepost.internal.commit.ReadSet;
import dev.fencepost.internal.commit.SnapshotReadSet;
import dev.fencepost.internal.read.AsOfReader;
import dev.fencepost.internal.saga.SagaViews;
import dev.fencepost.internal.sql.Bounds;
import dev.fencepost.internal.sql.Listing;
import dev.fencepost.internal.sql.TimeTables;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.internal.util.Names;
import dev.fencepost.saga.SagaInfo;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** A snapshot of the store as of one sequence, read from history. */
final class DefaultSnapshot implements Snapshot, SnapshotReadSet {
    private final Snapshots snapshots;
    private final long pin;
    private final long sequence;
    private final Set<String> keysRead = ConcurrentHashMap.newKeySet();
    private final Set<String> prefixesRead = ConcurrentHashMap.newKeySet();
    private final Set<String> streamsRead = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    DefaultSnapshot(Snapshots snapshots, long pin, long sequence) {
        this.snapshots = snapshots;
        this.pin = pin;
        this.sequence = sequence;
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public <T> Optional<Versioned<T>> get(Key<T> key) {
        Arguments.required(key, "key");
        keysRead.add(key.name());
        return read(asOf -> asOf.latest(key.name())).flatMap(row -> row.versioned(key));
    }

    @Override
    public <T> List<Versioned<T>> list(Prefix<T> prefix) {
        Arguments.required(prefix, "prefix");
        return list(prefix, "", Listing.keys(prefix.name()).whole());
    }

    @Override
    public <T> Page<Versioned<T>> list(Prefix<T> prefix, String after, int limit) {
        Arguments.required(prefix, "prefix");
        Arguments.required(after, "after");
        Names.checkAfter(after);
        return list(prefix, after, Listing.keys(prefix.name()).page(limit));
    }

    private <T> Page<Versioned<T>> list(Prefix<T> prefix, String after, Bounds bounds) {
        prefixesRead.add(prefix.name());
        return read(asOf -> asOf.list(prefix.name(), after, bounds)).map(row -> row.in(prefix));
    }

    @Override
    public <T> Page<Event<T>> events(EventStream<T> stream, long after, int limit) {
        Arguments.required(stream, "stream");
        return events(stream, after, Listing.events(stream.name()).page(after, limit));
    }

    @Override
    public <T> List<Event<T>> events(EventStream<T> stream) {
        Arguments.required(stream, "stream");
        return events(stream, 0, Listing.events(stream.name()).whole());
    }

    private <T> Page<Event<T>> events(EventStream<T> stream, long after, Bounds bounds) {
        streamsRead.add(stream.name());
        return read(asOf -> asOf.events(stream, after, bounds)).map(row -> row.in(stream));
    }

    private <R> R read(Function<AsOfReader, R> reading) {
        refuseClosed();
        return snapshots.reads().read(session -> reading.apply(new AsOfReader(session, sequence)));
    }

    @Override
    public List<ClaimInfo> claims() {
        return claims("", Listing.claims().whole());
    }

    @Override
    public Page<ClaimInfo> claims(String after, int limit) {
        Arguments.required(after, "after");
        Names.checkAfter(after);
        return claims(after, Listing.claims().page(limit));
    }

    private Page<ClaimInfo> claims(String after, Bounds bounds) {
        refuseClosed();
        return snapshots.reads().read(session -> new TimeTables(session).heldAt(sequence, after, bounds));
    }

    @Override
    public List<SagaInfo> sagas() {
        return sagas(true, "", Listing.sagas().whole());
    }

    @Override
    public Page<SagaInfo> sagas(boolean ended, String after, int limit) {
        Arguments.required(after, "after");
        Names.checkAfter(after);
        return sagas(ended, after, Listing.sagas().page(limit));
    }

    private Page<SagaInfo> sagas(boolean ended, String after, Bounds bounds) {
        refuseClosed();
        return snapshots.reads().read(session -> SagaViews.at(session, sequence).list(ended, after, bounds));
    }

    @Override
    public Optional<SagaInfo> saga(String id) {
        Arguments.required(id, "id");
        return saga(id, 0, Listing.journal(id).whole());
    }

    @Override
    public Optional<SagaInfo> saga(String id, long after, int limit) {
        Arguments.required(id, "id");
        return saga(id, after, Listing.journal(id).page(after, limit));
    }

    private Optional<SagaInfo> saga(String id, long after, Bounds bounds) {
        refuseClosed();
        return snapshots.reads().read(session -> SagaViews.at(session, sequence).find(id, after, bounds));
    }

    private void refuseClosed() {
        if (closed.get()) {
            throw new InvalidInputException("The snapshot is closed; open another");
        }
    }

    @Override
    public ReadSet reads() {
        refuseClosed();
        return new ReadSet(sequence, keysRead, prefixesRead, streamsRead);
    }

    @Override
    public String storeId() {
        return snapshots.storeId();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            snapshots.close(pin);
        }
    }

    @Override
    public String toString() {
        return "snapshot at " + sequence;
    }
}
