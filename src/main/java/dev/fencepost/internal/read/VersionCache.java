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
 * A cache of the newest versions of keys that were read or written lately. It does not know whether they are still the
 * newest. A key without a version is a row too. Its weight is bounded: the bytes of names and values, two for each
 * character, and a flat amount for each entry. Safe for use by many threads.
 */
class VersionCache {
    private static final int ENTRY_WEIGHT = 160;

    /**
     * The number of lookups of which one, at random, counts for eviction. Once the cache is half full, counting costs
     * several times as much as a lookup. A sample tells hot keys from cold ones nearly as well.
     */
    private static final int SAMPLE = 8;

    /** The cached row of a key: its newest version, or empty if it has none. */
    record Kept(Optional<VersionRow> row) {
        long version() {
            return row.isEmpty() ? 0 : row.get().stamp().version();
        }
    }

    private final Cache<String, Kept> rows;
    private final Policy<String, Kept> uncounted;

    VersionCache(long maxBytes) {
        // The thread that adds an entry evicts others itself, without threads of another pool.
        this.rows = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher(VersionCache::weight)
                .executor(Runnable::run)
                .build();
        this.uncounted = rows.policy();
    }

    /** Returns the cached row of a key, for a reader; null if there is none. */
    @Nullable Kept lookUp(String key) {
        return ThreadLocalRandom.current().nextInt(SAMPLE) == 0
                ? rows.getIfPresent(key)
                : uncounted.getIfPresentQuietly(key);
    }

    /** Adds a row, unless the cached one is as new. */
    void putNewer(String key, Optional<VersionRow> row) {
        Kept newer = new Kept(row);
        Kept kept = uncounted.getIfPresentQuietly(key);
        if (kept == null || kept.version() < newer.version()) {
            rows.put(key, newer);
        }
    }

    /**
     * Follows a change. An older cached row is replaced, or removed if the change came without its row. Keys that are
     * not cached are not added.
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
