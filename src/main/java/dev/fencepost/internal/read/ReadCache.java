package dev.fencepost.internal.read;

import dev.fencepost.Freshness;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Position;
import dev.fencepost.StoreClosedException;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.internal.engine.ChangeLog;
import dev.fencepost.internal.engine.Engine;
import dev.fencepost.internal.engine.StateToken;
import dev.fencepost.internal.sql.Tip;
import dev.fencepost.internal.sql.VersionRow;
import dev.fencepost.internal.sql.VersionTables.LoggedChange;
import dev.fencepost.internal.sql.VersionTables.LoggedChanges;
import dev.fencepost.internal.util.CoarseClock;
import dev.fencepost.internal.util.Deadline;
import dev.fencepost.internal.util.StackGuard;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An in-memory cache of the latest values that is still linearizable across processes.
 *
 * <h2>A hit</h2>
 *
 * The engine publishes a {@link StateToken} in shared memory before a commit returns. The cache keeps a watermark: the
 * state up to which it has followed the log of changes. A hit is three steps, without a lock or a system call: read the
 * watermark, look the key up, and compare the present state with that of the watermark. If they are equal,
 * every commit that had returned when the read began has been followed, and the row is the latest.
 *
 * <p>The watermark must be read <em>before</em> the lookup. In the other order, a reader can find an outdated row.
 * Another thread then removes the row and sets the watermark to the new state, and the reader finds the two states
 * equal. In the right order a row is never older than the watermark, since outdated rows are removed before the
 * watermark is set. A row may be newer, if a commit of this process or a read from the file put it in meanwhile. That
 * is harmless, since it was committed before it was put in.
 *
 * <h2>A miss</h2>
 *
 * Under a lock, the cache reads the state. It then asks the log of changes for the outdated keys and their present
 * versions, and sets the watermark to that state. The state was read before the question, so the watermark claims no
 * more than was asked. One question serves all readers that wait for the lock. A row that is still missing is read from
 * the file outside the lock. It is put in only if no change was followed meanwhile, since a change may be newer than
 * the row. Commits of this process are followed without a question, if the state shows no other commit since.
 *
 * <p>If the state is unavailable, the cache asks the database each time whether another connection has committed. Every
 * hit then takes the lock.
 *
 * <h2>Staler reads</h2>
 *
 * A reader that accepts less than the latest gets the cached row, if the watermark is as far, or as young, as
 * requested. The rows are the latest of some moment after that. This watermark too is read before the lookup, for the
 * same reason. It must also reach everything that this process has committed or seen, so that reads are monotonic. For
 * that, the commit of each row is noted in the {@link HighWaterMark} before a reader gets the row. This includes rows
 * that are newer than the watermark.
 *
 * <h2>Snapshots</h2>
 *
 * A transaction reads several keys as of one sequence. The watermark of its first hit fixes that sequence. A cached row
 * is never older than a watermark that was read before it. So if the watermark has reached the sequence, and the row
 * was committed at or before it, the row is the version as of the sequence.
 *
 * <h2>A file that was replaced</h2>
 *
 * The state does not show that another file took the path of this one. So the watermark ages with {@link CoarseClock},
 * and a miss checks the path once in each tick. A replaced file is refused within some 20 ms.
 *
 * <p>Absent keys are cached too. Safe for use by many threads.
 */
public final class ReadCache implements AutoCloseable {
    /** The number of changes from which clearing the cache is cheaper than removing each row. */
    private static final int MOST_CHANGES = 1_000;

    private final ChangeLog file;
    private final HighWaterMark highWater;
    private final VersionCache rows;
    private final Function<String, Optional<VersionRow>> load;
    private final LongSupplier clock;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Watermark noted = Watermark.NOTHING;
    private volatile boolean closed;
    private long version = -1;
    /** The last row of the log that was followed; -1 before the first. */
    private long lastRow = -1;

    /** Creates a cache that follows the change log of an engine, and observes its newest commit. */
    public ReadCache(Engine engine, HighWaterMark highWater, ReaderPool reads, StoreConfig config) {
        this(
                engine.changes(),
                highWater,
                new VersionCache(config.cacheBytes()),
                key -> reads.latest(key),
                Deadline::now);
        highWater.observe(file::tip);
    }

