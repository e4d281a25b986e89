package dev.fencepost.internal.read;

import dev.fencepost.internal.engine.CommitSignal;
import dev.fencepost.internal.util.Deadline;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Wakes waiting threads of this process when a commit of any process ends their wait.
 *
 * <p>Each listener has a check: a cheap read that tells whether its wait is over. A notifying thread runs the checks of
 * all listeners, and wakes only those whose wait is over. It is the thread of the engine's signal, or one that released a
 * claim. So many threads can wait without being woken by unrelated commits.
 *
 * <p>Notifications can be late, and are missing if the platform has none. So each waiter must also poll now and then.
 */
public final class CommitNotifier implements AutoCloseable {
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private final CommitSignal signal;
    private volatile boolean closed;

    /**
     * Creates a notifier.
     *
     * @param source creates the source of signals of commits
     */
    public CommitNotifier(Function<CommitSignal.Listener, CommitSignal> source) {
        this.signal = source.apply(new CommitSignal.Listener() {
            @Override
            public boolean signalled() {
                return lookForAll();
            }

            @Override
            public boolean isWaiting() {
                return !listeners.isEmpty();
            }
        });
    }

    /** A thread that waits for a notification. */
    public final class Listener implements Deadline.Signal, AutoCloseable {
        private final Collection<String> keys;
        private final BooleanSupplier look;
        private final Semaphore calls = new Semaphore(0);
        private boolean heard;

        private Listener(Collection<String> keys, BooleanSupplier look) {
            this.keys = keys;
            this.look = look;
        }

        /** Returns whether commits of other processes are notified; otherwise only polling finds them. */
        public boolean hears() {
            return heard;
        }

        /** Waits for a notification, but no longer than the given time; returns whether there was one. */
        @Override
        public boolean await(long nanos) throws InterruptedException {
            boolean called = calls.tryAcquire(nanos, TimeUnit.NANOSECONDS);
            calls.drainPermits();
            return called;
        }

        /** Ends the present or the next wait. */
        public void call() {
            calls.release();
        }

        private boolean callIfTime() {
            if (calls.availablePermits() > 0) {
                return true;
            }
            if (isTime()) {
                calls.release();
                return true;
            }
            return false;
        }

        private boolean isTime() {
            try {
                return look.getAsBoolean();
            } catch (RuntimeException | Error e) {
                // The waiter runs its own check, and the failure belongs to it.
                return true;
            }
        }

        /** Ends the listening. */
        @Override
        public void close() {
            listeners.remove(this);
        }
    }

    /**
     * Begins to listen. Earlier commits may not be notified, so the caller checks once more after this.
     *
     * @param keys the keys of interest
     * @param look the check that tells whether the wait is over; called by any thread, and by several at once
     */
    public Listener listen(Collection<String> keys, BooleanSupplier look) {
        Listener listener = new Listener(keys, look);
        boolean begun = false;
        listeners.add(listener);
        try {
            listener.heard = signal.begin();
            begun = true;
        } finally {
            if (!begun) {
                listener.close();
            }
        }
        if (closed) {
            listener.calls.release();
        }
        return listener;
    }

    /** Notifies the listeners of these keys of a commit. */
    public void notifyKeys(Collection<String> keys) {
        for (Listener listener : listeners) {
            if (!Collections.disjoint(listener.keys, keys)) {
                listener.callIfTime();
            }
        }
    }

    private boolean lookForAll() {
        boolean called = false;
        for (Listener listener : listeners) {
            called |= listener.callIfTime();
        }
        return called;
    }

    /** Wakes all listeners, so that they find the store closed. */
    @Override
    public void close() {
        closed = true;
        signal.close();
        listeners.forEach(listener -> listener.calls.release());
    }
}
