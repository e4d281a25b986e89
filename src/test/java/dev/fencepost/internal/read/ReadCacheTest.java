package dev.fencepost.internal.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.CommitResult;
import dev.fencepost.Key;
import dev.fencepost.StoreClosedException;
import dev.fencepost.VersionInfo;
import dev.fencepost.WriteBatch;
import dev.fencepost.internal.engine.StateToken;
import dev.fencepost.internal.sql.CommitIdentity;
import dev.fencepost.internal.sql.Tip;
import dev.fencepost.internal.sql.VersionRow;
import dev.fencepost.internal.sql.VersionTables;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The interleavings in which a cache could return a stale value, each forced by a hook. */
class ReadCacheTest extends CacheHooks {
    private static final int ROUNDS = 1_000;
    private static final int MOST_SPINS = 20_000;

    /** Returns the end of a log whose newest commit is one row. */
    private static Tip end(long sequence) {
        return new Tip(new CommitIdentity(1, sequence, sequence), sequence, true);
    }

    @Test
    void read_overtakenAfterLookup_returnsTheNewValue() {
        put(KEY, "old");
        assertThat(read(KEY)).isEqualTo("old");
        put(KEY, "new");
        afterLookup.set(() -> anotherReads(OTHER));
        assertThat(read(KEY)).isEqualTo("new");
    }

    @Test
    void commitAfterTheLookup_isSeen() {
        put(KEY, "old");
        assertThat(read(KEY)).isEqualTo("old");
        afterLookup.set(() -> put(KEY, "new"));
        assertThat(read(KEY)).isEqualTo("new");
    }

    @Test
    void commitWhileOthersAreFollowed_isFollowedNext() {
        put(KEY, "old");
        assertThat(read(KEY)).isEqualTo("old");
        put(OTHER, "newer");
        underTheLock.set(() -> put(KEY, "new"));
        read(OTHER);
        assertThat(read(KEY)).isEqualTo("new");
    }

    @Test
    void rowLoadedBeforeAFollowedChange_isNotCached() {
        put(KEY, "old");
        afterLoading.set(() -> {
            put(KEY, "new");
            anotherReads(OTHER);
        });
        assertThat(read(KEY)).isEqualTo("old");
        assertThat(read(KEY)).isEqualTo("new");
    }

