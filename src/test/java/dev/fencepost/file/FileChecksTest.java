package dev.fencepost.file;

import static dev.fencepost.file.FolderSnapshot.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.internal.sqlite.Schema;
import dev.fencepost.testing.ExternalProgram;
import dev.fencepost.testing.StoreTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are no store, or no trustworthy one. Each is refused with one typed error, and left unchanged. */
class FileChecksTest extends StoreTest {
    private void makeStore() {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(Key.text("a"), "1").orThrow();
        }
    }

    @Test
    void folderMissing_isRefused() {
        Path missing = folder.resolve("no/such/a.db");
        assertRefused(missing, Reason.NO_FOLDER, "'" + folder + "/no/such' does not exist", "Create it");
        assertThat(FolderSnapshot.names(folder)).isEmpty();
    }

    @Test
    void folder_isRefused() throws IOException {
        Files.createDirectory(file);
        assertRefused(file, Reason.NOT_A_FILE, "'" + file + "' is a folder or a device", "Give the path of a file");
        assertRefused(file.resolve("."), Reason.NOT_A_FILE, "Give the path of a file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/dev/null", "/dev/zero"})
    void rootAndDevices_areRefused(String path) {
        FolderSnapshot.assertRefusedAt(Path.of(path), Reason.NOT_A_FILE, "Give the path of a file");
    }

    @Test
    void pipe_isRefusedWithoutWaitingForIt() throws Exception {
        ExternalProgram.output("mkfifo", file.toString());
        assertRefused(file, Reason.NOT_A_FILE, "'" + file + "' is a folder or a device");
    }

    @Test
    void linkToNothing_isRefused() throws IOException {
        Files.createSymbolicLink(file, folder.resolve("nothing.db"));
        assertRefused(file, Reason.NOT_A_FILE, "is a symbolic link to a missing file", "Remove it");
    }

    @Test
    void text_isRefused() throws IOException {
        Files.writeString(file, "Dear diary,\n".repeat(1_000));
        assertRefused(file, Reason.NOT_A_DATABASE, "not a SQLite database", "Give the path of a store");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 99, 100, 511, 4_096, 100_000})
    void randomBytes_areRefused(int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        Files.write(file, bytes);
        assertRefused(file, Reason.NOT_A_DATABASE, "not a SQLite database");
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 100, 511, 512, 4_096})
    void nothingButAHeader_isRefused(int length) throws IOException {
        byte[] header = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
        Files.write(file, Arrays.copyOf(header, length));
        assertRefused(file, Reason.NOT_A_DATABASE, "not a SQLite database");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE", "TRUNCATE", "PERSIST", "WAL"})
    void anothersDatabase_isRefused(String mode) throws Exception {
        try (Connection other = SqlShell.connect(file);
                Statement statement = other.createStatement()) {
            statement.execute("PRAGMA journal_mode = " + mode);
            statement.execute("CREATE TABLE t (x)");
            statement.execute("INSERT INTO t VALUES (1)");
            assertRefused(file, Reason.NOT_A_STORE, "not a store", "was not changed");
        }
        assertRefused(file, Reason.NOT_A_STORE, "not a store", "was not changed");
    }

    @Test
    void anothersDatabaseInUse_isRefusedWithoutWaiting() throws Exception {
        try (Connection other = SqlShell.connect(file);
                Statement statement = other.createStatement()) {
            statement.execute("CREATE TABLE t (x)");
            statement.execute("BEGIN EXCLUSIVE");
            statement.execute("INSERT INTO t VALUES (1)");
            assertRefused(file, Reason.NOT_A_STORE, "not a store");
        }
    }

    @Test
    void storeWithoutItsMark_isRefused() {
        makeStore();
        assertThat(SqlShell.JDBC.run(file, "PRAGMA application_id = 0")).isEmpty();
        assertRefused(file, Reason.NOT_A_STORE, "not a store");
    }

    @Test
    void newerSchema_isRefusedUntouched() {
        makeStore();
        assertThat(SqlShell.JDBC.run(file, "PRAGMA user_version = 99")).isEmpty();
        assertRefused(
                file,
                Reason.NEWER_SCHEMA,
                "The file has schema version 99",
                "up to " + Schema.SHIPPED.migrations().size(),
                "Use a newer version");
    }

    @Test
    void newerSchemaInTheLogOnly_isRefused() throws Exception {
        makeStore();
        try (Connection other = SqlShell.connect(file);
                Statement statement = other.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
            assertRefused(file, Reason.NEWER_SCHEMA, "The file has schema version 99", "Use a newer version");
        }
    }

    @Test
    void impossibleSchema_isRefused() {
        makeStore();
        assertThat(SqlShell.JDBC.run(file, "PRAGMA user_version = -3")).isEmpty();
        assertRefused(file, Reason.DAMAGED, "schema -3 is unknown");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            trigger log_immutable is missing           | DROP TRIGGER log_immutable
            trigger log_no_delete is missing           | DROP TRIGGER log_no_delete
            index log_every_fourth_version is missing   | DROP INDEX log_every_fourth_version
            view commits is altered                | DROP VIEW commits; CREATE VIEW commits AS SELECT id AS sequence, process, process_commit_number, agent, committed_at, remaining AS version_count, event_count FROM log
            view versions is missing               | DROP VIEW versions
            view current_values is missing                | DROP VIEW current_values
            table claim_requests is missing               | DROP TABLE claim_requests
            index claim_request_keys_by_request is missing | DROP INDEX claim_request_keys_by_request
            trigger keys_no_delete is altered           | DROP TRIGGER keys_no_delete; CREATE TRIGGER keys_no_delete BEFORE DELETE ON keys BEGIN SELECT 1; END
            view active_claims is altered                 | DROP VIEW active_claims; CREATE VIEW active_claims AS SELECT load_extension('evil') AS key
            table keys is altered                  | ALTER TABLE keys ADD COLUMN note TEXT
            table processes is missing             | ALTER TABLE processes RENAME TO history2
            trigger spy on log is unexpected       | CREATE TRIGGER spy AFTER INSERT ON log BEGIN DELETE FROM claim_requests; END
            index spy on log is unexpected         | CREATE UNIQUE INDEX spy ON log (key_id, version, id)
            trigger sqlite_spy on keys is unexpected | CREATE TRIGGER spy AFTER INSERT ON keys BEGIN SELECT 1; END; PRAGMA writable_schema = ON; UPDATE sqlite_schema SET name = 'sqlite_spy', sql = replace(sql, 'spy', 'sqlite_spy') WHERE name = 'spy'
            trigger spy on keys is unexpected      | CREATE TRIGGER spy AFTER INSERT ON keys BEGIN SELECT 1; END; PRAGMA writable_schema = ON; UPDATE sqlite_schema SET type = 'TRIGGER' WHERE name = 'spy'
            """)
    void tamperedSchema_isRefused(String words, String damage) {
        makeStore();
        tamper(damage);
        assertRefused(file, Reason.DAMAGED, words, "Restore a backup");
    }

    private void tamper(String damage) {
        assertThat(SqlShell.JDBC.run(file, Arrays.asList(damage.split("; (?!END|SELECT)", -1))))
                .isEmpty();
    }

    @Test
    void tablesAndViewsOfOthers_areLetBe() {
        makeStore();
        tamper("CREATE TABLE notes (x); CREATE VIEW spy AS SELECT load_extension('evil') FROM keys; ANALYZE");
        try (Store store = Store.open(file)) {
            assertThat(store.get(Key.text("a"))).isPresent();
            assertThat(store.check().findings()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "the first page",
                "CREATE TABLE keys",
                "versions step by one",
                "INSTEAD OF DELETE ON active_claims"
            })
    void flippedBytesInTheSchema_areRefused(String where) throws IOException {
        makeStore();
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        // Pages also have remains of what was on them before.
        for (int at = text.indexOf(where); at >= 0; at = text.indexOf(where, at + 1)) {
            flip(bytes, at);
        }
        if (!text.contains(where)) {
            flip(bytes, 100);
        }
        Files.write(file, bytes);
        assertRefused(file, Reason.DAMAGED, "estore a backup");
    }

    private static void flip(byte[] bytes, int from) {
        for (int i = from; i < from + 8; i++) {
            bytes[i] ^= 0x15;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void truncated_isRefused(int pages) throws IOException {
        makeStore();
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, pages * 4_096));
        assertRefused(file, Reason.DAMAGED, "estore a backup");
    }
}
