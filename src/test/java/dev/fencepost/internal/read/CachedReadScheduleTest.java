package dev.fencepost.internal.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.CommitResult;
import dev.fencepost.Freshness;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Position;
import dev.fencepost.StoreClosedException;
import dev.fencepost.WriteBatch;
import dev.fencepost.internal.engine.StateToken;
import dev.fencepost.internal.sql.CommitIdentity;
import dev.fencepost.internal.sql.Tip;
import dev.fencepost.internal.sql.VersionRow;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The interleavings in which a stale read could return an older value than its freshness allows. */
class CachedReadScheduleTest extends CacheHooks {
    private static final Freshness ANY = Freshness.any();

    private static Freshness nanos(long age) {
        return Freshness.maxStaleness(Duration.ofNanos(age));
    }

    private Freshness atLeast(VersionRow row) {
        return Freshness.atLeast(new Position(writer.id(), row.stamp().sequence()));
    }

    /** Caches a value that becomes stale without the cache's notice. */
    private VersionRow keepOld() {
        put(KEY, "old");
        assertThat(read(KEY)).isEqualTo("old");
        return put(KEY, "new");
    }

    /** Returns the end of a log whose newest commit is one row. */
    private static Tip end(long sequence) {
        return new Tip(new CommitIdentity(1, sequence, sequence), sequence, true);
    }

    @Test
    void anyFreshness_servesTheCachedRow_untilALatestRead() {
        keepOld();
        time.addAndGet(Duration.ofDays(1_000).toNanos());
        assertThat(read(KEY, ANY)).isEqualTo("old");
        assertThat(read(KEY, Freshness.latest())).isEqualTo("new");
        assertThat(read(KEY, ANY)).isEqualTo("new");
    }

    @Test
    void age_isExactToTheNanosecond() {
        keepOld();
        // Past the largest number, where such clocks wrap around.
        time.addAndGet(500);
        assertThat(read(KEY, nanos(500))).isEqualTo("old");
        assertThat(read(KEY, nanos(499))).isEqualTo("new");
        put(KEY, "newer");
        assertThat(read(KEY, nanos(0))).isEqualTo("new");
        time.incrementAndGet();
        assertThat(read(KEY, nanos(0))).isEqualTo("newer");
    }

