package dev.fencepost.internal.read;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import dev.fencepost.internal.sql.VersionRow;
import dev.fencepost.internal.sql.VersionTables.LoggedChange;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The newest versions of keys that were read or written lately; knows nothing of whether they still are the newest. A key
 * that was found to have no version is a row too. Bounded by weight: the bytes of names and values, two for each
 * character, and a flat amount for each entry. Safe for use by many threads.
 */
class VersionCache {
    private static final int ENTRY_WEIGHT = 160;

    /**
     * One lookup in so many counts for what is evicted, by chance. Once the cache is half full, counting costs several
     * times what looking up does; a sample tells hot keys from cold ones nearly as well.
     */
    private static final int SAMPLE = 8;

    /** What is kept of one key: its newest version, or that it has none. */
    record Kept(Optional<VersionRow> row) {
        long version() {
            return row.isEmpty() ? 0 : row.get().stamp().version();
        }
    }

    private final Cache<String, Kept> rows;
    private final Policy<String, Kept> uncounted;

    VersionCache(long maxBytes) {
        // What is to be evicted is evicted by whoever puts something in, without help from threads of another pool.
        this.rows = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher(VersionCache::weight)
                .executor(Runnable::run)
                .build();
        this.uncounted = rows.policy();
    }

    /** What is kept of a key, for a reader; null if nothing is. */
    @Nullable Kept lookUp(String key) {
        return ThreadLocalRandom.current().nextInt(SAMPLE) == 0
                ? rows.getIfPresent(key)
                : uncounted.getIfPresentQuietly(key);
    }

    /** Keeps a row, unless there is one that is as new. */
    void putNewer(String key, Optional<VersionRow> row) {
        Kept newer = new Kept(row);
        Kept kept = uncounted.getIfPresentQuietly(key);
        if (kept == null || kept.version() < newer.version()) {
            rows.put(key, newer);
        }
    }

    /**
     * Follows a change: a row that is older than it is replaced, or forgotten where the change came without its row. What
     * is not kept is not kept because somebody else changed it.
     */
    void follow(LoggedChange change) {
        Kept kept = uncounted.getIfPresentQuietly(change.key());
        if (kept != null && kept.version() < change.version()) {
            if (change.row().isPresent()) {
                rows.put(change.key(), new Kept(change.row()));
            } else {
                rows.invalidate(change.key());
            }
        }
    }

    void forgetAll() {
        rows.invalidateAll();
    }

    private static int weight(String key, Kept kept) {
        long value = kept.row().flatMap(VersionRow::text).map(String::length).orElse(0);
        return (int) Math.min(Integer.MAX_VALUE, ENTRY_WEIGHT + 2L * (key.length() + value));
    }
}