    /**
     * Creates a cache with the given parts.
     *
     * @param load reads the newest version of a key from the file, on another connection, and notes it as seen: it may
     *     be newer than all that was followed
     * @param clock the time in nanoseconds; never goes back
     */
    ReadCache(
            ChangeLog file,
            HighWaterMark highWater,
            VersionCache rows,
            Function<String, Optional<VersionRow>> load,
            LongSupplier clock) {
        this.file = file;
        this.highWater = highWater;
        this.rows = rows;
        this.load = load;
        this.clock = clock;
    }

    /** Returns the newest version of a key, a tombstone included, as of some moment after the call began. */
    public Optional<VersionRow> latest(String key) {
        Watermark before = noted;
        VersionCache.Kept kept = rows.lookUp(key);
        return kept != null && isCurrent(before) ? kept.row() : loadLatest(key);
    }

    /**
     * Reads the newest version of a key from the file, past the cache. If the cache is outdated, this is cheaper than
     * {@link #latest}, since it follows no other change.
     */
    Optional<VersionRow> read(String key) {
        refuseClosed();
        if (noted.tick() != CoarseClock.present()) {
            noteServed();
        }
        return load.apply(key);
    }

    /**
     * Returns a version of a key, a tombstone included, at the given freshness. It is never older than anything that
     * was committed or read through this store before the call began.
     *
     * @throws InvalidInputException if the requested position is of another store, or ahead of the file
     */
    public Optional<VersionRow> get(String key, Freshness freshness) {
        if (freshness instanceof Freshness.AtLeast least) {
            refuseStranger(least.position());
        }
        Watermark before = noted;
        if (isFreshEnough(before, freshness)) {
            refuseClosed();
            if (before.tick() != CoarseClock.present()) {
                noteServed();
            }
            VersionCache.Kept kept = rows.lookUp(key);
            if (kept != null) {
                return kept.row();
            }
        } else if (freshness instanceof Freshness.AtLeast least) {
            refuseUnlessReached(least.position());
        }
        return latest(key);
    }

    /**
     * Returns a version as of a sequence that is not ahead of the file. Brings the cache up to date if need be. The
     * caller verifies the history of the file later.
     *
     * @param sequence the sequence; empty for the newest, which the answer then tells
     * @return null if the version must be read from the file
     */
    public @Nullable SnapshotRow asOf(String key, OptionalLong sequence) {
        SnapshotRow cached = cachedAsOf(key, sequence);
        if (cached == null && state() != null) {
            Optional<VersionRow> unused = latest(key);
            return cachedAsOf(key, sequence);
        }
        return cached;
    }

    @Nullable SnapshotRow cachedAsOf(String key, OptionalLong sequence) {
        Watermark before = noted;
        VersionCache.Kept kept = rows.lookUp(key);
        long at = sequence.orElse(before.sequence());
        if (kept == null || before.sequence() < at) {
            return null;
        }
        // An absent key has no sequence. It may have been deleted and pruned since, unless there was no commit since.
        boolean current = isCurrent(before) && before.sequence() == at;
        boolean exact = kept.row().map(row -> row.stamp().sequence() <= at).orElse(current);
        return exact && (current || sequence.isPresent()) ? new SnapshotRow(at, kept.row()) : null;
    }

    private boolean isFreshEnough(Watermark before, Freshness freshness) {
        if (before.sequence() < highWater.value()) {
            return false;
        }
        if (freshness instanceof Freshness.AtLeast least) {
            return before.sequence() >= least.position().sequence();
        } else if (freshness instanceof Freshness.MaxStaleness most) {
            return clock.getAsLong() - before.at() <= most.age().toNanos();
        }
        return freshness instanceof Freshness.Any;
    }

    /** Checks the path once in each tick, as a latest read does, so that a replaced file is found as soon. */
    private void noteServed() {
        long tick = servedTick();
        // Does not wait for the holder of the lock: until it is free, each read checks by itself.
        if (lock.tryLock()) {
            try {
                noted = noted.servedIn(tick);
            } finally {
                lock.unlock();
            }
        }
    }

    private void refuseStranger(Position position) {
        if (!position.storeId().equals(file.storeId())) {
            file.formerStores().refuse(position.storeId(), "The position " + position);
            throw new InvalidInputException("The position " + position + " belongs to another store; this store is "
                    + file.storeId() + ". Use a position that Store.position() of this store returned");
        }
    }

