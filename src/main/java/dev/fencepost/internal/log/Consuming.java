package dev.fencepost.internal.log;

import dev.fencepost.Cursor;
import dev.fencepost.CursorOvertakenException;
import dev.fencepost.FencedException;
import dev.fencepost.StoreClosedException;
import dev.fencepost.Subscription;
import dev.fencepost.internal.txn.Pause;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Consumes by a cursor in the background: waits for the claim, reads, hands over, moves on, and lets others have a turn. */
final class Consuming<E> implements Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(Consuming.class);

    /** The longest wait for the claim in one go; so long it may take to end. */
    private static final Duration TURN = Duration.ofSeconds(1);

    /** The longest wait for news in one go. */
    private static final Duration NEWS = Duration.ofMillis(500);

    /** The first and the longest pause after a failure. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

    private static final int MOST_DOUBLINGS = 9;

    private final AgentFeed feed;
    private final Cursor<E> cursor;
    private final Consumer<Consumption<E>> handler;
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable Throwable failure;
    private int failures;

    /** Whether what is thrown may come from the handler. For the thread. */
    private boolean handing;

    /** The sequence after which it reads next, as far as it knows. For the thread. */
    private long position;

    /**
     * A subscription.
     *
     * @param handler does what is to be done with the batch, and moves the cursor
     */
    Consuming(AgentFeed feed, Cursor<E> cursor, Consumer<Consumption<E>> handler) {
        this.feed = feed;
        this.cursor = cursor;
        this.handler = handler;
        this.thread = new Thread(this::run, "fencepost-cursor-" + cursor.name());
        thread.setDaemon(true);
    }

    Consuming<E> begin() {
        thread.start();
        return this;
    }

    private void run() {
        try {
            while (!closed) {
                try {
                    turn();
                } catch (Throwable e) {
                    // Not only what Java lets the handler throw: other languages do not check exceptions.
                    goneWrong(e);
                }
            }
        } finally {
            closed = true;
        }
    }

    private void turn() {
        handing = false;
        Consumption.Prospect prospect = Consumption.look(feed, cursor);
        position = prospect.at();
        if (!prospect.isWorthIt()) {
            feed.awaitCommit(prospect.through(), Pause.within(NEWS));
            return;
        }
        Duration longest = feed.parts().config().longestWait();
        Optional<Consumption<E>> consumption =
                Consumption.begin(feed, cursor, longest.compareTo(TURN) < 0 ? longest : TURN);
        if (consumption.isPresent()) {
            consume(consumption.get());
        } else {
            // Where no wait for claims is allowed, this one is.
            Pause.within(NEWS).about(FIRST_PAUSE, "for others who consume");
        }
    }

    /** Until others wait, or something goes wrong. */
    private void consume(Consumption<E> consumption) {
        try (consumption) {
            while (!closed) {
                position = consumption.position();
                if (consumption.next()) {
                    handing = true;
                    handler.accept(consumption);
                    handing = false;
                    failure = null;
                    failures = 0;
                    // The thread is this one's own: what the handler made of its flag ends nothing.
                    Thread.interrupted();
                } else {
                    feed.awaitCommit(consumption.position(), Pause.within(NEWS));
                }
                if (consumption.isWanted()) {
                    return;
                }
            }
        }
    }

    /** Whether it is the turn that was lost, and not a claim of the handler's own. */
    private boolean isOfCursor(FencedException e) {
        String key = Consumption.key(cursor.name()).name();
        return e.lost().stream().anyMatch(lost -> lost.key().equals(key));
    }

    /** The handler may have thrown what would mean something else if it came from here. */
    private void goneWrong(Throwable e) {
        if (e instanceof StoreClosedException && isStoreClosed()) {
            closed = true;
        } else if (e instanceof CursorOvertakenException && !handing) {
            failure = e;
            closed = true;
            LOG.error("The subscription '{}' has ended: {}", cursor.name(), e.getMessage());
        } else if (e instanceof FencedException fenced && isOfCursor(fenced)) {
            LOG.warn("The subscription '{}' was taken over: {}", cursor.name(), e.getMessage());
        } else {
            failed(e);
        }
    }

    private boolean isStoreClosed() {
        try {
            feed.lastSequence();
            return false;
        } catch (StoreClosedException e) {
            return true;
        }
    }

    private void failed(Throwable e) {
        // The thread is this one's own: nobody but the handler can have interrupted it.
        Thread.interrupted();
        failure = e;
        failures++;
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        LOG.warn(
                "Subscription '{}' failed after sequence {}, attempt {}; it tries again in about {}",
                cursor.name(),
                position,
                failures,
                pause,
                e);
        Pause waiting = Pause.within(pause);
        while (!closed && !waiting.over()) {
            waiting.about(FIRST_PAUSE, "to try again");
        }
    }

    @Override
    public String cursor() {
        return cursor.name();
    }

    @Override
    public boolean isRunning() {
        return !closed;
    }

    @Override
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        while (thread.isAlive() && Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
