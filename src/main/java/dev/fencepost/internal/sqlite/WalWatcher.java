package dev.fencepost.internal.sqlite;

import dev.fencepost.internal.engine.CommitSignal;
import dev.fencepost.internal.util.Deadline;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches, through the system, for writes of any process to the write-ahead log. It also watches the file beside the
 * log to which the library writes once a commit is visible.
 *
 * <p>A write to the log is an early hint: the commit is not visible until the disk confirms it. The thread uses that
 * time to make the waiters check once in vain, so that code and data are in the processor's caches for the check that
 * counts. It then waits busily for a few microseconds. A write to the second file means that the commit is visible. A
 * writer without the library does not write that file. So several checks follow each write to the log, with growing
 * pauses, until a commit is seen. Waiters find later commits by polling.
 *
 * <p>The folder is watched only while there are listeners, since a watched log slows its writers. The first event
 * without listeners ends the watch, so that repeated waits do not start it each time. The one thread starts when it is
 * first needed, and sleeps while nothing is written. Safe for use by many threads.
 */
public final class WalWatcher implements CommitSignal {
    private static final Logger LOG = LoggerFactory.getLogger(WalWatcher.class);

    /** The pauses between checks after a write to the log, in nanoseconds. At the last one, the checks end. */
    private static final long FIRST_PAUSE = 50_000;

    private static final long LAST_PAUSE = 51_200_000;
    private static final int PAUSE_GROWTH = 4;

    /** The number of checks without a result after which the rest of the window is polled at intervals. */
    private static final int MANY_IN_VAIN = 100;

    private static final Duration WINDOW = Duration.ofMillis(100);

    /** The longest busy wait for the commit after a write to the log. Waking the thread again takes as long. */
    private static final Duration SPIN = Duration.ofNanos(50_000);

    /** The longest total busy wait in a window; none if the writer may need the only processor. */
    private static final Duration MAX_SPIN =
            Runtime.getRuntime().availableProcessors() > 1 ? Duration.ofMillis(1) : Duration.ZERO;

    /** The time after a check for which the processor's caches are taken to be warm. */
    private static final Duration WARM = Duration.ofMillis(1);

    private static final long INTERVAL_MILLIS = 1;

    /** The files that were written; the log if both were. */
    private enum Written {
        NOTHING,
        SIGNAL,
        LOG
    }

    private final Path folder;
    private final Path log;
    private final Path signals;
    private final WatchServiceFactory source;
    private final Supplier<? extends @Nullable Object> state;
    private final Listener listener;
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable WatchService service;
    private @Nullable Thread thread;
    private @Nullable WatchKey key;
    private boolean sittingOut;
    /** The checks since the start of the window or the last useful check. Only the thread uses this and the window. */
    private int vain;

    private Deadline window = Deadline.after(WINDOW);
    private Duration spun = Duration.ZERO;
    private Deadline sinceCheck = Deadline.after(Duration.ZERO);
    private @Nullable Object seen;

    /**
     * Creates a watcher.
     *
     * @param log the file to which a commit is written before it is visible
     * @param signals the file in the same folder that is written when a commit is visible
     * @param state returns a value that differs after each visible commit and costs next to nothing to get; null if
     *     there is none
     */
    public WalWatcher(
            Path log,
            Path signals,
            WatchServiceFactory source,
            Supplier<? extends @Nullable Object> state,
            Listener listener) {
        this.folder = Objects.requireNonNull(log.toAbsolutePath().getParent(), "folder");
        this.log = log.getFileName();
        this.signals = signals.getFileName();
        this.source = source;
        this.state = state;
        this.listener = listener;
    }

    @Override
    public synchronized boolean begin() {
        if (!isOpen()) {
            return false;
        }
        if (key == null && !sittingOut) {
            try {
                key = folder.register(opened(), StandardWatchEventKinds.ENTRY_MODIFY);
            } catch (IOException | UnsupportedOperationException | ClosedWatchServiceException e) {
                LOG.debug("Cannot watch {}; the store is polled instead", log, e);
            }
        }
        return key != null || sittingOut;
    }

    private WatchService opened() throws IOException {
        WatchService open = service;
        if (open == null) {
            WatchService opened = source.open();
            Thread attending = new Thread(() -> attend(opened), "fencepost-wal-watcher");
            attending.setDaemon(true);
            attending.start();
            service = opened;
            thread = attending;
            open = opened;
        }
        return open;
    }

