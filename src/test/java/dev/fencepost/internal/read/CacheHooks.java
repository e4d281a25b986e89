package dev.fencepost.internal.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.Durability;
import dev.fencepost.Freshness;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.Versioned;
import dev.fencepost.internal.engine.Engine;
import dev.fencepost.internal.engine.StateToken;
import dev.fencepost.internal.sql.VersionRow;
import dev.fencepost.internal.sql.VersionTables.LoggedChange;
import dev.fencepost.internal.sqlite.SqliteEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cache over a file that another store writes, with a clock that tests set. Hooks run where others could overtake it.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class CacheHooks {
    static final Key<String> KEY = Key.text("key");
    static final Key<String> OTHER = Key.text("other");

    @TempDir
    Path folder;

    final AtomicReference<Runnable> afterLookup = new AtomicReference<>(() -> {});
    final AtomicReference<Runnable> underTheLock = new AtomicReference<>(() -> {});
    final AtomicReference<Runnable> afterLoading = new AtomicReference<>(() -> {});
    final AtomicReference<Runnable> beforeLoading = new AtomicReference<>(() -> {});
    final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 100);
    final List<String> loaded = new ArrayList<>();
    final ExecutorService others = Executors.newCachedThreadPool();
    Store writer;
    private StoreConfig config;
    private HighWaterMark highWater;
    ReaderPool reads;
    ReadCache cache;

    @BeforeEach
    void open() {
        config = StoreConfig.of(folder.resolve("a.db")).withDurability(Durability.PROCESS_DEATH);
        writer = Store.open(config);
        Engine engine = SqliteEngine.open(config);
        highWater = new HighWaterMark();
        reads = new ReaderPool(engine, highWater);
        cache = cache(engine);
        put(OTHER, "other");
    }

    @AfterEach
    void close() {
        others.shutdownNow();
        cache.close();
        reads.close();
        writer.close();
    }

    /** Replaces the cache by one that asks SQLite whether others have committed. */
    void goOnUnmapped() {
        cache.close();
        cache = cache(SqliteEngine.open(config.withMappedWalIndex(false)));
    }

    private ReadCache cache(Engine engine) {
        highWater.observe(engine.changes()::tip);
        return new ReadCache(engine.changes(), highWater, new WatchedRows(), this::load, time::get);
    }

    /** Runs a hook after a lookup, and when rows are changed under the lock. */
    final class WatchedRows extends VersionCache {
        WatchedRows() {
            super(1_000_000);
        }

        @Override
        @Nullable Kept lookUp(String key) {
            Kept found = super.lookUp(key);
            afterLookup.getAndSet(() -> {}).run();
            return found;
        }

        @Override
        void putNewer(String key, Optional<VersionRow> row) {
            underTheLock.getAndSet(() -> {}).run();
            super.putNewer(key, row);
        }

        @Override
        void follow(LoggedChange change) {
            underTheLock.getAndSet(() -> {}).run();
            super.follow(change);
        }
    }

    Optional<VersionRow> load(String key) {
        loaded.add(key);
        beforeLoading.getAndSet(() -> {}).run();
        Optional<VersionRow> row = reads.latest(key);
        afterLoading.getAndSet(() -> {}).run();
        return row;
    }

    /** Commits on a connection that is not the cache's. */
    VersionRow put(Key<String> key, String value) {
        writer.agent("writer").put(key, value).orThrow();
        Versioned<String> written = writer.get(key).orElseThrow();
        return new VersionRow(key.name(), written.stamp(), Optional.of(value));
    }

    String read(Key<String> key, Freshness freshness) {
        return cache.get(key.name(), freshness).flatMap(VersionRow::text).orElse("absent");
    }

    String read(Key<String> key) {
        return cache.latest(key.name()).flatMap(VersionRow::text).orElse("absent");
    }

    /** Makes another thread read, so that the cache follows new commits. */
    void anotherReads(Key<String> key) {
        join(others.submit(() -> read(key)));
    }

    static <T> T join(Future<T> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    void assumeMapped() {
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "the WAL-index is mapped on Linux on x86-64 only");
    }

    static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns a row with a value that is not in the file, so that a read shows which of the two it returns. */
    VersionRow told(VersionRow row) {
        return new VersionRow(row.key(), row.stamp(), Optional.of("told"));
    }

    /** Makes the cache follow more commits than one of them has frames. */
    @Nullable StateToken followed() {
        for (int i = 0; i < 20; i++) {
            put(OTHER, "other " + i);
        }
        put(KEY, "0");
        assertThat(read(KEY)).isEqualTo("0");
        return cache.state();
    }
}
