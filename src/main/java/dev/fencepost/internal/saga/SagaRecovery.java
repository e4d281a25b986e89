package dev.fencepost.internal.saga;

import dev.fencepost.FencepostException;
import dev.fencepost.Page;
import dev.fencepost.StoreClosedException;
import dev.fencepost.WaitInterruptedException;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.sql.Bounds;
import dev.fencepost.internal.sql.SagaRow;
import dev.fencepost.internal.sql.SagaTables;
import dev.fencepost.internal.sql.SagaTables.GoingOn;
import dev.fencepost.internal.util.BackgroundThread;
import dev.fencepost.internal.util.Deadline;
import dev.fencepost.internal.util.PeriodicTask;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds sagas that no live process coordinates, and drives them. A saga that only waits for another agent's report is
 * parked: it is left alone until something changes. So it needs neither a thread nor a permit.
 */
final class SagaRecovery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SagaRecovery.class);

    /** The most sagas that one recoverer drives at one time in the background, not counting those that wait. */
    private static final int MAX_AT_ONCE = 1_000;

    private final SagaCoordinator coordinator;
    private final SagaParts parts;
    private final List<SagaDefinition<?>> definitions;
    private final Duration every;
    private final Semaphore permits = new Semaphore(MAX_AT_ONCE);
    private final Set<String> driven = ConcurrentHashMap.newKeySet();

    /** Parked sagas, with the values of {@link #state} from before each was last driven. */
    private final Map<Long, String> parked = new ConcurrentHashMap<>();

    private volatile @Nullable BackgroundThread thread;
    private volatile boolean closed;

    SagaRecovery(
            SagaCoordinator coordinator, SagaParts parts, Collection<SagaDefinition<?>> definitions, Duration every) {
        this.coordinator = coordinator;
        this.parts = parts;
        this.definitions = List.copyOf(definitions);
        this.every = every;
    }

    /** A saga that no live process coordinates, with its definition. */
    private record Orphan(GoingOn saga, SagaDefinition<?> definition) {}

    /** Returns the orphans whose definition is known here. Of the others, those that are overdue become stuck. */
    private List<Orphan> orphans() {
        List<Orphan> found = new ArrayList<>();
        for (GoingOn saga : openSagas()) {
            Optional<SagaDefinition<?>> definition = definitions.stream()
                    .filter(known -> known.name().equals(saga.definition()) && known.version() == saga.version())
                    .findFirst();
            if (!parts.isFree(saga.claim())) {
                continue;
            }
            if (definition.isPresent()) {
                found.add(new Orphan(saga, definition.get()));
            } else if (!saga.definition().equals(DefaultManualSaga.DEFINITION)) {
                // A manual saga is never overdue: it waits for its next holder, however long.
                attempt(saga, () -> coordinator.undrivable().stopIfOverdue(saga));
            }
        }
        return found;
    }

    private List<GoingOn> openSagas() {
        List<GoingOn> found = new ArrayList<>();
        for (long after = 0; ; ) {
            long from = after;
            Page<GoingOn> page =
                    parts.reads().read(session -> new SagaTables(session).goingOn(from, Bounds.page(Page.MAX_ENTRIES)));
            found.addAll(page);
            if (!page.more()) {
                return found;
            }
            after = page.last().orElseThrow().id();
        }
    }

    /**
     * Runs an action for one saga, so that its failure does not stop the others. Logs the failure and returns it; null
     * if there is none.
     */
    private static @Nullable Throwable attempt(GoingOn saga, Runnable work) {
        try {
            work.run();
            return null;
        } catch (StoreClosedException | WaitInterruptedException e) {
            throw e;
        } catch (Throwable e) {
            LOG.warn("Recovery of saga '{}' failed; it is retried", saga.saga(), e);
            return e;
        }
    }

    /**
     * Drives all orphans on this thread. Those that wait for another agent are awaited after the others.
     *
     * @throws RuntimeException if a saga failed with anything but a {@link FencepostException}, after all were tried;
     *     likewise an {@link Error}
     */
    List<SagaOutcome> recoverAll() {
        List<SagaOutcome> outcomes = new ArrayList<>();
        List<Orphan> open = orphans();
        Throwable failure = null;
        while (!open.isEmpty()) {
            List<Orphan> waiting = new ArrayList<>();
            for (Orphan orphan : open) {
                Throwable thrown = attempt(orphan.saga(), () -> {
                    if (!hasNews(orphan.saga()) || !drive(orphan, () -> {}, outcomes)) {
                        waiting.add(orphan);
                    }
                });
                failure = thrown == null || thrown instanceof FencepostException ? failure : joined(failure, thrown);
            }
            open = waiting;
            awaitNews(open);
        }
        if (failure instanceof Error error) {
            throw error;
        } else if (failure != null) {
            throw (RuntimeException) failure;
        }
        return outcomes;
    }

    private static Throwable joined(@Nullable Throwable first, Throwable next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }

    /** Drives a saga; returns false if it waits for another agent. */
    private boolean drive(Orphan orphan, Runnable onWait, Collection<SagaOutcome> outcomes) {
        GoingOn saga = orphan.saga();
        // Read before the saga is driven, so that a change meanwhile counts as news.
        String before = state(saga);
        try {
            Optional<SagaRow> present = parts.find(saga.saga());
            present.flatMap(row -> coordinator.drive(orphan.definition(), row, DriveSettings.parking(onWait)))
                    .ifPresent(outcomes::add);
            parked.remove(saga.id());
            return true;
        } catch (SagaParkedSignal e) {
            parked.put(saga.id(), before);
            return false;
        }
    }

    private boolean hasNews(GoingOn saga) {
        String before = parked.get(saga.id());
        return before == null || !before.equals(state(saga));
    }

    /** Returns a text that differs once a parked saga may have something to do. */
    private String state(GoingOn saga) {
        boolean late = SagaPlanner.isLate(saga.deadline(), parts.now());
        return late + " "
                + parts.reads()
                        .read(session -> new SagaTables(session)
                                .known(saga.id(), claim -> parts.claims().isFree(session, claim)));
    }

    private void awaitNews(List<Orphan> waiting) {
        if (waiting.isEmpty()) {
            return;
        }
        RunningSagas runningSagas = parts.runningSagas();
        try (CommitNotifier.Listener listener = parts.notifier()
                .listen(
                        List.of(RunningSagas.CLOSING),
                        () -> runningSagas.isClosing()
                                || waiting.stream().anyMatch(orphan -> hasNews(orphan.saga())))) {
            runningSagas.demandOpen();
            Deadline.after(every.multipliedBy(2)).sleepJittered(every, listener, "for reports on sagas");
        }
    }

    /** Starts to look for orphans periodically, on a thread of its own. */
    SagaRecovery begin(PeriodicTask tasks) {
        thread = tasks.every("fencepost-recoverer", every, this::recoverInBackground);
        return this;
    }

    private void recoverInBackground() {
        List<Orphan> orphans = orphans();
        parked.keySet()
                .retainAll(orphans.stream().map(orphan -> orphan.saga().id()).toList());
        orphans.forEach(this::driveInBackground);
    }

    private void driveInBackground(Orphan orphan) {
        GoingOn saga = orphan.saga();
        if (closed || driven.contains(saga.saga()) || !hasNews(saga) || !permits.tryAcquire()) {
            return;
        }
        driven.add(saga.saga());
        AtomicBoolean hasPermit = new AtomicBoolean(true);
        // Called when the run first waits, and at its end. Only the first call releases the permit.
        Runnable releasePermit = () -> {
            if (hasPermit.compareAndSet(true, false)) {
                permits.release();
            }
        };
        try {
            daemon(() -> driveInBackground(orphan, releasePermit), "fencepost-saga-" + saga.saga());
        } catch (Throwable e) {
            driven.remove(saga.saga());
            releasePermit.run();
            throw e;
        }
    }

    private void driveInBackground(Orphan orphan, Runnable releasePermit) {
        try {
            attempt(orphan.saga(), () -> drive(orphan, releasePermit, new ArrayList<>()));
        } catch (StoreClosedException e) {
            LOG.debug(
                    "Recovery of saga '{}' stops: the store closed",
                    orphan.saga().saga(),
                    e);
        } catch (WaitInterruptedException e) {
            LOG.warn("Saga '{}' was interrupted; it is retried", orphan.saga().saga(), e);
        } finally {
            driven.remove(orphan.saga().saga());
            releasePermit.run();
        }
    }

    static void daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Stops taking over sagas. Runs under way continue. */
    @Override
    public void close() {
        closed = true;
        BackgroundThread look = thread;
        if (look != null) {
            look.close();
        }
    }
}
