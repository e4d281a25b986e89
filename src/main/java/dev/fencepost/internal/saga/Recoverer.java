package dev.fencepost.internal.saga;

import dev.fencepost.Page;
import dev.fencepost.SagaDefinition;
import dev.fencepost.internal.sql.Bounds;
import dev.fencepost.internal.sql.SagaRow;
import dev.fencepost.internal.sql.SagaTables;
import dev.fencepost.internal.sql.SagaTables.GoingOn;
import dev.fencepost.internal.txn.Background;
import dev.fencepost.internal.txn.BackgroundTasks;
import dev.fencepost.internal.txn.ReadPath;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds sagas that nobody coordinates, and carries them on. */
final class Recoverer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Recoverer.class);

    /** So many sagas are carried on at one time by one recoverer in the background; many may only wait for others. */
    private static final int MOST_AT_ONCE = 1_000;

    private final Coordinator coordinator;
    private final ReadPath reads;
    private final List<SagaDefinition<?>> definitions;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Background looking;
    private volatile boolean closed;

    Recoverer(Coordinator coordinator, ReadPath reads, Collection<SagaDefinition<?>> definitions) {
        this.coordinator = coordinator;
        this.reads = reads;
        this.definitions = List.copyOf(definitions);
    }

    /** Shows each saga that nobody coordinates, and its definition, as far as there is one here. */
    void orphans(BiConsumer<SagaRow, SagaDefinition<?>> found) {
        for (long after = 0; ; ) {
            long from = after;
            Page<GoingOn> page =
                    reads.read(session -> new SagaTables(session).goingOn(from, Bounds.page(Page.MAX_ENTRIES)));
            page.forEach(saga -> orphan(saga, found));
            if (!page.more()) {
                return;
            }
            after = page.last().orElseThrow().id();
        }
    }

    /** Reads a saga with its input, if it is to be carried on here. */
    private void orphan(GoingOn saga, BiConsumer<SagaRow, SagaDefinition<?>> found) {
        Optional<SagaDefinition<?>> definition = definitions.stream()
                .filter(known -> known.name().equals(saga.definition()) && known.version() == saga.version())
                .findFirst();
        if (definition.isPresent() && coordinator.isFree(saga.claim())) {
            coordinator.find(saga.saga()).ifPresent(row -> found.accept(row, definition.get()));
        }
    }

    /** Begins to look, on a thread of its own. */
    Recoverer begin(BackgroundTasks tasks, Duration every) {
        looking = tasks.every("fencepost-recoverer", every, () -> orphans(this::carryOn));
        return this;
    }

    private void carryOn(SagaRow saga, SagaDefinition<?> definition) {
        if (closed || underWay.contains(saga.saga()) || !places.tryAcquire()) {
            return;
        }
        underWay.add(saga.saga());
        boolean begun = false;
        try {
            daemon(() -> drive(saga, definition), "fencepost-saga-" + saga.saga());
            begun = true;
        } finally {
            if (!begun) {
                leave(saga);
            }
        }
    }

    private void drive(SagaRow saga, SagaDefinition<?> definition) {
        try {
            coordinator.drive(definition, saga, Duration.ZERO);
        } catch (RuntimeException | Error e) {
            LOG.warn("The saga '{}' could not be carried on here; it is tried again", saga.saga(), e);
        } finally {
            leave(saga);
        }
    }

    private void leave(SagaRow saga) {
        underWay.remove(saga.saga());
        places.release();
    }

    static void daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes over nothing more; what is under way goes on. */
    @Override
    public void close() {
        closed = true;
        Background look = looking;
        if (look != null) {
            look.close();
        }
    }
}
