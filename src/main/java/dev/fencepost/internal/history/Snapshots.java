package dev.fencepost.internal.history;

import dev.fencepost.InvalidInputException;
import dev.fencepost.Snapshot;
import dev.fencepost.StoreClosedException;
import dev.fencepost.internal.claim.Claims;
import dev.fencepost.internal.claim.Heartbeat;
import dev.fencepost.internal.commit.CommitQueue;
import dev.fencepost.internal.commit.WriteTransaction;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.sql.TimeTables;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/** Opens snapshots, each with a pin in the file. Safe for use by many threads. */
public final class Snapshots {
    private final String storeId;
    private final CommitQueue queue;
    private final ReaderPool reads;
    private final Claims claims;

    public Snapshots(String storeId, CommitQueue queue, ReaderPool reads, Claims claims) {
        this.storeId = storeId;
        this.queue = queue;
        this.reads = reads;
        this.claims = claims;
    }

    /** Opens a snapshot as of the newest commit. */
    public Snapshot open() {
        return pin(WriteTransaction::lastSequence);
    }

    /**
     * Opens a snapshot as of a sequence.
     *
     * @throws InvalidInputException if the sequence is negative, or later than the newest commit
     */
    public Snapshot openAt(long sequence) {
        if (sequence < 0) {
            throw new InvalidInputException("The sequence is " + sequence + "; it must be 0 or more");
        }
        return pin(scope -> {
            if (sequence > scope.lastSequence()) {
                throw new InvalidInputException("The sequence is " + sequence + ", but the newest commit is "
                        + scope.lastSequence() + "; use that or an earlier one");
            }
            return sequence;
        });
    }

    /** Opens a snapshot as of a time, by the clocks of the writers. */
    public Snapshot openAt(Instant time) {
        // Read without the write lock: the sequence of a past time does not change.
        long millis = millis(time);
        long then = reads.read(session -> new TimeTables(session).sequenceAt(millis));
        return openAt(then);
    }

    /** Returns a time in milliseconds. Times that cannot be expressed so are before or after all times in the file. */
    private static long millis(Instant time) {
        try {
            return time.toEpochMilli();
        } catch (ArithmeticException e) {
            return time.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /**
     * Opens a snapshot with a pin. The sequence is determined in the transaction that pins it, so that nothing can be
     * pruned in between.
     */
    private Snapshot pin(ToLongFunction<WriteTransaction> place) {
        claims.heartbeat().needed();
        try {
            return queue.submit(scope -> {
                long sequence = place.applyAsLong(scope);
                long process = scope.process();
                long pin = scope.time().insertPin(process, sequence, claims.bearable(Snapshot.LEASE), scope.now());
                scope.claims().heartbeat(process, scope.now());
                return new DefaultSnapshot(this, pin, sequence);
            });
        } catch (Throwable e) {
            claims.heartbeat().notNeeded();
            throw e;
        }
    }

    ReaderPool reads() {
        return reads;
    }

    String storeId() {
        return storeId;
    }

    /** Removes a pin; if that fails, the next heartbeat that succeeds removes it. */
    void close(long pin) {
        Consumer<WriteTransaction> removal = scope -> scope.time().deletePin(pin);
        try {
            queue.change(removal);
        } catch (StoreClosedException e) {
            // The store removed all of its pins when it was closed.
            return;
        } catch (RuntimeException | Error e) {
            claims.heartbeat().owe(new Heartbeat.Owed("Closing a snapshot", removal, claims.heartbeat()::notNeeded), e);
            throw e;
        }
        claims.heartbeat().notNeeded();
    }
}
