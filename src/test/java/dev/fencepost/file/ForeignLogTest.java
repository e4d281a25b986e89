package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.BackupOptions;
import dev.fencepost.Key;
import dev.fencepost.RestoreOptions;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.testing.StoreTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file beside the WAL of another file. */
class ForeignLogTest extends StoreTest {
    private static final Key<String> A = Key.text("a");
    private static final EventStream<String> EVENTS = EventStream.text("events");
    private static final byte[] HOT_JOURNAL = {
        (byte) 0xd9, (byte) 0xd5, 0x05, (byte) 0xf9, 0x20, (byte) 0xa1, 0x63, (byte) 0xd7, 0, 0, 0, 0, 0, 0, 0, 0
    };

    private Path old = Path.of("");

    @BeforeEach
    void name() {
        old = folder.resolve("old.db");
    }

    /** A way to save an older state of a store. */
    enum Kept {
        /** By this library, while the store is in use. */
        BACKUP,
        /** By SQLite's online backup, while the store is in use. */
        ONLINE,
        /** By SQLite, compacted, while the store is in use. */
        VACUUM,
        /** As a file, while the store was closed, before it was opened and closed again. */
        FILE;

        void keep(Store store, Path to) throws IOException, SQLException {
            Path from = store.file();
            if (this == BACKUP) {
                store.backup(to, BackupOptions.defaults());
            } else if (this == FILE) {
                store.close();
                Files.copy(from, to);
            } else {
                try (Connection connection = SqlShell.connect(from);
                        Statement statement = connection.createStatement()) {
                    statement.executeUpdate((this == ONLINE ? "backup to " : "VACUUM INTO ") + "'" + to + "'");
                }
            }
        }
    }

    private static Path log(Path file) {
        return Path.of(file + "-wal");
    }

    private static void put(Store store, int from, int to) {
        for (int i = from; i < to; i++) {
            store.agent("planner").put(Key.text("k" + i), "value " + i).orThrow();
            store.agent("planner").append(EVENTS, NewEvent.of("event " + i));
        }
    }

    /** Copies a store in use together with its WAL, as if its processes were killed at this moment. */
    private static void kill(Path from, Path to) throws IOException {
        Copies.outside(from, to);
        Copies.outside(log(from), log(to));
    }

    private static void assertRefused(Path file) throws IOException {
        byte[] before = Files.readAllBytes(file);
        byte[] logBefore = Files.readAllBytes(log(file));
        assertThatThrownBy(() -> Store.open(file))
                .isInstanceOfSatisfying(
                        UnusableStoreException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.FOREIGN_LOG))
                .hasMessageContaining("fencepost restore");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(Files.readAllBytes(log(file))).isEqualTo(logBefore);
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("try") // closing it is what is tested
    void olderFile_movedBesideALaterLog_refusedUntilRestored(Kept kept) throws IOException, SQLException {
        Path killed = Files.createDirectory(folder.resolve("killed")).resolve("a.db");
        try (Store store = Store.open(file)) {
            put(store, 0, 50);
            kept.keep(store, old);
        }
        try (Store store = Store.open(file)) {
            put(store, 50, 100);
            if (kept == Kept.FILE) {
                store.close();
            }
        }
        try (Store store = Store.open(file)) {
            put(store, 100, 150);
            kill(file, killed);
        }
        Path backup = folder.resolve("backup.db");
        Files.copy(old, backup);
        Files.move(old, killed, StandardCopyOption.REPLACE_EXISTING);
        // The original is gone, so only the WAL can cause the refusal.
        Files.delete(file);
        assertRefused(killed);
        Store.restore(StoreConfig.of(killed), backup, RestoreOptions.by("operator"));
        try (Store store = Store.open(killed)) {
            assertThat(store.get(Key.text("k49"))).isPresent();
            assertThat(store.get(Key.text("k50"))).isEmpty();
            assertThat(store.check().findings()).isEmpty();
        }
    }

    @Test
    void logOfAnotherStore_refused_andOwnLogServed() throws IOException {
        Path other = folder.resolve("b.db");
        Path killed = folder.resolve("killed.db");
        try (Store store = Store.open(file);
                Store stranger = Store.open(other)) {
            put(store, 0, 20);
            put(stranger, 0, 30);
            kill(file, killed);
            Files.copy(log(other), folder.resolve("swapped"));
        }
        Files.delete(file);
        Files.move(log(killed), folder.resolve("own"));
        Files.move(folder.resolve("swapped"), log(killed));
        assertRefused(killed);
        Files.move(folder.resolve("own"), log(killed), StandardCopyOption.REPLACE_EXISTING);
        try (Store store = Store.open(killed)) {
            assertThat(store.get(Key.text("k19"))).isPresent();
            assertThat(store.check().findings()).isEmpty();
        }
    }

