package dev.fencepost.internal.event;

import dev.fencepost.Claim;
import dev.fencepost.Transaction;
import dev.fencepost.event.ClaimedBatch;
import dev.fencepost.internal.util.Arguments;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A batch that an agent has claimed. It ends before a change that cannot be decoded. */
final class DefaultClaimedBatch<E> implements ClaimedBatch<E> {
    private final CursorLease<E> consumption;
    private final List<E> changes;
    private final long through;

    /**
     * Creates the batch of a cursor's lease.
     *
     * @throws dev.fencepost.CodecException if the first change cannot be decoded
     */
    DefaultClaimedBatch(CursorLease<E> consumption) {
        this.consumption = consumption;
        List<E> decoded = new ArrayList<>();
        for (int i = 0; i < consumption.size(); i++) {
            try {
                decoded.add(consumption.change(i));
            } catch (Throwable e) {
                if (i == 0) {
                    throw e;
                }
                break;
            }
        }
        this.changes = List.copyOf(decoded);
        this.through = decoded.size() == consumption.size()
                ? consumption.position()
                : consumption.row(decoded.size() - 1).sequence();
    }

    @Override
    public List<E> changes() {
        return changes;
    }

    @Override
    public long through() {
        return through;
    }

    @Override
    public Claim claim() {
        return consumption.claim();
    }

    @Override
    public synchronized void acknowledge() {
        consumption.moveOn(left(), 0, (scope, sequence) -> {});
        consumption.close();
    }

    @Override
    public synchronized void project(Consumer<? super Transaction> work) {
        Arguments.required(work, "work");
        consumption.transact(left(), work);
        consumption.close();
    }

    /** Returns the number of changes to acknowledge; 0 if the batch was acknowledged before. */
    private int left() {
        return Math.min(changes.size(), consumption.size());
    }

    @Override
    public void close() {
        consumption.close();
    }
}
