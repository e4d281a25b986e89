package dev.fencepost.internal.read;

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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from the system when any process writes to the write-ahead log, or to the file beside it with which the library
 * says that a commit can be seen.
 *
 * <p>The first is a hint and no more: it comes when a commit is written, which can be some time before the commit can be
 * seen, as it has yet to be confirmed by the disk; and who commits without the library gives no second. So after each
 * hint there are several looks, with pauses that double; what takes longer than all of them is left to those who wait, who
 * look by themselves now and then.
 *
 * <p>The folder is watched only while somebody listens: a watched log costs its writers. The first event that nobody
 * listens to ends the watching, so that one who waits again and again does not pay for it each time. The one thread
 * starts when it is first needed, and sleeps where nothing is written. Safe for use by many threads.
 */
final class WalWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WalWatcher.class);

    private static final long FIRST_PAUSE = 50_000;
    private static final long LAST_PAUSE = 51_200_000;
    /** After so many looks in vain within this time, what is left of it is sat out, with a look at each interval. */
    private static final int MANY_IN_VAIN = 100;

    private static final Duration WINDOW = Duration.ofMillis(100);

    /** How long to look without a pause for the commit that was heard of; to be woken again takes nearly as long. */
    private static final Duration KEENLY = Duration.ofMillis(2);

    /** How much of a window may go into that. */
    private static final Duration MOST_KEENLY = Duration.ofMillis(20);

    private static final long INTERVAL_MILLIS = 1;

    /** Who is told. */
    interface Callback {
        /** Something may have been committed; says whether that was of interest to anybody. */
        boolean heard();

        /** Whether there is nobody to be told. */
        boolean nobodyListens();

        /** What is another after each commit that can be seen, and costs next to nothing to get; null if there is none. */
        @Nullable Object position();
    }

    private final Path folder;
    private final Set<Path> names;
    private final WatchServiceFactory source;
    private final Callback ear;
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable WatchService service;
    private @Nullable Thread thread;
    private @Nullable WatchKey key;
    private boolean sittingOut;
    /** Looks since the window began, and since the last that was of use; known to the thread alone, as the window is. */
    private int vain;

    private Deadline window = Deadline.after(WINDOW);
    private Duration keenly = Duration.ZERO;
    private @Nullable Object seen;

    WalWatcher(Set<Path> files, WatchServiceFactory source, Callback ear) {
        this.folder =
                Objects.requireNonNull(files.iterator().next().toAbsolutePath().getParent(), "folder");
        this.names = files.stream().map(Path::getFileName).collect(Collectors.toUnmodifiableSet());
        this.source = source;
        this.ear = ear;
    }

    /**
     * Sees to it that writing is heard from now on.
     *
     * @return whether it is; otherwise whoever waits must look by itself
     */
    synchronized boolean begin() {
        if (!isOpen()) {
            return false;
        }
        if (key == null && !sittingOut) {
            try {
                key = folder.register(opened(), StandardWatchEventKinds.ENTRY_MODIFY);
            } catch (IOException | UnsupportedOperationException | ClosedWatchServiceException e) {
                LOG.debug("Nobody tells when {} are written to, so the store will be looked at instead", names, e);
            }
        }
        return key != null || sittingOut;
    }

    private WatchService opened() throws IOException {
        WatchService open = service;
        if (open == null) {
            WatchService opened = source.open();
            Thread attending = new Thread(() -> attend(opened), "fencepost-notice");
            attending.setDaemon(true);
            attending.start();
            service = opened;
            thread = attending;
            open = opened;
        }
        return open;
    }

    private synchronized boolean endedForWantOfListeners() {
        boolean unwanted = ear.nobodyListens();
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
                    // Without this thread, everybody would wait for notice that never comes.
                    LOG.warn("A notice of commits could not be passed on; it goes on", e);
                    pause = LAST_PAUSE;
                }
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            LOG.trace("No more notice of {}", names, e);
        } catch (IOException e) {
            LOG.debug("The watch of {} could not be closed", names, e);
        }
    }

    /** Attends to one notice, or one pause after it; returns the next pause. */
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
        Object position = ear.position();
        return position == null || !position.equals(seen);
    }

    private void lookIfMoved() {
        if (hasMoved()) {
            look();
        }
    }

    private void look() {
        // Before the look: what comes during it is a move again.
        seen = ear.position();
        vain++;
        if (ear.heard()) {
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
     * Where others write much that nobody here waits for, being told of each of their commits would be a loop, and would
     * slow them down: looking at intervals finds out as much.
     */
    private void sitOut() throws InterruptedException {
        watch(false);
        while (!window.over() && !ear.nobodyListens() && !closed.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
            lookIfMoved();
        }
        watch(true);
        look();
    }

    private synchronized void watch(boolean wanted) {
        sittingOut = !wanted;
        if (wanted && !ear.nobodyListens()) {
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

    /** Ends the thread, which gives back what it has of the system; that can take it milliseconds, and is not waited for. */
    @Override
    public synchronized void close() {
        closed.countDown();
        key = null;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
