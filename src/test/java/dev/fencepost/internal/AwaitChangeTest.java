package dev.fencepost.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.Change;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.SqlPrompt;
import dev.fencepost.Store;
import dev.fencepost.StoreClosedException;
import dev.fencepost.StoreConfig;
import dev.fencepost.WaitInterruptedException;
import dev.fencepost.internal.commit.ProtocolTrace;
import dev.fencepost.internal.sqlite.SqliteEngine;
import dev.fencepost.internal.sqlite.WatchServiceFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Waits for a newer version, with and without a platform that reports writes. */
@Timeout(60)
class AwaitChangeTest {
    private static final Key<String> KEY = Key.text("plan");
    private static final Key<String> OTHER = Key.text("other");
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private final List<Store> open = new ArrayList<>();

    /** The source of notices that the WAL was written. */
    enum Notice {
        OF_THE_PLATFORM,
        NONE,
        /** Notices that the system stopped. */
        LOST;

        WatchServiceFactory source(Path folder) {
            WatchServiceFactory platform = WatchServiceFactory.of(folder.getFileSystem());
            return switch (this) {
                case OF_THE_PLATFORM -> platform;
                case NONE ->
                    () -> {
                        throw new IOException("no more watches");
                    };
                case LOST ->
                    () -> {
                        var service = platform.open();
                        service.close();
                        return service;
                    };
            };
        }
    }

    private Store open(Notice notice) {
        Store store = DefaultStore.open(
                StoreConfig.of(folder.resolve("a.db")),
                config -> SqliteEngine.open(config, notice.source(folder)),
                ProtocolTrace.Factory.NONE);
        open.add(store);
        return store;
    }

    private Store open() {
        return open(Notice.OF_THE_PLATFORM);
    }

    @AfterEach
    void closeAll() {
        open.forEach(Store::close);
    }

    @Test
    void existingVersion_isReturnedWithoutWaiting() {
        Store store = open();
        store.agent("a").put(KEY, "1").orThrow();
        store.agent("a").put(KEY, "2").orThrow();
        assertThat(store.awaitChange(KEY, 0, Duration.ZERO)).hasValueSatisfying(change -> {
            assertThat(change.stamp().version()).isEqualTo(2);
            assertThat(change.value()).contains("2");
        });
        assertThat(store.awaitChange(KEY, 1, LONG)).isPresent();
    }

    @Test
    void noNewerVersion_afterTheTimeout_isEmpty() {
        Store store = open();
        assertThat(store.awaitChange(KEY, 0, Duration.ZERO)).isEmpty();
        assertThat(store.awaitChange(KEY, 0, Duration.ofMillis(20))).isEmpty();
        store.agent("a").put(KEY, "1").orThrow();
        assertThat(store.awaitChange(KEY, 1, Duration.ofMillis(20))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Notice.class)
    void aCommitThroughAnotherStore_endsTheWait(Notice notice) throws Exception {
        Store waiting = open(notice);
        Agent writer = open().agent("writer");
        long known = 0;
        for (int i = 0; i < 20; i++) {
            FutureTask<Optional<Change<String>>> change = whileWaiting(waiting, known);
            known = writer.put(KEY, "value " + i).orThrow().version();
            assertThat(change.get().orElseThrow().value()).contains("value " + i);
        }
    }

    @Test
    void aCommitThroughTheSameStore_endsTheWait() throws Exception {
        Store store = open();
        FutureTask<Optional<Change<String>>> change = whileWaiting(store, 0);
        store.agent("a").put(KEY, "1").orThrow();
        assertThat(change.get()).isPresent();
    }

    @Test
    void anEditAtASqlPrompt_endsTheWait() throws Exception {
        Store store = open();
        store.agent("a").put(KEY, "1").orThrow();
        FutureTask<Optional<Change<String>>> change = whileWaiting(store, 1);
        SqlPrompt.run(folder.resolve("a.db"), "UPDATE current_values SET value = 'by hand' WHERE key = 'plan'");
        assertThat(change.get().orElseThrow().value()).contains("by hand");
    }

    @Test
    void aDeletion_isAVersionToo() throws Exception {
        Store store = open();
        store.agent("a").put(KEY, "1").orThrow();
        FutureTask<Optional<Change<String>>> change = whileWaiting(store, 1);
        open().agent("b").delete(KEY).orThrow();
        assertThat(change.get().orElseThrow()).satisfies(tombstone -> {
            assertThat(tombstone.stamp().version()).isEqualTo(2);
            assertThat(tombstone.value()).isEmpty();
        });
    }

    /** There are more writes than notices. The waiter then checks, and misses nothing. */
    @ParameterizedTest
    @EnumSource(Notice.class)
    void aCommitAmongManyToOtherKeys_endsTheWait(Notice notice) throws Exception {
        Store waiting = open(notice);
        Agent writer = open().agent("writer");
        AtomicBoolean enough = new AtomicBoolean();
        FutureTask<Long> noise = inBackground(() -> {
            long written = 0;
            while (!enough.get()) {
                written = writer.put(OTHER, "noise").orThrow().version();
            }
            return written;
        });
        long known = 0;
        while (known < 20) {
            FutureTask<Optional<Change<String>>> change = whileWaiting(waiting, known);
            known = writer.put(KEY, "signal").orThrow().version();
            assertThat(change.get().orElseThrow().stamp().version()).isEqualTo(known);
        }
        enough.set(true);
        assertThat(noise.get()).isPositive();
    }

    @Test
    void manyCanWait_eachForAKeyOfItsOwn() throws Exception {
        Store store = open();
        List<FutureTask<Optional<Change<String>>>> changes = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Key<String> key = Key.text("key/" + i);
            changes.add(inBackground(() -> store.awaitChange(key, 0, LONG)));
        }
        Agent writer = open().agent("writer");
        for (int i = 49; i >= 0; i--) {
            writer.put(Key.text("key/" + i), "" + i).orThrow();
            assertThat(changes.get(i).get().orElseThrow().value()).contains("" + i);
        }
    }

    @Test
    void closingStore_endsTheWait() throws Exception {
        Store store = open();
        FutureTask<Optional<Change<String>>> change = whileWaiting(store, 0);
        store.close();
        assertThatThrownBy(change::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(StoreClosedException.class);
    }

    @Test
    void anInterruptedThread_waitsNoLonger() throws Exception {
        Store store = open();
        FutureTask<Optional<Change<String>>> change = new FutureTask<>(() -> store.awaitChange(KEY, 0, LONG));
        Thread thread = new Thread(change);
        thread.start();
        thread.interrupt();
        assertThatThrownBy(change::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(WaitInterruptedException.class);
    }

    @Test
    void invalidVersionOrTimeout_isRefused() {
        Store store = open();
        assertThatThrownBy(() -> store.awaitChange(KEY, -1, LONG))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> store.awaitChange(KEY, 0, Duration.ofMillis(-1)))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> store.awaitChange(KEY, 0, Duration.ofHours(2)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("PT1H");
    }

    /** Starts to wait in a new thread, and returns when that thread is asleep. */
    private static FutureTask<Optional<Change<String>>> whileWaiting(Store store, long known) {
        FutureTask<Optional<Change<String>>> change = new FutureTask<>(() -> store.awaitChange(KEY, known, LONG));
        Thread thread = new Thread(change);
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING && thread.getState() != Thread.State.TERMINATED) {
            Thread.onSpinWait();
        }
        return change;
    }

    private static <T> FutureTask<T> inBackground(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        new Thread(task).start();
        return task;
    }
}
