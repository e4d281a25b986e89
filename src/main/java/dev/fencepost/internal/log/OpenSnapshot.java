package dev.fencepost.internal.log;

import dev.fencepost.Arguments;
import dev.fencepost.Event;
import dev.fencepost.EventStream;
import dev.fencepost.HeldClaim;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Prefix;
import dev.fencepost.SagaView;
import dev.fencepost.Snapshot;
import dev.fencepost.StoreClosedException;
import dev.fencepost.Versioned;
import dev.fencepost.internal.saga.PastSagas;
import dev.fencepost.internal.sql.TimeTables;
import dev.fencepost.internal.txn.AsOf;
import dev.fencepost.internal.txn.Basis;
import dev.fencepost.internal.txn.ReadSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** A cut of the store, read from history. */
final class OpenSnapshot implements Snapshot, Basis {
    private final Snapshots snapshots;
    private final long pin;
    private final long sequence;
    private final Set<String> keysRead = ConcurrentHashMap.newKeySet();
    private final Set<String> prefixesRead = ConcurrentHashMap.newKeySet();
    private final Set<String> streamsRead = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    OpenSnapshot(Snapshots snapshots, long pin, long sequence) {
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
        prefixesRead.add(prefix.name());
        return read(asOf -> asOf.list(prefix.name())).stream()
                .flatMap(row -> row.versioned(row.typed(prefix.codec())).stream())
                .toList();
    }

    @Override
    public <T> List<Event<T>> events(EventStream<T> stream, long after, int limit) {
        Arguments.required(stream, "stream");
        Streams.checkRange(stream, after, limit);
        streamsRead.add(stream.name());
        return read(asOf -> asOf.events(stream, after, limit)).stream()
                .map(row -> row.in(stream))
                .toList();
    }

    private <R> R read(Function<AsOf, R> reading) {
        refuseClosed();
        return snapshots.reads().read(session -> reading.apply(new AsOf(session, sequence)));
    }

    @Override
    public List<HeldClaim> claims() {
        refuseClosed();
        return snapshots.reads().read(session -> new TimeTables(session).heldAt(sequence));
    }

    @Override
    public List<SagaView> sagas() {
        refuseClosed();
        return snapshots.reads().read(session -> PastSagas.all(session, sequence));
    }

    @Override
    public Optional<SagaView> saga(String id) {
        Arguments.required(id, "id");
        refuseClosed();
        return snapshots.reads().read(session -> PastSagas.one(session, id, sequence));
    }

    private void refuseClosed() {
        if (closed.get()) {
            throw new InvalidInputException("The snapshot has been closed; open another");
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
            try {
                snapshots.close(pin);
            } catch (StoreClosedException e) {
                // The store let go of all that it had pinned when it was closed.
                closed.set(true);
            } catch (Throwable e) {
                // It still has its hold, and can be closed again.
                closed.set(false);
                throw e;
            }
        }
    }

    @Override
    public String toString() {
        return "snapshot at " + sequence;
    }
}
