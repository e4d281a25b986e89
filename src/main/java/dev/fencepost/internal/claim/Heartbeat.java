package dev.fencepost.internal.claim;

import dev.fencepost.FencepostException;
import dev.fencepost.StoreClosedException;
import dev.fencepost.internal.txn.Background;
import dev.fencepost.internal.txn.CommitQueue;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the file that this process lives, as long as it holds or awaits claims: one row for the process, however many
 * claims it has. The thread starts with the first claim and is a daemon.
 */
final class Heartbeat implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private final CommitQueue queue;
    private final Duration interval;
    private final Background beats;
    private int reasons;
    private final Collection<Long> left = new ConcurrentLinkedQueue<>();
    private boolean closed;

    Heartbeat(CommitQueue queue, Duration interval) {
        this.queue = queue;
        this.interval = interval;
        this.beats = new Background(
                "fencepost-heartbeat",
                () -> {
                    beat();
                    return interval;
                },
                interval);
    }

    /** There is one more claim, or one more request, that lives by the heartbeat. */
    synchronized void needed() {
        reasons++;
        beats.beginAfter(interval);
    }

    /** There is one less. */
    synchronized void notNeeded() {
        reasons--;
    }

    /** A request could not be taken out of the queue; the next beat that succeeds does it. */
    void leaveLater(long ticket, FencepostException because) {
        LOG.debug("Request {} could not leave the queue; the next heartbeat takes it out", ticket, because);
        left.add(ticket);
        needed();
    }

    private void leave(List<Long> tickets) {
        left.removeAll(tickets);
        tickets.forEach(ticket -> notNeeded());
    }

    private synchronized boolean isNeeded() {
        return reasons > 0 && !closed;
    }

    /** Does at once what is done at each interval. */
    void beat() {
        if (!isNeeded()) {
            return;
        }
        List<Long> tickets = List.copyOf(left);
        try {
            queue.change(scope -> {
                tickets.forEach(scope.claims()::deleteWaiter);
                if (scope.claims().livesByHeartbeat(scope.process())) {
                    scope.claims().heartbeat(scope.process(), scope.now());
                }
            });
            leave(tickets);
        } catch (StoreClosedException e) {
            LOG.debug("The store was closed while a heartbeat was due", e);
        } catch (Throwable e) {
            // The next beat may succeed; if none does, the leases run out, as they should. Nothing may be thrown from
            // here: the executor would never beat again.
            LOG.warn("A heartbeat failed, so claims may be lost: {}", e.getMessage(), e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        beats.close();
    }
}
