package dev.fencepost.internal.event;

import dev.fencepost.Claim;
import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimInfo;
import dev.fencepost.ClaimResult;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Page;
import dev.fencepost.Prefix;
import dev.fencepost.StoreConfig;
import dev.fencepost.Transaction;
import dev.fencepost.event.Batch;
import dev.fencepost.event.ChangeFeed;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.ClaimedBatch;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.CursorInfo;
import dev.fencepost.event.CursorOvertakenException;
import dev.fencepost.event.DeadLetter;
import dev.fencepost.event.EventCodec;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.Subscription;
import dev.fencepost.event.SubscriptionOptions;
import dev.fencepost.internal.claim.Claims;
import dev.fencepost.internal.claim.DefaultClaim;
import dev.fencepost.internal.commit.CommitQueue;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.sql.Bounds;
import dev.fencepost.internal.sql.CursorRow;
import dev.fencepost.internal.sql.CursorTables;
import dev.fencepost.internal.sql.CursorTables.Log;
import dev.fencepost.internal.sql.Listing;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.VersionTables;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.internal.util.Deadline;
import dev.fencepost.internal.util.Names;
import dev.fencepost.internal.util.PeriodicTask;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The change feed for one agent of a store. */
public final class DefaultChangeFeed implements ChangeFeed {
    /** The pause between two attempts of an operator to move a cursor. {@link #OPERATION} bounds all attempts. */
    private static final Duration STEP = Duration.ofMillis(2);

    private static final Duration OPERATION = Duration.ofSeconds(30);

    private static final int MOST = 10_000;

    private final String agent;
    private final Parts parts;
    private final DeadLetters letters;

    /** The other parts of the store that a feed uses. */
    public record Parts(
            StoreConfig config,
            CommitQueue queue,
            ReaderPool reads,
            Claims claims,
            CommitNotifier notifier,
            PeriodicTask tasks) {}

    public DefaultChangeFeed(String agent, Parts parts) {
        this.agent = agent;
        this.parts = parts;
        this.letters = new DeadLetters(parts);
    }

    @Override
    public <E> Batch<E> read(ChangeSource<E> source, long after, int limit) {
        Arguments.required(source, "source");
        checkRange(after, limit);
        ChangeReader<E> reading = ChangeReader.of(source);
        return reading.decode(read(reading, "The reader of '" + source.name() + "'", after, limit, false));
    }

    private static void checkRange(long after, int limit) {
        if (after < 0 || limit < 1 || limit > MOST) {
            throw new InvalidInputException("The read begins after sequence " + after + ", " + limit
                    + " changes at a time; it must begin after 0 or more, with 1 to " + MOST + " changes");
        }
    }

    /** Reads past the changes of other sources, until it finds a change of its own or reaches the end. */
    ChangeReader.Entries read(ChangeReader<?> reading, String what, long after, int limit, boolean compacted) {
        long position = after;
        while (true) {
            long from = position;
            ChangeReader.Entries batch = parts.reads().read(session -> {
                ChangeReader.Entries found = reading.read(session, from, limit);
                reading.evictedAfter(session, after)
                        .filter(evicted -> !compacted)
                        .ifPresent(evicted -> {
                            throw new CursorOvertakenException(what, after, evicted);
                        });
                return found;
            });
            position = batch.through();
            if (!batch.isEmpty() || !batch.more()) {
                return batch.since(after);
            }
        }
    }

    @Override
    public <E> Batch<E> await(ChangeSource<E> source, long after, int limit, Duration wait) {
        Arguments.required(source, "source");
        Arguments.required(wait, "wait");
        checkRange(after, limit);
        checkWait(wait);
        ChangeReader<E> reading = ChangeReader.of(source);
        String what = "The reader of '" + source.name() + "'";
        Deadline pause = Deadline.after(wait);
        ChangeReader.Entries batch = read(reading, what, after, limit, false);
        if (batch.isEmpty() && !wait.isZero()) {
            batch = new EntryWaiter(from -> read(reading, what, from, limit, false), batch.through())
                    .await(parts.notifier(), pause);
        }
        return reading.decode(batch.since(after));
    }

