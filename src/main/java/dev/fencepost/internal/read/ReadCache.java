package dev.fencepost.internal.read;

import dev.fencepost.Freshness;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Position;
import dev.fencepost.StoreClosedException;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.internal.sql.StoreFile;
import dev.fencepost.internal.sql.VersionRow;
import dev.fencepost.internal.sql.VersionTables.LoggedChange;
import dev.fencepost.internal.sql.VersionTables.LoggedChanges;
import dev.fencepost.internal.sql.WalIndex.Header;
import dev.fencepost.internal.util.Deadline;
import dev.fencepost.internal.util.StackGuard;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Latest values, kept in memory, and still linearizable across processes.
 *
 * <h2>A hit</h2>
 *
 * SQLite publishes the header of its log's index in shared memory before a COMMIT returns, and the cache notes the header
 * up to which it has followed the log of changes. So a hit is three steps, without a lock or a system call: read what was
 * noted, look the key up, and compare the present header with what was noted. If they are equal, every commit that had
 * returned when the read began has been followed, and the row is the latest.
 *
 * <p>What was noted must be read <em>before</em> the lookup. Whoever looks up first can find a row that is out of date, then
 * be overtaken by another thread that forgets the row and notes the new header, and find the new header equal to itself.
 * In the right order a row is never older than what was noted, since nothing is noted before the rows that it makes
 * invalid are forgotten. It may be newer, put in by a commit of this process or read from the file meanwhile; that is no
 * harm, since it was committed before it was put in.
 *
 * <h2>The long way</h2>
 *
 * Under a lock, the header is read, then the log of changes since the last time is asked which keys are out of date and
 * what they are now, then the header is noted: what is noted was read before the question, so it claims no more than was asked. One question serves
 * all readers that wait for the lock. A row that is still missing is then read from the file outside the lock, and put in
 * only if no change was followed meanwhile, since one of them may be newer than the row. What this process commits itself
 * is followed without a question, where the header shows that nobody else has committed since.
 *
 * <p>Where the header cannot be had, SQLite is asked each time whether another connection has committed ({@code PRAGMA
 * data_version}, which reads the index under a read lock), and no hit goes without the lock.
 *
 * <h2>Staler reads</h2>
 *
 * Whoever asks for less than the latest is served what is kept, if what was noted is as far, or as young, as asked for:
 * the rows are the latest of some moment after that. It too is read before the lookup, for the same reason. And it must be
 * as far as all that this process has committed or seen, so that nobody goes back: for that, whatever is shown to
 * anybody is noted in the {@link HighWaterMark} first, rows that are newer than what was followed included.
 *
 * <h2>A file that was replaced</h2>
 *
 * The header says nothing about a file that took the path of this one. So what was noted ages with {@link CoarseClock},
 * and the long way looks at the path once in each tick: a replaced file is refused within some 20 ms.
 *
 * <p>Absent keys are remembered too. Safe for use by many threads.
 */
public final class ReadCache implements AutoCloseable {
    /** Above so many changes at once, forgetting everything is cheaper than forgetting each. */
    private static final int MOST_CHANGES = 1_000;

    /**
     * Up to where the log of changes has been followed. Immutable, so that a reader compares with what it read.
     *
     * @param header as it was before the log was asked; null if it could not be had
     * @param tick in which it was made sure that the file is still in its place
     * @param sequence of the newest commit that was followed
     * @param at when that was the newest in the file
     */
    private record Watermark(@Nullable Header header, long tick, long sequence, long at) {
        static final Watermark NOTHING = new Watermark(null, CoarseClock.NEVER, -1, 0);

        Watermark servedIn(long later) {
            return new Watermark(header, Math.max(tick, later), sequence, at);
        }

        Watermark latestAt(long time) {
            return new Watermark(header, tick, sequence, time);
        }
    }

    private final ChangeLog file;
    private final HighWaterMark horizon;
    private final VersionCache rows;
    private final Function<String, Optional<VersionRow>> load;
    private final LongSupplier clock;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Watermark noted = Watermark.NOTHING;
    private volatile boolean closed;
    private long dataVersion = -1;
    /** The number of the newest version that was followed; none is read before the first key is. */
    private long lastChange = -1;

    /** Opens a connection of its own, which keeps the index in its place, and follows the log through it. */
    public ReadCache(StoreFile file, HighWaterMark horizon, ReaderPool reads, StoreConfig config) {
        this(
                SqliteChangeLog.of(file, horizon, config.mappedWalIndex()),
                horizon,
                new VersionCache(config.cacheBytes()),
                key -> reads.latest(key),
                Deadline::now);
    }

    /**
     * With parts of one's own.
     *
     * @param load reads the newest version of a key from the file, on another connection, and notes that as seen: it may be
     *     newer than all that was followed
     * @param clock in nanoseconds; never goes back
     */
    ReadCache(
            ChangeLog file,
            HighWaterMark horizon,
            VersionCache rows,
            Function<String, Optional<VersionRow>> load,
            LongSupplier clock) {
        this.file = file;
        this.horizon = horizon;
        this.rows = rows;
        this.load = load;
        this.clock = clock;
    }

    /** The newest version of a key, a tombstone included, as of some moment after the call began. */
    public Optional<VersionRow> latest(String key) {
        Watermark before = noted;
        VersionCache.Kept kept = rows.lookUp(key);
        return kept != null && isCurrent(before) ? kept.row() : loadLatest(key);
    }