    @Test
    void hit_needsNoLock() throws InterruptedException {
        assumeMapped();
        put(KEY, "here");
        // A hit needs the lock when it has aged, so the test tries more than once.
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
    void moreChangesThanFollowed_leaveNoStaleRows() {
        put(KEY, "old");
        Key<String> last = Key.text("last");
        put(last, "old");
        assertThat(read(KEY)).isEqualTo("old");
        assertThat(read(last)).isEqualTo("old");
        WriteBatch many = WriteBatch.of().put(KEY, "new");
        for (int i = 0; i < 1_500; i++) {
            many.put(Key.text("many/" + i), "x");
        }
        assertThat(writer.agent("writer").tryCommit(many.put(last, "new"))).isInstanceOf(CommitResult.Applied.class);
        assertThat(read(OTHER)).isEqualTo("other");
        assertThat(read(KEY)).isEqualTo("new");
        assertThat(read(last)).isEqualTo("new");
    }

    @Test
    void readPastTheCache_afterCommit_returnsTheNewValue() {
        put(KEY, "old");
        assertThat(read(KEY)).isEqualTo("old");
        put(KEY, "new");
        assertThat(cache.read(KEY.name()).orElseThrow().text()).contains("new");
        assertThat(cache.read("missing")).isEmpty();
    }

    @Test
    void readPastTheCache_whenClosed_isRefused() {
        cache.close();
        assertThatThrownBy(() -> cache.read(KEY.name())).isInstanceOf(StoreClosedException.class);
    }

    @Test
    void closed_servesNothing() {
        put(KEY, "here");
        assertThat(read(KEY)).isEqualTo("here");
        cache.close();
        assertThatThrownBy(() -> read(KEY)).isInstanceOf(StoreClosedException.class);
    }

    private Optional<String> cachedAsOf(Key<String> key, OptionalLong sequence) {
        SnapshotRow cached = cache.cachedAsOf(key.name(), sequence);
        return cached == null
                ? Optional.empty()
                : Optional.of(cached.row().flatMap(VersionRow::text).orElse("absent"));
    }

    /** Returns the sequence of a snapshot that a read of a key fixes. The ticks of the clock can age a hit. */
    private OptionalLong snapshot(Key<String> key) {
        SnapshotRow first = null;
        while (first == null) {
            first = cache.asOf(key.name(), OptionalLong.empty());
        }
        return OptionalLong.of(first.sequence());
    }

    @Test
    void snapshot_afterANewerCommit_servesOnlyRowsOfItsSequence() {
        assumeMapped();
        long first = put(KEY, "old").stamp().sequence();
        read(OTHER);
        OptionalLong snapshot = snapshot(KEY);
        assertThat(snapshot).hasValue(first);
        put(KEY, "new");
        anotherReads(KEY);
        assertThat(cachedAsOf(KEY, snapshot)).isEmpty();
        assertThat(cachedAsOf(OTHER, snapshot)).contains("other");
    }

    @Test
    void snapshot_aheadOfTheCache_isNotServed() {
        assumeMapped();
        put(KEY, "old");
        assertThat(read(KEY)).isEqualTo("old");
        long sequence = put(KEY, "new").stamp().sequence();
        assertThat(cachedAsOf(KEY, OptionalLong.of(sequence))).isEmpty();
        assertThat(cachedAsOf(KEY, OptionalLong.of(sequence - 1))).contains("old");
    }

    @Test
    void newSnapshot_fromAnOutdatedCache_isNotServed() {
        assumeMapped();
        put(KEY, "old");
        assertThat(read(KEY)).isEqualTo("old");
        put(OTHER, "newer");
        assertThat(cachedAsOf(KEY, OptionalLong.empty())).isEmpty();
        assertThat(snapshot(KEY).getAsLong()).isEqualTo(2 + 1);
        assertThat(cachedAsOf(KEY, OptionalLong.of(3))).contains("old");
    }

    @Test
    void snapshotOfAnAbsentKey_afterACommit_isNotServed() {
        assumeMapped();
        Key<String> absent = Key.text("absent");
        OptionalLong snapshot = snapshot(absent);
        put(KEY, "new");
        anotherReads(KEY);
        assertThat(cachedAsOf(absent, snapshot)).isEmpty();
    }

    @Test
    void onlyCommitSince_isCached() {
        @Nullable StateToken before = followed();
        VersionRow row = put(KEY, "1");
        cache.committed(before, end(row.stamp().sequence()), List.of(told(row)));
        assertThat(read(KEY)).isEqualTo("told");
        assertThat(loaded).containsOnlyOnce("key");
    }

    @Test
    void ownCommits_areCached_andForeignOnesFollowed() {
        @Nullable StateToken before = followed();
        for (int i = 1; i < 10; i++) {
            VersionRow row = put(KEY, "" + i);
            cache.committed(before, end(row.stamp().sequence()), List.of(told(row)));
            before = cache.state();
            assertThat(read(KEY)).isEqualTo("told");
        }
        put(KEY, "by another");
        assertThat(read(KEY)).isEqualTo("by another");
    }

    @Test
    void ownCommit_afterForeignCommit_isNotCached() {
        @Nullable StateToken before = followed();
        put(KEY, "by another");
        VersionRow row = put(OTHER, "1");
        cache.committed(before, end(row.stamp().sequence()), List.of(told(row)));
        assertThat(read(OTHER)).isEqualTo("1");
        assertThat(read(KEY)).isEqualTo("by another");
    }

    @Test
    void ownCommit_beforeForeignCommit_isNotCached() {
        @Nullable StateToken before = followed();
        VersionRow row = put(KEY, "1");
        put(KEY, "2");
        cache.committed(before, end(row.stamp().sequence()), List.of(told(row)));
        assertThat(read(KEY)).isEqualTo("2");
    }

    @Test
    void commitAfterUnfollowedCommit_isNotCached() {
        followed();
        put(KEY, "by another");
        @Nullable StateToken before = cache.state();
        VersionRow row = put(OTHER, "1");
        cache.committed(before, end(row.stamp().sequence()), List.of(told(row)));
        assertThat(read(KEY)).isEqualTo("by another");
        assertThat(read(OTHER)).isEqualTo("1");
    }

    @Test
    void unreadKey_whenWritten_isNotCached() {
        @Nullable StateToken before = followed();
        VersionRow row = put(Key.text("unread"), "1");
        cache.committed(before, end(row.stamp().sequence()), List.of(told(row)));
        assertThat(read(Key.text("unread"))).isEqualTo("1");
        assertThat(read(KEY)).isEqualTo("0");
    }

    @Test
    void tombstone_isCached() {
        @Nullable StateToken before = followed();
        writer.agent("writer").delete(KEY).orThrow();
        VersionRow gone =
                reads.read(session -> new VersionTables(session).latest("key")).orElseThrow();
        loaded.clear();
        cache.committed(before, end(gone.stamp().sequence()), List.of(gone));
        assertThat(read(KEY)).isEqualTo("absent");
        assertThat(loaded).isEmpty();
    }

    @Test
    void ownCommit_onClosedCache_isNoError() {
        @Nullable StateToken before = followed();
        VersionRow first = put(KEY, "1");
        cache.close();
        cache.committed(before, end(first.stamp().sequence()), List.of(first));
    }

    /** A reader reads the header, this process commits, and then the reader reads the log. */
    @Test
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void ownCommit_alreadyFollowed_isNotCountedTwice() throws Exception {
        Assumptions.assumeTrue(cache.state() != null);
        Random random = new Random();
        for (int round = 0; round < ROUNDS; round++) {
            read(KEY);
            put(OTHER, "foreign " + round);
            StateToken before = cache.state();
            CountDownLatch go = new CountDownLatch(1);
            int spins = random.nextInt(MOST_SPINS);
            Future<String> reader = others.submit(() -> {
                go.await();
                for (int i = 0; i < spins; i++) {
                    Thread.onSpinWait();
                }
                return read(KEY);
            });
            go.countDown();
            VersionInfo stamp =
                    writer.agent("writer").put(KEY, "own " + round).orThrow().stamp();
            reader.get();
            VersionRow own = new VersionRow(KEY.name(), stamp, Optional.of("own " + round));
            cache.committed(before, end(stamp.sequence()), List.of(own));
            put(KEY, "newer " + round);
            assertThat(read(KEY)).isEqualTo("newer " + round);
        }
    }
}
