package dev.fencepost.internal.txn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.CommitResult;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.StoreClosedException;
import dev.fencepost.StoreConfig;
import dev.fencepost.Versioned;
import dev.fencepost.Writes;
import dev.fencepost.internal.sql.OpenedFile;
import dev.fencepost.internal.sql.Opening;
import dev.fencepost.internal.sql.ValueTables;
import dev.fencepost.internal.sql.ValueTables.LoggedChange;
import dev.fencepost.internal.sql.VersionRow;
import dev.fencepost.internal.sql.WalIndex.Header;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The orders of events in which a cache could be wrong, each brought about on purpose. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadCacheTest {
    private static final Key<String> KEY = Key.text("key");
    private static final Key<String> OTHER = Key.text("other");

    @TempDir
    Path folder;

    private final AtomicReference<Runnable> afterLookup = new AtomicReference<>(() -> {});
    private final AtomicReference<Runnable> underTheLock = new AtomicReference<>(() -> {});
    private final AtomicReference<Runnable> afterLoading = new AtomicReference<>(() -> {});
    private final List<String> loaded = new ArrayList<>();
    private final ExecutorService others = Executors.newCachedThreadPool();
    private Store writer;
    private ReadPath reads;
    private ReadCache cache;

    @BeforeEach
    void open() {
        StoreConfig config = StoreConfig.of(folder.resolve("a.db")).withDurability(Durability.PROCESS_DEATH);
        writer = Store.open(config);
        OpenedFile file = Opening.open(config);
        Horizon horizon = new Horizon();
        reads = new ReadPath(file, horizon);
        cache = new ReadCache(file, horizon, new WatchedRows(), this::load, true);
        put(OTHER, "other");
    }

    @AfterEach
    void close() {
        others.shutdownNow();
        cache.close();
        reads.close();
        writer.close();
    }

    /** Lets something happen after a lookup, and when rows are changed under the lock. */
    private final class WatchedRows extends CachedRows {
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

    private Optional<VersionRow> load(String key) {
        loaded.add(key);
        Optional<VersionRow> row = reads.readServed(session -> new ValueTables(session).latest(key));
        afterLoading.getAndSet(() -> {}).run();
        return row;
    }

    /** Commits, on other connections than the cache's. */
    private VersionRow put(Key<String> key, String value) {
        writer.agent("writer").put(key, value).orThrow();
        Versioned<String> written = writer.get(key).orElseThrow();
        return new VersionRow(key.name(), written.stamp(), Optional.of(value));
    }

    private String read(Key<String> key) {
        return cache.latest(key.name()).flatMap(VersionRow::text).orElse("absent");
    }

    /** Another thread reads, and so makes the cache follow what was committed. */
    private void anotherReads(Key<String> key) {
        join(others.submit(() -> read(key)));
    }

    private static <T> T join(Future<T> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void assumeMapped() {
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "the WAL-index is mapped on Linux on x86-64 only");
    }

    @Test
    void whoIsOvertakenAfterTheLookup_isNotServedWhatItFound() {
        put(KEY, "old");
        assertThat(read(KEY)).isEqualTo("old");
        put(KEY, "new");
        afterLookup.set(() -> anotherReads(OTHER));
        assertThat(read(KEY)).isEqualTo("new");
    }

    @Test
    void aCommitAfterTheLookup_isSeen() {
        put(KEY, "old");
        assertThat(read(KEY)).isEqualTo("old");
        afterLookup.set(() -> put(KEY, "new"));
        assertThat(read(KEY)).isEqualTo("new");
    }

    @Test
    void aCommitWhileOthersAreFollowed_isFollowedNext() {
        put(KEY, "old");
        assertThat(read(KEY)).isEqualTo("old");
        put(OTHER, "newer");
        underTheLock.set(() -> put(KEY, "new"));
        read(OTHER);
        assertThat(read(KEY)).isEqualTo("new");
    }

    @Test
    void aRowThatWasReadBeforeAChangeWasFollowed_isNotKept() {
        put(KEY, "old");
        afterLoading.set(() -> {
            put(KEY, "new");
            anotherReads(OTHER);
        });
        assertThat(read(KEY)).isEqualTo("old");
        assertThat(read(KEY)).isEqualTo("new");
    }

    @Test
    void aHit_needsNoLock() throws InterruptedException {
        assumeMapped();
        put(KEY, "here");
        // A hit ages, and then it does need the lock; so it is tried more than once.
        for (int tried = 1; !isServedWhileLocked(tried); tried++) {
            assertThat(tried).isLessThan(20);
        }
    }

    private boolean isServedWhileLocked(int tried) throws InterruptedException {
        assertThat(read(KEY)).isEqualTo("here");
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        underTheLock.set(() -> {
            locked.countDown();
            awaitQuietly(goOn);
        });
        Future<String> locking = others.submit(() -> read(Key.text("missing-" + tried)));
        locked.await();
        Future<String> hit = others.submit(() -> read(KEY));
        try {
            return hit.get(200, TimeUnit.MILLISECONDS).equals("here");
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        } finally {
            goOn.countDown();
            assertThat(join(locking)).isEqualTo("absent");
        }
    }

    @Test
    void moreChangesThanAreFollowedOneByOne_leaveNothingThatIsOutOfDate() {
        put(KEY, "old");
        Key<String> last = Key.text("last");
        put(last, "old");
        assertThat(read(KEY)).isEqualTo("old");
        assertThat(read(last)).isEqualTo("old");
        Writes many = Writes.of().put(KEY, "new");
        for (int i = 0; i < 1_500; i++) {
            many.put(Key.text("many/" + i), "x");
        }
        assertThat(writer.agent("writer").commit(many.put(last, "new"))).isInstanceOf(CommitResult.Applied.class);
        assertThat(read(OTHER)).isEqualTo("other");
        assertThat(read(KEY)).isEqualTo("new");
        assertThat(read(last)).isEqualTo("new");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void closed_servesNothing() {
        put(KEY, "here");
        assertThat(read(KEY)).isEqualTo("here");
        cache.close();
        assertThatThrownBy(() -> read(KEY)).isInstanceOf(StoreClosedException.class);
    }

    /** What the cache is told and what is in the file differ here, so that it shows which of the two is served. */
    private VersionRow told(VersionRow row) {
        return new VersionRow(row.key(), row.stamp(), Optional.of("told"));
    }

    /** Follows a store that has seen more commits than one of them has frames. */
    private @Nullable Header followed() {
        for (int i = 0; i < 20; i++) {
            put(OTHER, "other " + i);
        }
        put(KEY, "0");
        assertThat(read(KEY)).isEqualTo("0");
        return cache.position();
    }

    @Test
    void theOnlyCommitSince_isTakenOver() {
        @Nullable Header before = followed();
        VersionRow row = put(KEY, "1");
        cache.committed(before, List.of(told(row)));
        assertThat(read(KEY)).isEqualTo("told");
        assertThat(loaded).containsOnlyOnce("key");
    }

    @Test
    void commitAfterCommit_isTakenOver_andWhatOthersDoNext_isFollowed() {
        @Nullable Header before = followed();
        for (int i = 1; i < 10; i++) {
            VersionRow row = put(KEY, "" + i);
            cache.committed(before, List.of(told(row)));
            before = cache.position();
            assertThat(read(KEY)).isEqualTo("told");
        }
        put(KEY, "by another");
        assertThat(read(KEY)).isEqualTo("by another");
    }

    @Test
    void aCommitWithAnotherBeforeIt_isNotTakenOver() {
        @Nullable Header before = followed();
        put(KEY, "by another");
        VersionRow row = put(OTHER, "1");
        cache.committed(before, List.of(told(row)));
        assertThat(read(OTHER)).isEqualTo("1");
        assertThat(read(KEY)).isEqualTo("by another");
    }

    @Test
    void aCommitWithAnotherAfterIt_isNotTakenOver() {
        @Nullable Header before = followed();
        VersionRow row = put(KEY, "1");
        put(KEY, "2");
        cache.committed(before, List.of(told(row)));
        assertThat(read(KEY)).isEqualTo("2");
    }

    @Test
    void aCommitAfterOneThatWasNotFollowed_isNotTakenOver() {
        followed();
        put(KEY, "by another");
        @Nullable Header before = cache.position();
        VersionRow row = put(OTHER, "1");
        cache.committed(before, List.of(told(row)));
        assertThat(read(KEY)).isEqualTo("by another");
        assertThat(read(OTHER)).isEqualTo("1");
    }

    @Test
    void aKeyThatNobodyReads_isNotKeptBecauseItIsWritten() {
        @Nullable Header before = followed();
        VersionRow row = put(Key.text("unread"), "1");
        cache.committed(before, List.of(told(row)));
        assertThat(read(Key.text("unread"))).isEqualTo("1");
        assertThat(read(KEY)).isEqualTo("0");
    }

    @Test
    void aTombstone_isTakenOver() {
        @Nullable Header before = followed();
        writer.agent("writer").delete(KEY).orThrow();
        VersionRow gone =
                reads.read(session -> new ValueTables(session).latest("key")).orElseThrow();
        loaded.clear();
        cache.committed(before, List.of(gone));
        assertThat(read(KEY)).isEqualTo("absent");
        assertThat(loaded).isEmpty();
    }

    @Test
    void aCommitAfterTheCacheIsClosed_isNoError() {
        @Nullable Header before = followed();
        VersionRow first = put(KEY, "1");
        cache.close();
        cache.committed(before, List.of(first));
    }
}
