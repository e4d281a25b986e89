package dev.fencepost.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.internal.engine.CommitSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The checks that the watcher makes after writes to each of its two files. No commit is made; a token takes its place. */
@Timeout(60)
class WalWatcherTest {
    private static final int SEVERAL = 5;

    @TempDir
    Path folder;

    private final AtomicReference<String> state = new AtomicReference<>("first");
    private final AtomicReference<String> checked = new AtomicReference<>("");
    private final AtomicInteger checks = new AtomicInteger();
    private Path log;
    private Path signals;
    private WalWatcher watcher;

    @BeforeEach
    void begin() throws IOException {
        log = Files.createFile(folder.resolve("a.db-wal"));
        signals = Files.createFile(folder.resolve("a.db-queue"));
        watcher = new WalWatcher(
                log, signals, WatchServiceFactory.of(folder.getFileSystem()), state::get, new CommitSignal.Listener() {
                    @Override
                    public boolean signalled() {
                        checked.set(state.get());
                        checks.incrementAndGet();
                        return false;
                    }

                    @Override
                    public boolean isWaiting() {
                        return true;
                    }
                });
        assumeTrue(watcher.begin(), "this platform has no prompt watch service");
    }

    @AfterEach
    void end() {
        watcher.close();
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "x");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void writeToTheLog_beforeItsCommit_preparesTheCheck() {
        // The first check is made in any case, since no state was seen before.
        while (checks.get() < SEVERAL) {
            write(log);
        }
        assertThat(checked.get()).isEqualTo("first");
    }

    @Test
    void signal_afterCommit_isChecked() {
        for (int i = 0; i < SEVERAL; i++) {
            state.set("next " + i);
            write(signals);
            while (!checked.get().equals(state.get())) {
                Thread.onSpinWait();
            }
        }
    }
}
