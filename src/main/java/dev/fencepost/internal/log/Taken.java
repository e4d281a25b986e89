package dev.fencepost.internal.log;

import dev.fencepost.Arguments;
import dev.fencepost.Claim;
import dev.fencepost.TakenBatch;
import dev.fencepost.Transaction;
import java.util.List;
import java.util.function.Consumer;

/** A batch in the hands of whoever took it. */
final class Taken<E> implements TakenBatch<E> {
    private final Consumption<E> consumption;

    Taken(Consumption<E> consumption) {
        this.consumption = consumption;
    }

    @Override
    public List<E> changes() {
        return consumption.changes();
    }

    @Override
    public long through() {
        return consumption.position();
    }

    @Override
    public Claim claim() {
        return consumption.claim();
    }

    @Override
    public synchronized void acknowledge() {
        consumption.moveOn();
        consumption.close();
    }

    @Override
    public synchronized void project(Consumer<? super Transaction> work) {
        Arguments.required(work, "work");
        consumption.transact(work);
        consumption.close();
    }

    @Override
    public void close() {
        consumption.close();
    }
}
