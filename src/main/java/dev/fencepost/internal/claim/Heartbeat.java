package dev.fencepost.internal.claim;

import dev.fencepost.FencepostException;
import dev.fencepost.StoreClosedException;
import dev.fencepost.internal.commit.CommitQueue;
import dev.fencepost.internal.commit.WriteTransaction;
import dev.fencepost.internal.util.BackgroundThread;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records in the file that this process lives, as long as it holds or awaits claims or has open snapshots. There is one
 * row for the process, however many claims it has. The thread starts with the first claim and is a daemon.
 */
public final class Heartbeat implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    private final CommitQueue queue;
    private final Duration interval;
    private final BackgroundThread beats;
    private int reasons;
    /** True if the next beat is written even if nothing depends on it then. */
    private boolean showing;

    private final Collection<Owed> owed = new ConcurrentLinkedQueue<>();

    /**
     * A change that failed, and that no caller tries again.
     *
     * @param what a description of the change, for the log
     * @param change the change, which is idempotent
     * @param afterwards an action to run once, after the change was committed
     */
    public record Owed(String what, Consumer<WriteTransaction> change, Runnable afterwards) {}

    Heartbeat(CommitQueue queue, Duration interval) {
        this.queue = queue;
        this.interval = interval;
        this.beats = new BackgroundThread(
                "fencepost-heartbeat",
                () -> {
                    beat();
                    return interval;
                },
                interval);
    }

    /** Counts one more claim, request or snapshot that depends on heartbeats. */
    public synchronized void needed() {
        reasons++;
        beats.beginAfter(interval);
    }

    /** Counts one less. */
    public synchronized void notNeeded() {
        reasons--;
    }

    /**
     * Has the next beat written even if nothing depends on it then. The holder of a claim that another process granted
     * shows by it that it lives.
     */
    synchronized void show() {
        if (!showing) {
            showing = true;
            needed();
        }
    }

    synchronized boolean isShowing() {
        return showing;
    }

    private synchronized void shown() {
        showing = false;
        notNeeded();
    }

    /**
     * Accepts a failed change that ends something that depends on heartbeats. The next beat that succeeds makes the
     * change. No beat before it shows that this process lives.
     */
    public void owe(Owed change, Throwable because) {
        LOG.warn("{} failed; the next heartbeat repeats it: {}", change.what(), because.toString());
        owed.add(change);
        needed();
    }

    /** Makes the owed changes, each in a commit of its own; throws if one fails. */
    private void settle() {
        for (Owed change : owed) {
            queue.change(change.change());
            settled(change);
        }
    }

    private void settled(Owed change) {
        if (owed.remove(change)) {
            notNeeded();
            change.afterwards().run();
        }
    }

    /** Makes the owed changes while no other thread can commit. Logs those that fail. */
    void settle(CommitQueue.Alone alone) {
        for (Owed change : owed) {
            try {
                alone.change(change.change());
                settled(change);
            } catch (FencepostException e) {
                LOG.warn(
                        "{} failed and the store is closed; other processes wait until the lease expires",
                        change.what(),
                        e);
            }
        }
    }

    private synchronized boolean isNeeded() {
        return reasons > 0 && !beats.isClosed();
    }

    /** Writes a heartbeat now, if one is needed. Makes the owed changes first. */
    void beat() {
        if (!isNeeded()) {
            return;
        }
        try {
            settle();
            boolean shows = isShowing();
            queue.change(scope -> {
                if (shows || scope.claims().livesByHeartbeat(scope.process())) {
                    scope.claims().heartbeat(scope.process(), scope.now());
                }
            });
            if (shows) {
                shown();
            }
        } catch (StoreClosedException e) {
            LOG.debug("Store closed during a heartbeat", e);
        } catch (Throwable e) {
            // The next beat may succeed. If none does, the leases expire, as they should.
            LOG.warn("Heartbeat failed; claims can be lost: {}", e.getMessage(), e);
        }
    }

    @Override
    public synchronized void close() {
        beats.close();
    }

    /** Waits for a beat under way, after {@link #close}, for a bounded time. */
    void awaitEnd() {
        boolean unused = beats.awaitEnd(LONGEST_END);
    }
}