    void checkWait(Duration wait) {
        if (wait.isNegative() || wait.compareTo(parts.config().maxWait()) > 0) {
            throw new InvalidInputException("The wait for changes is " + wait + "; it must be from zero to "
                    + parts.config().maxWait());
        }
    }

    /** Waits until there is a commit after a place, or for at most one interval. */
    void awaitCommit(long position, Deadline pause) {
        try (CommitNotifier.Listener listener = parts.notifier().listen(List.of(), () -> hasCommitAfter(position))) {
            if (lastSequence() <= position) {
                EntryWaiter.sleep(pause, listener);
            }
        }
    }

    /** Returns whether there is a commit after a place. The woken thread's own read verifies the history. */
    private boolean hasCommitAfter(long position) {
        return parts.reads().readUnverified(session -> new VersionTables(session).lastSequence()) > position;
    }

    long lastSequence() {
        return parts.reads().read(session -> new VersionTables(session).lastSequence());
    }

    @Override
    public <E> Subscription subscribe(Cursor<E> cursor, Consumer<? super E> handler, SubscriptionOptions options) {
        Arguments.required(cursor, "cursor");
        Arguments.required(handler, "handler");
        Arguments.required(options, "options");
        return new CursorSubscription<>(this, cursor, Handover.each(handler), options).begin();
    }

    @Override
    public <E> Subscription project(
            Cursor<E> cursor, BiConsumer<? super Transaction, ? super E> projection, SubscriptionOptions options) {
        Arguments.required(cursor, "cursor");
        Arguments.required(projection, "projection");
        Arguments.required(options, "options");
        return new CursorSubscription<>(this, cursor, Handover.transacting(projection), options).begin();
    }

    @Override
    public Page<DeadLetter> deadLetters(String cursor, long after, int limit) {
        Arguments.required(cursor, "cursor");
        checkRange(after, limit);
        find(cursor);
        return letters.list(cursor, after, limit);
    }

    @Override
    public <E> Optional<ClaimedBatch<E>> claimDeadLetter(Cursor<E> cursor, long id, Duration wait) {
        Arguments.required(cursor, "cursor");
        Arguments.required(wait, "wait");
        checkWait(wait);
        find(cursor.name());
        return letters.take(this, cursor, id, wait);
    }

    @Override
    public void discardDeadLetter(String cursor, long id) {
        Arguments.required(cursor, "cursor");
        find(cursor);
        letters.discard(cursor, id);
    }

    @Override
    public <E> Optional<ClaimedBatch<E>> claimBatch(Cursor<E> cursor, Duration wait) {
        Arguments.required(cursor, "cursor");
        Arguments.required(wait, "wait");
        checkWait(wait);
        Deadline pause = Deadline.after(wait);
        while (true) {
            boolean last = pause.over();
            CursorLease.Preview prospect = CursorLease.look(this, cursor);
            if (prospect.hasWork()) {
                Optional<ClaimedBatch<E>> taken =
                        CursorLease.begin(this, cursor, pause.remaining()).flatMap(DefaultChangeFeed::taken);
                if (taken.isPresent()) {
                    return taken;
                }
            }
            if (last) {
                return Optional.empty();
            }
            if (!prospect.hasWork()) {
                awaitCommit(prospect.through(), pause);
            }
        }
    }

    private static <E> Optional<ClaimedBatch<E>> taken(CursorLease<E> held) {
        try {
            if (held.next()) {
                return Optional.of(new DefaultClaimedBatch<>(held));
            }
        } catch (Throwable e) {
            // The codec is the caller's code, which may throw checked exceptions too.
            held.abandon();
            throw e;
        }
        held.close();
        return Optional.empty();
    }

    @Override
    public List<CursorInfo> cursors() {
        return cursors("", Listing.cursors().whole());
    }

    @Override
    public Page<CursorInfo> cursors(String after, int limit) {
        Arguments.required(after, "after");
        Names.checkAfter(after);
        return cursors(after, Listing.cursors().page(limit));
    }

