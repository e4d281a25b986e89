package dev.fencepost.internal.txn;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.fencepost.StoreClosedException;
import dev.fencepost.internal.sql.OpenedFile;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.ValueTables;
import dev.fencepost.internal.sql.VersionRow;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Latest values, kept in memory, and still linearizable across processes.
 *
 * <p>Before anything is served, SQLite is asked whether another connection has committed since this one last looked
 * ({@code PRAGMA data_version}, which reads the log's index under a read lock and so sees every commit that was
 * acknowledged). If so, the log of changes since then tells which keys to forget. Asking, forgetting, looking up and
 * filling happen under one lock, so a value that is read from the file can not be put in after it was to be forgotten.
 *
 * <p>Absent keys are remembered too. Bounded by weight: the bytes of names and values, two for each character, and a flat
 * amount for each entry. Safe for use by many threads.
 */
public final class ReadCache implements AutoCloseable {
    /** Above so many changes at once, forgetting everything is cheaper than forgetting each. */
    private static final int MOST_CHANGES = 1_000;

    private static final int ENTRY_WEIGHT = 160;

    private final OpenedFile file;
    private final Horizon horizon;
    private final Cache<String, Optional<VersionRow>> rows;
    private final ReentrantLock lock = new ReentrantLock();
    private final Session session;
    private final ValueTables values;
    private long dataVersion = -1;
    private long lastChange = -1;
    private boolean closed;

    public ReadCache(OpenedFile file, Horizon horizon, long maxBytes) {
        this.file = file;
        this.horizon = horizon;
        this.rows = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher(ReadCache::weight)
                .executor(Runnable::run)
                .build();
        this.session = file.sqlite().openForReading();
        this.values = new ValueTables(session);
        horizon.look(values::lastSequence);
        file.noteLog();
    }

    /** The newest version of a key, a tombstone included, as of some moment after the call began. */
    public Optional<VersionRow> latest(String key) {
        lock.lock();
        try {
            if (closed) {
                throw new StoreClosedException();
            }
            file.refuseIfReplaced();
            catchUp();
            Optional<VersionRow> cached = rows.getIfPresent(key);
            if (cached == null) {
                cached = values.latest(key);
                rows.put(key, cached);
            }
            return cached;
        } finally {
            lock.unlock();
        }
    }

    private void catchUp() {
        long present = session.number("PRAGMA data_version");
        if (present == dataVersion) {
            return;
        }
        horizon.look(values::lastSequence);
        if (lastChange < 0) {
            lastChange = values.lastChange();
        } else {
            List<ValueTables.LoggedChange> changes = values.changesAfter(lastChange, MOST_CHANGES);
            if (changes.size() == MOST_CHANGES) {
                lastChange = values.lastChange();
                rows.invalidateAll();
            } else if (!changes.isEmpty()) {
                changes.forEach(change -> rows.invalidate(change.key()));
                lastChange = changes.get(changes.size() - 1).id();
            }
        }
        // Noted last: if anything above failed, the next reader starts over.
        dataVersion = present;
    }

    private static int weight(String key, Optional<VersionRow> row) {
        long value = row.flatMap(VersionRow::text).map(String::length).orElse(0);
        return (int) Math.min(Integer.MAX_VALUE, ENTRY_WEIGHT + 2L * (key.length() + value));
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            session.close();
        } finally {
            lock.unlock();
        }
    }
}
