package dev.fencepost.internal.event;

import dev.fencepost.FencedException;
import dev.fencepost.FencepostException;
import dev.fencepost.StoreClosedException;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.CursorOvertakenException;
import dev.fencepost.event.Subscription;
import dev.fencepost.event.SubscriptionOptions;
import dev.fencepost.internal.sql.CursorTables;
import dev.fencepost.internal.sql.DeadLetterRow;
import dev.fencepost.internal.sql.LogRow;
import dev.fencepost.internal.util.BackgroundThread;
import dev.fencepost.internal.util.Deadline;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes by a cursor in the background. It waits for the claim, reads changes, hands them to the handler and moves
 * the cursor. It releases the claim when another consumer waits for it.
 */
final class CursorSubscription<E> implements Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(CursorSubscription.class);

    /** The longest single wait for the claim, which bounds the time that closing takes. */
    private static final Duration TURN = Duration.ofSeconds(1);

    /** The longest single wait for changes. */
    private static final Duration NEWS = Duration.ofMillis(500);

    /** The longest wait for changes between two checks for other consumers. */
    private static final Duration IDLE = Duration.ofMillis(250);

    /**
     * The base of the pause after a failure. The pause doubles with each failure, up to {@link #MOST_DOUBLINGS} times.
     */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

    private static final int MOST_DOUBLINGS = 9;

    /** The wait of {@link #close} for the handler, which is practically without a bound. */
    private static final Duration UNBOUNDED = Duration.ofDays(36_500);

    private final DefaultChangeFeed feed;
    private final Cursor<E> cursor;
    private final Handover<E> handover;
    private final SubscriptionOptions options;
    private @Nullable BackgroundThread background;
    private volatile @Nullable Throwable failure;
    private int failures;

    /** True while an exception may come from the handler. Used by the background thread alone. */
    private boolean handing;

    /** The last known sequence after which it reads next. Used by the background thread alone. */
    private long position;

    CursorSubscription(DefaultChangeFeed feed, Cursor<E> cursor, Handover<E> handover, SubscriptionOptions options) {
        this.feed = feed;
        this.cursor = cursor;
        this.handover = handover;
        this.options = options;
    }

    /** Starts the background thread. The first pass waits until this method has returned. */
    synchronized CursorSubscription<E> begin() {
        background = feed.parts().tasks().begin("fencepost-cursor-" + cursor.name(), this::pass, FIRST_PAUSE);
        return this;
    }

    private synchronized BackgroundThread background() {
        return Objects.requireNonNull(background, "background");
    }

    private boolean isClosed() {
        return background().isClosed();
    }

    private Duration pass() {
        try {
            turn();
            return Duration.ZERO;
        } catch (Throwable e) {
            // A handler that is not written in Java can throw checked exceptions too.
            return goneWrong(e);
        }
    }

    private void turn() {
        handing = false;
        CursorLease.Preview prospect = CursorLease.look(feed, cursor);
        position = prospect.at();
        if (!prospect.hasWork()) {
            feed.awaitCommit(prospect.through(), Deadline.after(NEWS));
            return;
        }
        Duration longest = feed.parts().config().maxWait();
        Optional<CursorLease<E>> consumption =
                CursorLease.begin(feed, cursor, longest.compareTo(TURN) < 0 ? longest : TURN);
        if (consumption.isPresent()) {
            consume(consumption.get());
        } else {
            // Pauses even if the configuration allows no wait for claims.
            Deadline.after(NEWS).sleepJittered(FIRST_PAUSE, "for the consumer of the cursor");
        }
    }

    /** Consumes until another consumer waits, or until a failure. */
    private void consume(CursorLease<E> consumption) {
        try (consumption) {
            boolean isIdle = false;
            while (!isClosed()) {
                position = consumption.position();
                isIdle = !(isIdle ? consumption.awaitNext(Deadline.after(IDLE)) : consumption.next());
                while (!isClosed() && consumption.size() > 0) {
                    handOver(consumption);
                }
                if (consumption.isWanted()) {
                    return;
                }
            }
        }
    }

    /** Hands the rest of the batch over, up to a change that is parked. */
    private void handOver(CursorLease<E> batch) {
        Handover.Handled handled = new Handover.Handled();
        handing = true;
        try {
            handover.handle(batch, handled);
            failure = null;
        } catch (Throwable e) {
            if (!isParked(batch, handled.count(), e)) {
                throw e;
            }
        }
        handing = false;
        failures = 0;
        // Only this subscription uses the thread, so an interrupt by the handler ends nothing.
        Thread.interrupted();
    }

    /**
     * Saves the progress within the batch. Returns whether the failed change is parked, so that the next one can be
     * handled.
     */
    private boolean isParked(CursorLease<E> batch, int done, Throwable e) {
        boolean isLost = e instanceof FencedException fenced && isOfCursor(fenced);
        if (isLost || done == batch.size() || (e instanceof StoreClosedException && isClosed())) {
            return false;
        }
        boolean counts = e instanceof FencedException || !Failure.isOfStore(e);
        int attempts = (done == 0 ? batch.attempts() : 0) + (counts ? 1 : 0);
        try {
            OptionalInt most = options.maxAttempts();
            if (most.isPresent() && counts && attempts >= most.getAsInt() && hasRoom()) {
                park(batch, done, attempts, e);
                return true;
            } else if (done > 0 || (most.isPresent() && counts)) {
                position = batch.moveOn(done, attempts, (scope, sequence) -> {});
            }
        } catch (FencepostException unkept) {
            e.addSuppressed(unkept);
        }
        return false;
    }

    private boolean hasRoom() {
        return feed.parts().reads().read(session -> new CursorTables(session).countLetters(cursor.name()))
                < options.maxDeadLetters();
    }

    private void park(CursorLease<E> batch, int done, int attempts, Throwable e) {
        LogRow change = batch.row(done);
        position = batch.moveOn(
                done + 1,
                0,
                (scope, sequence) -> scope.feed()
                        .park(cursor.name(), new DeadLetterRow(change, attempts, Failure.reason(e), scope.now())));
        failure = e;
        LOG.warn(
                "Subscription '{}' parked the change at sequence {} as dead letter {} after {} attempts",
                cursor.name(),
                change.sequence(),
                change.id(),
                attempts,
                e);
    }

    /** Returns whether the claim of the cursor was lost, and not a claim of the handler's own. */
    private boolean isOfCursor(FencedException e) {
        String key = CursorLease.key(cursor.name()).name();
        return e.lost().stream().anyMatch(lost -> lost.key().equals(key));
    }

    /**
     * Decides by the exception. The handler may have thrown one that would mean something else if it came from the
     * feed.
     *
     * @return the pause until the next pass
     */
    private Duration goneWrong(Throwable e) {
        if (isClosed() && !handing) {
            // The store ends the read and releases the claim when it is closed.
            LOG.debug("Subscription '{}' closed", cursor.name(), e);
        } else if (e instanceof CursorOvertakenException && !handing) {
            failure = e;
            background().close();
            LOG.error("Subscription '{}' ended: {}", cursor.name(), e.getMessage());
        } else if (e instanceof FencedException fenced && isOfCursor(fenced)) {
            LOG.warn("Subscription '{}' was taken over: {}", cursor.name(), e.getMessage());
        } else if (!(isClosed() && e instanceof StoreClosedException)) {
            return failed(e);
        }
        return Duration.ZERO;
    }

    private Duration failed(Throwable e) {
        failure = e;
        failures++;
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        LOG.warn(
                "Subscription '{}' failed after sequence {}, attempt {}; it retries in about {}",
                cursor.name(),
                position,
                failures,
                pause,
                e);
        return pause;
    }

    @Override
    public String cursor() {
        return cursor.name();
    }

    @Override
    public boolean isRunning() {
        return !isClosed();
    }

    @Override
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void close() {
        background().close();
        boolean unused = background().awaitEnd(UNBOUNDED);
    }
}
