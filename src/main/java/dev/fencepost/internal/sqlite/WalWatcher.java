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
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches, through the system, for writes of any process to the write-ahead log. It also watches the file beside the
 * log to which the library writes once a commit is visible.
 *
 * <p>A write to the log is only a hint. The commit is not visible until the disk confirms it, and a writer without the
 * library does not write the second file. So several checks follow each hint, with pauses that double. Waiters find
 * later commits by polling.
 *
 * <p>The folder is watched only while there are listeners, since a watched log slows its writers. The first event
 * without listeners ends the watch, so that repeated waits do not start it each time. The one thread starts when it is
 * first needed, and sleeps while nothing is written. Safe for use by many threads.
 */
public final class WalWatcher implements CommitSignal {
    private static final Logger LOG = LoggerFactory.getLogger(WalWatcher.class);

    private static final long FIRST_PAUSE = 50_000;
    private static final long LAST_PAUSE = 51_200_000;
    /** The number of checks without a result after which the rest of the window is polled at intervals. */
    private static final int MANY_IN_VAIN = 100;

    private static final Duration WINDOW = Duration.ofMillis(100);

    /** The longest busy wait for a reported commit. Waking the thread again takes nearly as long. */
    private static final Duration KEENLY = Duration.ofMillis(2);

    /** The longest total busy wait in a window. */
    private static final Duration MOST_KEENLY = Duration.ofMillis(20);

    private static final long INTERVAL_MILLIS = 1;

    private final Path folder;
    private final Set<Path> names;
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
    private Duration keenly = Duration.ZERO;
    private @Nullable Object seen;

    /**
     * Creates a watcher.
     *
     * @param files the files of one folder to which commits write
     * @param state returns a value that differs after each visible commit and costs next to nothing to get; null if
     *     there is none
     */
    public WalWatcher(
            Set<Path> files,
            WatchServiceFactory source,
            Supplier<? extends @Nullable Object> state,
            Listener listener) {
        this.folder =
                Objects.requireNonNull(files.iterator().next().toAbsolutePath().getParent(), "folder");
        this.names = files.stream().map(Path::getFileName).collect(Collectors.toUnmodifiableSet());
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
                LOG.debug("Cannot watch {}; the store is polled instead", names, e);
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
            LOG.trace("Watch of {} ended", names, e);
        } catch (IOException e) {
            LOG.debug("Could not close the watch of {}", names, e);
        }
    }

    /** Handles one event, or one pause after it; returns the next pause. */
    private long attendOnce(WatchService open, long pause) throws InterruptedException {
        long next = pause;
        WatchKey signalled = pause < LAST_PAUSE ? open.poll(pause, TimeUnit.NANOSECONDS) : open.take();
        if (signalled == null) {
            next *= 2;
        } else if (tellsOfLog(signalled)) {
            next = FIRST_PAUSE;
        } else {
            return next;
        }
        if (isStorm()) {
            sitOut();
        } else {
            if (signalled != null) {
                awaitMove();
            }
            lookIfMoved();
        }
        return endedForWantOfListeners() ? LAST_PAUSE : next;
    }

    private boolean isOpen() {
        return closed.getCount() > 0;
    }

    private void awaitMove() {
        Deadline pause = Deadline.after(least(KEENLY, MOST_KEENLY.minus(keenly)));
        while (!hasMoved() && !pause.over()) {
            Thread.onSpinWait();
        }
        keenly = keenly.plus(pause.elapsed());
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
        // Read before the check, so that a commit during the check counts as a new move.
        seen = state.get();
        vain++;
        if (listener.signalled()) {
            vain = 0;
        }
    }

    private boolean isStorm() {
        if (window.over()) {
            window = Deadline.after(WINDOW);
            keenly = Duration.ZERO;
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

    private boolean tellsOfLog(WatchKey signalled) {
        List<WatchEvent<?>> events = signalled.pollEvents();
        if (!signalled.reset()) {
            // The folder is gone, or this is an old registration.
            forget(signalled);
            return true;
        }
        return events.stream()
                .anyMatch(event -> event.kind() == StandardWatchEventKinds.OVERFLOW || names.contains(event.context()));
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
