package dev.fencepost.internal.event;

import dev.fencepost.Transaction;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Hands the changes of a batch to the caller's function, and moves the cursor. */
@FunctionalInterface
interface Handover<E> {
    /** The number of changes of a batch that the function has handled. Not thread-safe. */
    final class Handled {
        private int count;

        int count() {
            return count;
        }
    }

    /**
     * Handles the changes of the batch. If it throws because of a change, that change is the one after those that were
     * handled.
     */
    void handle(CursorLease<E> batch, Handled handled);

    /** Hands the changes over one by one, and moves the cursor past all of them. */
    static <E> Handover<E> each(Consumer<? super E> handler) {
        return (batch, handled) -> {
            for (; handled.count < batch.size(); handled.count++) {
                handler.accept(batch.change(handled.count));
            }
            batch.moveOn();
        };
    }

    /**
     * Hands the changes over in one transaction, which also moves the cursor. If that fails, each change gets a
     * transaction of its own, so that the changes before the failing one take effect.
     */
    static <E> Handover<E> transacting(BiConsumer<? super Transaction, ? super E> projection) {
        return (batch, handled) -> {
            int[] index = {0};
            try {
                batch.transact(batch.size(), tx -> {
                    for (index[0] = 0; index[0] < batch.size(); index[0]++) {
                        projection.accept(tx, batch.change(index[0]));
                    }
                });
            } catch (Throwable e) {
                if (index[0] == 0 || batch.size() == 1 || Failure.isOfStore(e)) {
                    throw e;
                }
                while (batch.size() > 0) {
                    batch.transact(1, tx -> projection.accept(tx, batch.change(0)));
                }
            }
        };
    }
}
