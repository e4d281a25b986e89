package dev.fencepost.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks of a file beside which other processes create and remove a WAL, with their first and last connections. */
class FileChecksRaceTest {
    private static final int ENTRIES = 20_000;

    @TempDir
    Path folder;

    @Test
    void walCreatedAndRemovedByOthers_passesTheChecks() throws Exception {
        Path file = Files.createFile(folder.resolve("a.db")).toRealPath();
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> others = CompletableFuture.runAsync(() -> comeAndGo(folder.resolve("a.db-wal"), over));
        try {
            for (int i = 0; i < ENTRIES; i++) {
                assertThat(FileChecks.check(file, false)).isEqualTo(file);
            }
        } finally {
            over.set(true);
            others.join();
        }
    }

    private static void comeAndGo(Path log, AtomicBoolean over) {
        try {
            while (!over.get()) {
                Files.createFile(log);
                Files.delete(log);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
