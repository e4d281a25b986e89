package dev.fencepost.internal.read;

import dev.fencepost.internal.util.Deadline;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls threads of this process when what they wait for has come, whichever process it was that committed it.
 *
 * <p>Each listener brings a look: a cheap read that says whether it is time. Whoever has news (the thread that hears
 * that the log was written to, or one that gave up a claim) looks on behalf of all, and calls only those whose time has
 * come. So many can wait, and much can happen that does not concern them, without waking them.
 *
 * <p>News can be late, and can be missing where the platform gives none: whoever waits must look by itself now and then.
 */
public final class CommitNotifier implements AutoCloseable {
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private final WalWatcher watch;
    private volatile boolean closed;

    /** Rings when one of these files of one folder is written to, as far as there is a source that tells. */
    public CommitNotifier(Set<Path> files, WatchServiceFactory source, ReadCache cache) {
        this.watch = new WalWatcher(files, source, new WalWatcher.Callback() {
            @Override
            public boolean heard() {
                return lookForAll();
            }

            @Override
            public boolean nobodyListens() {
                return listeners.isEmpty();
            }

            @Override
            public @Nullable Object position() {
                return cache.position();
            }
        });
    }

    /** A thread that waits to be called. */
    public final class Listener implements Deadline.Signal, AutoCloseable {
        private final Collection<String> keys;
        private final BooleanSupplier look;
        private final Semaphore calls = new Semaphore(0);
        private boolean heard;

        private Listener(Collection<String> keys, BooleanSupplier look) {
            this.keys = keys;
            this.look = look;
        }

        /** Whether commits of other processes are heard; otherwise they are only found by looking. */
        public boolean hears() {
            return heard;
        }

        /** Waits to be called, but no longer than the given time; says whether it was. */
        @Override
        public boolean await(long nanos) throws InterruptedException {
            boolean called = calls.tryAcquire(nanos, TimeUnit.NANOSECONDS);
            calls.drainPermits();
            return called;
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
                // Whoever waits will look for itself, and is the one to whom the failure belongs.
                return true;
            }
        }

        /** Listens no more. */
        @Override
        public void close() {
            listeners.remove(this);
        }
    }

    /**
     * Begins to listen. What was committed before may not be heard any more, so the caller looks once more after this.
     *
     * @param keys what it is about
     * @param look whether it is time; called by any thread, and by several at once
     */
    public Listener listen(Collection<String> keys, BooleanSupplier look) {
        Listener listener = new Listener(keys, look);
        boolean begun = false;
        listeners.add(listener);
        try {
            listener.heard = watch.begin();
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

    /** Something has been committed that concerns these keys. */
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

    /** Calls all who listen, so that they find the store closed. */
    @Override
    public void close() {
        closed = true;
        watch.close();
        listeners.forEach(listener -> listener.calls.release());
    }
}
