package dev.fencepost.internal.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.engine.Engine;
import dev.fencepost.internal.sqlite.SqliteEngine;
import dev.fencepost.internal.sqlite.WalWatcher;
import dev.fencepost.internal.sqlite.WatchServiceFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Notices of commits. No listener polls here, so one without a notice waits in vain. */
@Timeout(60)
class CommitNotifierTest {
    private static final Key<String> KEY = Key.text("key");
    private static final long LONG = TimeUnit.SECONDS.toNanos(20);
    private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int MANY = 2_000;

    @TempDir
    Path folder;

    private Store writer;
    private Engine engine;
    private ReaderPool reads;
    private ReadCache cache;

    @BeforeEach
    void open() {
        StoreConfig config = StoreConfig.of(folder.resolve("a.db"));
        writer = Store.open(config);
        engine = SqliteEngine.open(config);
        HighWaterMark highWater = new HighWaterMark();
        reads = new ReaderPool(engine, highWater);
        cache = new ReadCache(engine, highWater, reads, config);
    }

    @AfterEach
    void close() {
        cache.close();
        reads.close();
        writer.close();
    }

    /** Returns a notifier that hears of writes to these files from the platform. */
    private CommitNotifier hearing(Path log, Path signals) {
        return notifier(log, signals, WatchServiceFactory.of(folder.getFileSystem()));
    }

    private CommitNotifier deaf() {
        return notifier(log(), signals(), () -> {
            throw new IOException("no more watches");
        });
    }

    private CommitNotifier notifier(Path log, Path signals, WatchServiceFactory source) {
        return new CommitNotifier(listener -> new WalWatcher(log, signals, source, engine.changes()::state, listener));
    }

    private Path log() {
        return Path.of(engine.file() + "-wal");
    }

    private Path signals() {
        return Path.of(engine.file() + "-queue");
    }

    private Path unwritten() {
        return Path.of(engine.file() + "-unwritten");
    }

    private CommitNotifier.Listener listen(CommitNotifier bell) {
        return bell.listen(List.of(KEY.name()), () -> cache.latest(KEY.name()).isPresent());
    }

    private static void assumeHearing(CommitNotifier.Listener listener) {
        assumeTrue(listener.hears(), "this platform has no prompt watch service");
    }

    @Test
    void durableCommit_whenVisible_isNotified() throws Exception {
        try (CommitNotifier bell = hearing(unwritten(), signals());
                CommitNotifier.Listener listener = listen(bell)) {
            assumeHearing(listener);
            writer.agent("a").put(KEY, "1").orThrow();
            assertThat(listener.await(LONG)).isTrue();
        }
    }

    @Test
    void commits_areNoticedFromTheWalAlone() throws Exception {
        try (CommitNotifier bell = hearing(log(), unwritten());
                CommitNotifier.Listener listener = listen(bell)) {
            assumeHearing(listener);
            // A single one may be missed if its fsync takes longer than the watcher checks.
            int puts = 0;
            do {
                writer.agent("a").put(KEY, "1").orThrow();
                puts++;
            } while (!listener.await(MOMENT) && puts < MANY);
            assertThat(puts).isLessThan(MANY);
        }
    }

    @Test
    void notifyKeys_withoutWatch_wakesListenersOfTheKeys() throws Exception {
        try (CommitNotifier bell = deaf();
                CommitNotifier.Listener listener = bell.listen(List.of("key"), () -> true);
                CommitNotifier.Listener other = bell.listen(List.of("other"), () -> true);
                CommitNotifier.Listener early = bell.listen(List.of("key"), () -> false)) {
            assertThat(listener.hears()).isFalse();
            bell.notifyKeys(List.of("key", "another"));
            assertThat(listener.await(LONG)).isTrue();
            assertThat(other.await(0)).isFalse();
            assertThat(early.await(0)).isFalse();
        }
    }

    @Test
    void closing_wakesAllListeners() throws Exception {
        CommitNotifier bell = deaf();
        try (CommitNotifier.Listener listener = bell.listen(List.of("key"), () -> false)) {
            bell.close();
            assertThat(listener.await(LONG)).isTrue();
        }
    }
}