    private synchronized boolean endedForWantOfListeners() {
        boolean unwanted = !listener.isWaiting();
        if (unwanted) {
            watch(false);
            sittingOut = false;
        }
        return unwanted;
    }

    private synchronized void forget(WatchKey gone) {
        if (gone.equals(key)) {
            key = null;
        }
    }

    private void attend(WatchService open) {
        try (open) {
            long pause = LAST_PAUSE;
            while (isOpen()) {
                try {
                    pause = attendOnce(open, pause);
                } catch (RuntimeException | Error e) {
                    if (e instanceof ClosedWatchServiceException closing) {
                        throw closing;
                    }
                    // Without this thread, all waiters would wait for notifications that never arrive.
                    LOG.warn("Notification of a commit failed; the watcher continues", e);
                    pause = LAST_PAUSE;
                }
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            LOG.trace("Watch of {} ended", log, e);
        } catch (IOException e) {
            LOG.debug("Could not close the watch of {}", log, e);
        }
    }

    /** Handles one event, or one pause after it; returns the next pause. */
    private long attendOnce(WatchService open, long pause) throws InterruptedException {
        WatchKey signalled = pause < LAST_PAUSE ? open.poll(pause, TimeUnit.NANOSECONDS) : open.take();
        Written written = signalled == null ? Written.NOTHING : written(signalled);
        if (signalled != null && written == Written.NOTHING) {
            return pause;
        }
        long next = written == Written.LOG ? FIRST_PAUSE : pause * PAUSE_GROWTH;
        if (isStorm()) {
            sitOut();
        } else if (hasMoved()) {
            // After a write to the log this may be an earlier commit, so the checks go on.
            look();
            next = written == Written.LOG ? FIRST_PAUSE : LAST_PAUSE;
        } else if (written == Written.LOG && awaitMove()) {
            look();
            next = LAST_PAUSE;
        }
        return endedForWantOfListeners() ? LAST_PAUSE : next;
    }

    private boolean isOpen() {
        return closed.getCount() > 0;
    }

    /** Prepares for a commit that is about to become visible, and waits busily for it; returns whether it is visible. */
    private boolean awaitMove() {
        if (sinceCheck.over()) {
            check();
        }
        Deadline spin = Deadline.after(least(SPIN, MAX_SPIN.minus(spun)));
        while (!hasMoved() && !spin.over()) {
            Thread.onSpinWait();
        }
        spun = spun.plus(spin.elapsed());
        return hasMoved();
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private boolean hasMoved() {
        Object position = state.get();
        return position == null || !position.equals(seen);
    }

    private void lookIfMoved() {
        if (hasMoved()) {
            look();
        }
    }

    private void look() {
        vain++;
        if (check()) {
            vain = 0;
        }
    }

    private boolean check() {
        // Read before the check, so that a commit during the check counts as a new move.
        seen = state.get();
        boolean useful = listener.signalled();
        sinceCheck = Deadline.after(WARM);
        return useful;
    }

    private boolean isStorm() {
        if (window.over()) {
            window = Deadline.after(WINDOW);
            spun = Duration.ZERO;
            vain = 0;
        }
        return vain >= MANY_IN_VAIN;
    }

    /**
     * Polls at intervals for the rest of the window. If other processes write much that no waiter here needs, an event
     * for each commit would keep this thread busy and slow the writers. Polling finds as much.
     */
    private void sitOut() throws InterruptedException {
        watch(false);
        while (!window.over() && listener.isWaiting() && !closed.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
            lookIfMoved();
        }
        watch(true);
        look();
    }

    private synchronized void watch(boolean wanted) {
        sittingOut = !wanted;
        if (wanted && listener.isWaiting()) {
            begin();
        } else if (key != null) {
            key.cancel();
            key = null;
        }
    }

    private Written written(WatchKey signalled) {
        List<WatchEvent<?>> events = signalled.pollEvents();
        if (!signalled.reset()) {
            // The folder is gone, or this is an old registration.
            forget(signalled);
            return Written.LOG;
        }
        Written found = Written.NOTHING;
        for (WatchEvent<?> event : events) {
            if (event.kind() == StandardWatchEventKinds.OVERFLOW || log.equals(event.context())) {
                return Written.LOG;
            } else if (signals.equals(event.context())) {
                found = Written.SIGNAL;
            }
        }
        return found;
    }

    /**
     * Ends the thread, which releases its system resources. That can take milliseconds, and this method does not wait
     * for it.
     */
    @Override
    public synchronized void close() {
        closed.countDown();
        key = null;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