    /**
     * A version of a key, a tombstone included, that is as fresh as asked for, and never older than anything that was
     * committed or read through this store before the call began.
     *
     * @throws InvalidInputException if the position that is asked for is of another store, or ahead of the file
     */
    public Optional<VersionRow> get(String key, Freshness freshness) {
        if (freshness instanceof Freshness.AtLeast least) {
            refuseStranger(least.position());
        }
        Watermark before = noted;
        if (isFreshEnough(before, freshness)) {
            refuseClosed();
            if (before.tick != CoarseClock.present()) {
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

    private boolean isFreshEnough(Watermark before, Freshness freshness) {
        if (before.sequence < horizon.value()) {
            return false;
        }
        if (freshness instanceof Freshness.AtLeast least) {
            return before.sequence >= least.position().sequence();
        } else if (freshness instanceof Freshness.MaxStaleness most) {
            return clock.getAsLong() - before.at <= most.age().toNanos();
        }
        return freshness instanceof Freshness.Any;
    }

    /** Looks at the path once in each tick, as a latest read does, so that a replaced file is found as soon. */
    private void noteServed() {
        long tick = servedTick();
        // Whoever has the lock is not waited for: until it is free, each read looks by itself.
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
            throw new InvalidInputException("The position " + position + " is one of another store, for this one is "
                    + file.storeId() + "; ask for one that Store.position() told of this store");
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
            reached = noted.sequence;
        } finally {
            lock.unlock();
        }
        if (reached < position.sequence()) {
            throw new InvalidInputException("The position " + position + " is ahead of the store, which ends at "
                    + reached + ": it was made up, or what it stood for was lost with the power before the disk had it"
                    + " (see Store.awaitDurable). Ask for the latest instead");
        }
    }

    /** What is another after each commit, without asking SQLite; null if that cannot be had. */
    @Nullable public Header position() {
        return file.header().orElse(null);
    }

    private boolean isCurrent(Watermark before) {
        Header header = before.header;
        return before.tick == CoarseClock.present() && header != null && file.is(header);
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
            followed = lastChange;
        } finally {
            lock.unlock();
        }
        Optional<VersionRow> row = load.apply(key);
        lock.lock();
        try {
            if (lastChange == followed) {
                rows.putNewer(key, row);
            }
        } finally {
            lock.unlock();
        }
        return row;
    }

    /** The present tick, in which the file has been found in its place. */
    private long servedTick() {
        long tick = CoarseClock.begin();
        if (noted.tick != tick) {
            refuseUnlessServed();
        }
        return tick;
    }

    private void refuseUnlessServed() {
        try {
            file.refuseIfReplaced();
        } catch (UnusableStoreException e) {
            // SQLite removes the log when the store is closed, which is no stranger's doing.
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
        // Before anything is looked at: what is found is the newest there is at this moment, or newer.
        long at = clock.getAsLong();
        Header present = file.header().orElse(null);
        if (present != null && present.equals(noted.header)) {
            noted = noted.servedIn(tick).latestAt(at);
            return;
        }
        long version = present == null ? file.dataVersion() : -1;
        if (present == null && version == dataVersion) {
            noted = noted.servedIn(tick).latestAt(at);
            return;
        }
        LoggedChanges log = lastChange < 0 ? ask(Long.MAX_VALUE, 0) : ask(lastChange, MOST_CHANGES);
        if (log.changes().size() == MOST_CHANGES) {
            rows.forgetAll();
        } else {
            // A row that is as new as the change stays: it was put in by the commit that made the change, or after it.
            log.changes().forEach(rows::follow);
        }
        // Noted last: if anything above failed, the next reader starts over.
        lastChange = log.last();
        noted = new Watermark(present, tick, log.sequence(), at);
        dataVersion = version;
    }

    /** Asks the log of changes, and in the same cut whether history has gone back. */
    private LoggedChanges ask(long after, int limit) {
        return horizon.observe(file::tip, seen -> file.changesAfter(after, limit, seen), LoggedChanges::tip);
    }

    /**
     * Takes over what this process has just committed in one transaction, so that it need not be asked for. Does nothing
     * unless that was the only commit since the log was last followed, as far as the header tells; or if the cache is
     * busy, since it would only have saved a question.
     *
     * @param before the {@linkplain #position() position} before the commit
     * @param sequence of the newest commit in the file after it, if it was the only one
     * @param written all versions that the transaction has written
     */
    public void committed(@Nullable Header before, long sequence, List<VersionRow> written) {
        long at = clock.getAsLong();
        Header after = position();
        if (before == null || after == null || !after.isNextAfter(before) || !lock.tryLock()) {
            return;
        }
        try {
            // The header is read before the log is asked, so the answer may have had this commit in it already.
            if (!closed && before.equals(noted.header) && noted.sequence < sequence) {
                written.forEach(row ->
                        rows.follow(new LoggedChange(row.key(), row.stamp().version(), Optional.of(row))));
                lastChange += written.size();
                noted = new Watermark(after, noted.tick, sequence, at);
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
            // From here on nothing is as it was noted, so every read goes the long way, and is refused there.
            file.close();
        } finally {
            lock.unlock();
        }
    }
}