    @Test
    void logOfABranchedHistory_refused() throws IOException {
        Path branch = folder.resolve("branch.db");
        try (Store store = Store.open(file)) {
            put(store, 0, 20);
        }
        Files.copy(file, branch);
        Files.move(file, old);
        Path killed = folder.resolve("killed.db");
        try (Store store = Store.open(branch)) {
            put(store, 20, 60);
            kill(branch, killed);
        }
        Files.delete(branch);
        try (Store store = Store.open(old)) {
            put(store, 20, 40);
        }
        Files.move(old, killed, StandardCopyOption.REPLACE_EXISTING);
        assertRefused(killed);
    }

    @Test
    void olderLog_besideALaterFile_refused() throws IOException {
        Path killed = folder.resolve("killed.db");
        try (Store store = Store.open(file)) {
            put(store, 0, 20);
            kill(file, killed);
            put(store, 20, 40);
        }
        Files.move(file, killed, StandardCopyOption.REPLACE_EXISTING);
        assertRefused(killed);
    }

    @Test
    void journalBesideALog_refused() throws IOException {
        Path killed = folder.resolve("killed.db");
        try (Store store = Store.open(file)) {
            put(store, 0, 20);
            kill(file, killed);
        }
        Files.delete(file);
        Path journal = Path.of(killed + "-journal");
        Files.write(journal, HOT_JOURNAL);
        assertRefused(killed);
        Files.delete(journal);
        Store.open(killed).close();
    }

    /** An incomplete checkpoint, because of a reader or a kill, leaves old and new pages in the file. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void partOfTheLogInTheFile_served(boolean pruned) throws IOException, SQLException {
        Path killed = folder.resolve("killed.db");
        try (Store store = Store.open(file);
                Connection reader = SqlShell.connect(file);
                Statement reading = reader.createStatement()) {
            put(store, 0, 200);
            for (int i = 0; i < 200; i++) {
                store.agent("planner").put(A, "x".repeat(2_000) + i).orThrow();
            }
            reader.setAutoCommit(false);
            try (ResultSet seen = reading.executeQuery("SELECT count(*) FROM versions")) {
                assertThat(seen.next()).isTrue();
            }
            if (pruned) {
                assertThat(SqlShell.JDBC.run(file, "INSERT INTO prunes (key, oldest_version) VALUES ('a', 190)"))
                        .isEmpty();
            }
            put(store, 200, 400);
            assertThat(SqlShell.JDBC.run(file, "PRAGMA wal_checkpoint(PASSIVE)"))
                    .isEmpty();
            kill(file, killed);
            try (Store second = Store.open(file)) {
                assertThat(second.get(Key.text("k399"))).isPresent();
            }
        }
        Files.delete(file);
        try (Store store = Store.open(killed)) {
            assertThat(store.get(Key.text("k399"))).isPresent();
            assertThat(store.check().findings()).isEmpty();
        }
    }

    @Test
    void staleIndexOfAnotherLog_served() throws IOException {
        Path killed = folder.resolve("killed.db");
        try (Store store = Store.open(file)) {
            put(store, 0, 20);
            Copies.outside(Path.of(file + "-shm"), Path.of(killed + "-shm"));
            put(store, 20, 40);
            kill(file, killed);
        }
        Files.delete(file);
        try (Store store = Store.open(killed)) {
            assertThat(store.get(Key.text("k39"))).isPresent();
        }
    }

    @Test
    void backupMovedUnderARunningWriter_refusedForNewcomers() throws IOException {
        StoreConfig config = StoreConfig.of(file).withWriteLockTimeout(Duration.ofMillis(100));
        try (StoreProcess child = new StoreProcess(file)) {
            child.ask("1");
            try (Store store = Store.open(file)) {
                put(store, 0, 20);
                store.backup(old, BackupOptions.defaults());
            }
            child.ask("2");
            Files.move(old, file, StandardCopyOption.REPLACE_EXISTING);
            assertThatThrownBy(() -> Store.open(config)).isInstanceOf(UnusableStoreException.class);
            assertThat(child.ask("get")).contains("replaced");
        }
    }
}