    @Test
    void followedRow_isAsOldAsTheStartOfItsCheck() {
        read(OTHER);
        keepOld();
        underTheLock.set(() -> {
            put(OTHER, "new");
            time.addAndGet(100);
        });
        read(OTHER);
        put(KEY, "newer");
        assertThat(read(KEY, nanos(100))).isEqualTo("new");
        assertThat(read(KEY, nanos(99))).isEqualTo("newer");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void checkWithoutChanges_renewsTheAge(boolean mapped) {
        if (!mapped) {
            goOnUnmapped();
        }
        put(KEY, "old");
        assertThat(read(KEY)).isEqualTo("old");
        time.addAndGet(100);
        read(Key.text("missing"));
        put(KEY, "new");
        time.addAndGet(10);
        assertThat(read(KEY, nanos(10))).isEqualTo("old");
        assertThat(read(KEY, nanos(9))).isEqualTo("new");
    }

    @Test
    void ownCommit_isAsOldAsTheStartOfItsCheck() {
        read(OTHER);
        @Nullable StateToken before = followed();
        VersionRow row = put(KEY, "1");
        time.addAndGet(1_000);
        underTheLock.set(() -> {
            put(OTHER, "new");
            time.addAndGet(100);
        });
        cache.committed(before, end(row.stamp().sequence()), List.of(told(row)));
        assertThat(read(KEY, nanos(100))).isEqualTo("told");
        assertThat(read(OTHER, nanos(100))).isEqualTo("other 19");
        assertThat(read(OTHER, nanos(99))).isEqualTo("new");
    }

    @Test
    void ownCommit_satisfiesItsPosition() {
        @Nullable StateToken before = followed();
        VersionRow row = put(KEY, "1");
        cache.committed(before, end(row.stamp().sequence()), List.of(told(row)));
        put(KEY, "2");
        assertThat(read(KEY, atLeast(row))).isEqualTo("told");
        assertThat(read(KEY)).isEqualTo("2");
    }

    @Test
    void position_isReached_withoutFollowingFurther() {
        VersionRow wanted = keepOld();
        VersionRow other = put(OTHER, "newer");
        assertThat(read(KEY, atLeast(wanted))).isEqualTo("new");
        put(KEY, "newest");
        assertThat(read(KEY, atLeast(wanted))).isEqualTo("new");
        assertThat(read(KEY, atLeast(other))).isEqualTo("new");
        assertThat(read(KEY)).isEqualTo("newest");
    }

    @Test
    void atLeastRead_overtakenAfterLookup_returnsTheNewValue() {
        VersionRow wanted = keepOld();
        afterLookup.set(() -> anotherReads(OTHER));
        assertThat(read(KEY, atLeast(wanted))).isEqualTo("new");
    }

    @Test
    void maxStalenessRead_overtakenAfterLookup_returnsFreshValue() {
        keepOld();
        time.addAndGet(100);
        afterLookup.set(() -> anotherReads(OTHER));
        assertThat(read(KEY, nanos(99))).isEqualTo("new");
    }

    @Test
    void rowNewerThanFollowed_advancesOtherRows() {
        keepOld();
        read(KEY);
        Key<String> late = Key.text("late");
        beforeLoading.set(() -> {
            put(KEY, "newer");
            put(late, "here");
        });
        assertThat(read(late, ANY)).isEqualTo("here");
        assertThat(read(KEY, ANY)).isEqualTo("newer");
    }

    /** The row is cached although it is newer than the followed commits, so the next read returns it again. */
    @Test
    void cachedRowNewerThanFollowed_advancesTheNextRead() {
        keepOld();
        read(KEY);
        Key<String> late = Key.text("late");
        beforeLoading.set(() -> {
            put(KEY, "newer");
            put(late, "here");
        });
        join(others.submit(() -> read(late)));
        assertThat(read(late, ANY)).isEqualTo("here");
        assertThat(read(KEY, nanos(1_000))).isEqualTo("newer");
    }

    @Test
    void moreChangesThanFollowed_leaveNoStaleRows() {
        put(KEY, "old");
        assertThat(read(KEY)).isEqualTo("old");
        WriteBatch many = WriteBatch.of();
        for (int i = 0; i < 1_500; i++) {
            many.put(Key.text("many/" + i), "x");
        }
        assertThat(writer.agent("writer").tryCommit(many.put(KEY, "new"))).isInstanceOf(CommitResult.Applied.class);
        assertThat(read(KEY, ANY)).isEqualTo("old");
        read(OTHER);
        assertThat(read(KEY, ANY)).isEqualTo("new");
    }

    /** In any tick of the clock: the thread that has the lock also checks the path. */
    @ParameterizedTest
    @ValueSource(ints = {0, 60})
    void staleRead_duringALockedUpdate_doesNotWait(int millis) throws InterruptedException {
        put(KEY, "old");
        assertThat(read(KEY)).isEqualTo("old");
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        underTheLock.set(() -> {
            put(KEY, "new");
            locked.countDown();
            awaitQuietly(goOn);
        });
        Future<String> locking = others.submit(() -> read(Key.text("missing")));
        locked.await();
        TimeUnit.MILLISECONDS.sleep(millis);
        try {
            assertThat(join(others.submit(() -> read(KEY, ANY)))).isEqualTo("old");
            assertThat(join(others.submit(() -> read(KEY, nanos(1_000))))).isEqualTo("old");
        } finally {
            goOn.countDown();
        }
        assertThat(join(locking)).isEqualTo("absent");
        assertThat(read(KEY)).isEqualTo("new");
    }

    @ParameterizedTest
    @ValueSource(strings = {"another store", "ahead"})
    void unreachablePosition_isRefused(String why) {
        VersionRow newest = keepOld();
        boolean another = why.equals("another store");
        Position wrong = another
                ? new Position("0".repeat(32), 1)
                : new Position(writer.id(), newest.stamp().sequence() + 1);
        for (Key<String> key : List.of(KEY, OTHER, Key.text("missing"))) {
            assertThatThrownBy(() -> read(key, Freshness.atLeast(wrong)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContainingAll(
                            "The position " + wrong,
                            another
                                    ? "belongs to another store; this store is " + writer.id()
                                    : "ahead of the store, which ends at "
                                            + newest.stamp().sequence());
        }
        put(OTHER, "one more");
        if (!another) {
            assertThat(read(KEY, Freshness.atLeast(wrong))).isEqualTo("new");
        }
    }

    @Test
    void closed_servesNothing() {
        VersionRow row = keepOld();
        assertThat(read(KEY, ANY)).isEqualTo("old");
        cache.close();
        for (Freshness freshness : List.of(ANY, nanos(1_000_000), atLeast(row), Freshness.latest())) {
            assertThatThrownBy(() -> read(KEY, freshness)).isInstanceOf(StoreClosedException.class);
        }
    }
}