    private void refuseUnlessReached(Position position) {
        StackGuard.ensure();
        long tick = servedTick();
        long reached;
        lock.lock();
        try {
            refuseClosed();
            catchUp(tick);
            reached = noted.sequence();
        } finally {
            lock.unlock();
        }
        if (reached < position.sequence()) {
            throw new InvalidInputException("The position " + position + " is ahead of the store, which ends at "
                    + reached + ": it is invented, or its commit was not durable when the power failed (see"
                    + " Store.awaitDurable). Read the latest instead");
        }
    }

    /** Returns the present state of the store, without asking the database; null if it is unavailable. */
    @Nullable StateToken state() {
        return file.state();
    }

    private boolean isCurrent(Watermark before) {
        StateToken state = before.state();
        return before.tick() == CoarseClock.present() && state != null && file.is(state);
    }

    private Optional<VersionRow> loadLatest(String key) {
        StackGuard.ensure();
        long tick = servedTick();
        long followed;
        lock.lock();
        try {
            refuseClosed();
            catchUp(tick);
            VersionCache.Kept kept = rows.lookUp(key);
            if (kept != null) {
                return kept.row();
            }
            followed = lastRow;
        } finally {
            lock.unlock();
        }
        Optional<VersionRow> row = load.apply(key);
        lock.lock();
        try {
            if (lastRow == followed) {
                rows.putNewer(key, row);
            }
        } finally {
            lock.unlock();
        }
        return row;
    }

    /** Returns the present tick, in which the file has been found in its place. */
    private long servedTick() {
        long tick = CoarseClock.begin();
        if (noted.tick() != tick) {
            refuseUnlessServed();
        }
        return tick;
    }

    private void refuseUnlessServed() {
        try {
            file.refuseIfReplaced();
        } catch (UnusableStoreException e) {
            // SQLite removes the log when this store is closed; that is no replaced file.
            refuseClosed();
            throw e;
        }
    }

    private void refuseClosed() {
        if (closed) {
            throw new StoreClosedException();
        }
    }

    private void catchUp(long tick) {
        // Taken before any query: the result is the newest at this moment, or newer.
        long at = clock.getAsLong();
        StateToken present = file.state();
        if (present != null && present.equals(noted.state())) {
            noted = noted.servedIn(tick).latestAt(at);
            return;
        }
        long asked = present == null ? file.version() : -1;
        if (present == null && asked == version) {
            noted = noted.servedIn(tick).latestAt(at);
            return;
        }
        LoggedChanges log = lastRow < 0 ? ask(Long.MAX_VALUE, 0) : ask(lastRow, MOST_CHANGES);
        if (log.changes().size() == MOST_CHANGES) {
            rows.forgetAll();
        } else {
            // A row as new as the change stays: the commit that made the change put it in, or a later read did.
            log.changes().forEach(rows::follow);
        }
        // Set last: if anything above failed, the next reader starts over.
        lastRow = log.tip().lastRow();
        noted = new Watermark(present, tick, log.tip().newest().sequence(), at);
        version = asked;
    }

    /** Asks the log of changes, and in the same snapshot whether history has gone back. */
    private LoggedChanges ask(long after, int limit) {
        return highWater.observe(file::tip, seen -> file.changesAfter(after, limit, seen), LoggedChanges::tip);
    }

    /**
     * Takes over the versions of a transaction that this process has just committed, which saves a query. Does nothing
     * if there was another commit since the log was last followed, as far as the state tells. Does nothing either if
     * the cache is busy, since it only saves a query.
     *
     * @param before the state of the store before the commit
     * @param end the end of the log after it, if it was the only one
     * @param written all versions that the transaction has written
     */
    public void committed(@Nullable StateToken before, Tip end, List<VersionRow> written) {
        long sequence = end.newest().sequence();
        long at = clock.getAsLong();
        StateToken after = state();
        if (before == null || after == null || !after.isNextAfter(before) || !lock.tryLock()) {
            return;
        }
        try {
            // The state is read before the log is asked, so the answer may have included this commit already.
            if (!closed && before.equals(noted.state()) && noted.sequence() < sequence) {
                written.forEach(row ->
                        rows.follow(new LoggedChange(row.key(), row.stamp().version(), Optional.of(row))));
                lastRow = end.lastRow();
                noted = new Watermark(after, noted.tick(), sequence, at);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            // From here on the state never equals the watermark's, so every read is a miss and is refused.
            file.close();
        } finally {
            lock.unlock();
        }
    }
}
