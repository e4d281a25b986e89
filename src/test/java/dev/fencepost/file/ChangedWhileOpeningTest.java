package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencepostException;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that another program removes, empties or replaces while a store is opened. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChangedWhileOpeningTest {
    private static final int ROUNDS = 300;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"missing", "empty"})
    void openingWithoutCreation_ofNoStore_isRefusedUntouched(String what) throws IOException {
        Path file = folder.resolve("s.db");
        if (what.equals("empty")) {
            Files.createFile(file);
        }
        assertThatThrownBy(() -> Store.open(StoreConfig.of(file).withCreation(false)))
                .isInstanceOfSatisfying(
                        UnusableStoreException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.NO_STORE))
                .hasMessageContaining(file.toString());
        assertThat(Files.exists(file)).isEqualTo(what.equals("empty"));
        assertThat(folder.toFile().list()).hasSize(what.equals("empty") ? 1 : 0);
    }

    @Test
    void openingWithoutCreation_ofAStore_serves() {
        Path file = folder.resolve("s.db");
        Store.open(file).close();
        try (Store store = Store.open(StoreConfig.of(file).withCreation(false))) {
            assertThat(store.get(Key.text("a"))).isEmpty();
        }
    }

    /** Another program creates its own database again and again, and a store is opened in each of its states. */
    @Test
    void foreignDatabase_replacedDuringOpening_staysUntouched() throws Exception {
        Path file = folder.resolve("theirs.db");
        Path next = folder.resolve("next.db");
        Path store = folder.resolve("store.db");
        Store.open(store).close();
        Path copy = folder.resolve("copy.db");
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Future<?> opening = executor.submit(() -> {
                while (!done.get()) {
                    try (Store opened = Store.open(StoreConfig.of(file).withCreation(false))) {
                        opened.get(Key.text("a"));
                    } catch (FencepostException e) {
                        // Most states are refused.
                        assertThat(e.code()).isIn("refused", "failed", "busy");
                    }
                }
            });
            for (int round = 0; round < ROUNDS; round++) {
                Files.deleteIfExists(next);
                SqlShell.JDBC.run(next, "CREATE TABLE theirs (x)");
                Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                assertThat(FileDump.query(file, "SELECT group_concat(name) FROM sqlite_schema"))
                        .containsExactly("theirs");
                assertThat(FileDump.query(file, "PRAGMA journal_mode")).containsExactly("delete");
                Files.copy(store, copy, StandardCopyOption.REPLACE_EXISTING);
                Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                Files.delete(file);
                assertNothingCreated(file);
            }
            done.set(true);
            opening.get(60, TimeUnit.SECONDS);
        } finally {
            done.set(true);
            executor.shutdownNow();
        }
    }

    private static void assertNothingCreated(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
        assertThat(Files.size(file)).isZero();
    }
}