    private Page<CursorInfo> cursors(String after, Bounds bounds) {
        return parts.reads()
                .read(session ->
                        new CursorTables(session).cursors(after, bounds).map(row -> view(row, session)));
    }

    @Override
    public Optional<CursorInfo> cursor(String name) {
        Arguments.required(name, "name");
        return parts.reads()
                .read(session -> new CursorTables(session).cursor(name).map(row -> view(row, session)));
    }

    private CursorInfo view(CursorRow row, Session session) {
        ChangeReader<?> reading = reading(row);
        Optional<ClaimInfo> consumer =
                row.claim().flatMap(claim -> parts.claims().holder(session, claim, row.key()));
        return new CursorInfo(
                row.cursor(),
                row.source(),
                row.prefix(),
                row.at(),
                reading.count(session, row.at(), MOST),
                reading.evictedAfter(session, row.at()).isPresent(),
                consumer,
                Instant.ofEpochMilli(row.movedAt()));
    }

    private static ChangeReader<?> reading(CursorRow row) {
        EventCodec<String> text = EventCodec.raw();
        if (row.source().equals(Log.VALUES.word())) {
            return ChangeReader.of(ChangeSource.values(Prefix.text(row.prefix())));
        } else if (row.source().equals(Log.EVENTS.word())) {
            return ChangeReader.of(ChangeSource.events(row.prefix(), text));
        }
        return ChangeReader.of(ChangeSource.stream(new EventStream<>(row.prefix(), text)));
    }

    @Override
    public void move(String cursor, long sequence) {
        Arguments.required(cursor, "cursor");
        Key<String> key = Key.text(find(cursor).key());
        long last = lastSequence();
        if (sequence < 0 || sequence > last) {
            throw new InvalidInputException("The cursor '" + cursor + "' cannot be moved to sequence " + sequence
                    + "; it must be from 0 to " + last + ", the newest commit");
        }
        Deadline pause = Deadline.after(OPERATION);
        while (!takeAway(cursor, key, sequence)) {
            ClaimResult asked = ask(key);
            if (asked instanceof ClaimResult.Granted granted) {
                try (Claim claim = granted.claim()) {
                    CursorLease.move((DefaultClaim) claim, find(cursor), sequence);
                }
                return;
            } else if (pause.over()) {
                asked.orThrow();
            }
            // A waiter is about to be granted the claim.
            pause.sleepJittered(STEP, "to move the cursor '" + cursor + "'");
        }
    }

    /**
     * Moves a cursor and ends the claim of its consumer in one commit. Other consumers may wait for the claim, and
     * would be granted it first. Returns false if no consumer holds it.
     */
    private boolean takeAway(String cursor, Key<String> key, long to) {
        boolean moved = parts.queue().submit(scope -> {
            Optional<Long> claim = scope.values().key(key.name()).claim();
            if (claim.isPresent()) {
                long sequence = scope.sequence(agent);
                scope.feed().move(cursor, to, sequence);
                scope.end(claim.get(), sequence, ClaimEnd.REVOKED);
            }
            return claim.isPresent();
        });
        parts.notifier().notifyKeys(List.of(key.name()));
        return moved;
    }

    private ClaimResult ask(Key<String> key) {
        return parts.claims().claim(agent, List.of(key), Lease.withoutHeartbeats(OPERATION), Duration.ZERO);
    }

    @Override
    public void drop(String cursor) {
        Arguments.required(cursor, "cursor");
        Key<String> key = Key.text(find(cursor).key());
        letters.refuseAny(cursor);
        try (DefaultClaim claim = (DefaultClaim) ask(key).orThrow()) {
            long number = claim.token().claim();
            claim.commit((scope, sequence) -> {
                scope.end(number, sequence, ClaimEnd.RELEASED);
                scope.feed().drop(cursor);
            });
        }
    }

    CursorRow find(String cursor) {
        return parts.reads()
                .read(session -> new CursorTables(session).cursor(cursor))
                .orElseThrow(() ->
                        new InvalidInputException("No cursor '" + cursor + "'; it was never created, or was dropped"));
    }

    String agent() {
        return agent;
    }

    Parts parts() {
        return parts;
    }
}
