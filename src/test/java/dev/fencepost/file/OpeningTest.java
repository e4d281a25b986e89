package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.Freshness;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.Versioned;
import dev.fencepost.testing.StoreTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The creation of a file, the names by which it is found, and its removal while it is open. */
class OpeningTest extends StoreTest {
    private static final Key<String> A = Key.text("a");
    /** The offsets of two numbers in the first page, and the application ID 'FNCP' in ASCII. */
    private static final int VERSION_AT = 60;

    private static final int APPLICATION_AT = 68;
    private static final int APPLICATION_ID = 0x464E4350;

    private String makeStore() {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "1").orThrow();
            return store.id();
        }
    }

    @Test
    void emptyFile_becomesAStore() throws IOException {
        Files.createFile(file);
        makeStore();
        try (Store store = Store.open(file)) {
            assertThat(store.get(A)).isPresent();
            assertThat(store.check().findings()).isEmpty();
        }
    }

    /** A reader of an old snapshot makes a checkpoint partial. The file can then be shorter than its header says. */
    @Test
    void fileAfterPartialCheckpoint_isServed() throws Exception {
        try (Store store = Store.open(file);
                Connection reader = SqlShell.connect(file);
                Statement reading = reader.createStatement()) {
            Agent agent = store.agent("planner");
            long pages = pages(reading);
            while (pages(reading) == pages) {
                agent.put(A, "x".repeat(100)).orThrow();
            }
            reader.setAutoCommit(false);
            pages = pages(reading);
            agent.put(A, "rewrites the last page").orThrow();
            assertThat(SqlShell.JDBC.run(file, "PRAGMA wal_checkpoint(PASSIVE)"))
                    .isEmpty();
            assertThat(Files.size(file)).isLessThan(pages * 4096);
            try (Store second = Store.open(file)) {
                assertThat(second.get(A).orElseThrow().value()).isEqualTo("rewrites the last page");
            }
        }
    }

    private static long pages(Statement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery("PRAGMA page_count")) {
            return result.getLong(1);
        }
    }

    @Test
    void interruptedCreation_isRepeated() throws Exception {
        Path other = folder.resolve("cut.db");
        try (Connection connection = SqlShell.connect(file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA cache_size = 2");
            statement.execute("BEGIN EXCLUSIVE");
            statement.execute("CREATE TABLE t (x)");
            statement.execute("INSERT INTO t SELECT randomblob(100000)");
            assertThat(Files.size(file)).isPositive();
            for (String suffix : List.of("", "-journal")) {
                copy(Path.of(file + suffix), Path.of(other + suffix));
            }
        }
        try (Store store = Store.open(other)) {
            assertThat(store.agent("planner").tryPut(A, "1").isCommitted()).isTrue();
            assertThat(store.check().findings()).isEmpty();
        }
        assertThat(FolderSnapshot.names(folder)).doesNotContain("cut.db-journal");
    }

    /** Killed after its first step, which sets the vacuum mode. */
    @Test
    void creation_killedAfterItsFirstStep_isRepeated() throws Exception {
        Path begun = folder.resolve("begun.db");
        try (Connection connection = SqlShell.connect(begun);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
        }
        assertThat(Files.size(begun)).isPositive();
        try (Store store = Store.open(begun)) {
            assertThat(store.agent("planner").tryPut(A, "1").isCommitted()).isTrue();
            assertThat(store.check().findings()).isEmpty();
        }
    }

    /** Killed while the tables are written. A journal rolls them back; the first page may be written or not. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void creation_killedWhileWritingTables_isRepeated(boolean firstPageIsWritten) throws Exception {
        Path cut = folder.resolve("cut.db");
        try (Connection connection = SqlShell.connect(file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
            long begun = Files.size(file);
            statement.execute("PRAGMA cache_size = 2");
            statement.execute("BEGIN EXCLUSIVE");
            statement.execute("CREATE TABLE t (x)");
            statement.execute("INSERT INTO t SELECT randomblob(100000)");
            assertThat(Files.size(file)).isGreaterThan(begun);
            for (String suffix : List.of("", "-journal")) {
                copy(Path.of(file + suffix), Path.of(cut + suffix));
            }
        }
        if (firstPageIsWritten) {
            try (FileChannel channel = FileChannel.open(cut, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(4).putInt(0, 4), VERSION_AT);
                channel.write(ByteBuffer.allocate(4).putInt(0, APPLICATION_ID), APPLICATION_AT);
            }
        }
        try (Store store = Store.open(cut)) {
            assertThat(store.agent("planner").tryPut(A, "1").isCommitted()).isTrue();
            assertThat(store.check().findings()).isEmpty();
        }
        assertThat(FolderSnapshot.names(folder)).doesNotContain("cut.db-journal");
    }

    /** The file of another program, which set its application ID before it created a table. */
    @Test
    void unfinishedForeignFile_isRefusedUntouched() throws Exception {
        Path cut = folder.resolve("cut.db");
        try (Connection connection = SqlShell.connect(file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA application_id = 7");
            statement.execute("PRAGMA cache_size = 2");
            statement.execute("BEGIN EXCLUSIVE");
            statement.execute("CREATE TABLE t (x)");
            statement.execute("INSERT INTO t SELECT randomblob(100000)");
            for (String suffix : List.of("", "-journal")) {
                copy(Path.of(file + suffix), Path.of(cut + suffix));
            }
        }
        assertThatThrownBy(() -> Store.open(cut))
                .isInstanceOfSatisfying(
                        UnusableStoreException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.NOT_A_STORE));
        try (Connection connection = SqlShell.connect(cut);
                Statement statement = connection.createStatement();
                ResultSet application = statement.executeQuery("PRAGMA application_id")) {
            assertThat(application.getInt(1)).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void eightAtOnce_createOneStore(int round) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        CyclicBarrier together = new CyclicBarrier(8);
        List<Future<String>> ids = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Key<String> key = Key.text("by/" + i);
            ids.add(threads.submit(() -> {
                together.await();
                try (Store store = Store.open(folder.resolve(round + ".db"))) {
                    store.agent("planner").put(key, "1").orThrow();
                    return store.id();
                }
            }));
        }
        List<String> found = new ArrayList<>();
        for (Future<String> id : ids) {
            found.add(id.get());
        }
        threads.shutdown();
        assertThat(found).containsOnly(found.get(0));
        try (Store store = Store.open(folder.resolve(round + ".db"))) {
            assertThat(store.list(Prefix.text("by/"))).hasSize(8);
            assertThat(store.check().findings()).isEmpty();
        }
    }

    @Test
    void files_areReadableByTheOwnerOnly() throws IOException {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "1").orThrow();
            assertThat(FolderSnapshot.names(folder)).containsExactly("a.db", "a.db-queue", "a.db-shm", "a.db-wal");
            for (String name : FolderSnapshot.names(folder)) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
                        .as(name)
                        .isEqualTo("rw-------");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "with space",
                "100%",
                "%20",
                "a?b",
                "a?mode=ro",
                "#hash",
                "ümläut",
                "日本",
                "😀",
                "it's",
                "\"quoted\"",
                "a;b",
                "a&immutable=1",
                "back\\slash",
                "-dash",
                ":memory:",
                "file:x",
                "new\nline"
            })
    void oddNames_areOnlyNames(String name) throws IOException {
        Path odd = Files.createDirectory(folder.resolve(name)).resolve(name);
        String id;
        try (Store store = Store.open(odd)) {
            store.agent("planner").put(A, name.replace("\n", " ")).orThrow();
            id = store.id();
            assertThat(FolderSnapshot.names(odd.getParent()))
                    .containsExactlyInAnyOrder(name, name + "-shm", name + "-wal", name + "-queue");
        }
        assertThat(FolderSnapshot.names(odd.getParent())).containsExactly(name);
        try (Store store = Store.open(odd)) {
            assertThat(store.id()).isEqualTo(id);
            assertThat(store.get(A)).isPresent();
        }
    }

    @Test
    void symbolicLinks_shareOneLog() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real")).resolve("a.db");
        Path viaFolder = Files.createSymbolicLink(folder.resolve("link"), real.getParent())
                .resolve("a.db");
        Path viaFile = folder.resolve("b.db");
        try (Store one = Store.open(viaFolder)) {
            one.agent("planner").put(A, "1").orThrow();
            Files.createSymbolicLink(viaFile, real);
            try (Store two = Store.open(viaFile)) {
                assertThat(two.id()).isEqualTo(one.id());
                assertThat(two.file()).isEqualTo(real.toRealPath());
                two.agent("planner").put(A, "2").orThrow();
                assertThat(one.get(A).orElseThrow().value()).isEqualTo("2");
            }
        }
        assertThat(FolderSnapshot.names(folder)).containsExactly("b.db", "link", "real");
        assertThat(FolderSnapshot.names(real.getParent())).containsExactly("a.db");
    }

    @Test
    void hardLinks_areRefused() throws IOException {
        makeStore();
        Files.createLink(folder.resolve("b.db"), file);
        FolderSnapshot.assertRefused(file, Reason.SEVERAL_NAMES, "several names", "Remove all names but one");
        FolderSnapshot.assertRefused(folder.resolve("b.db"), Reason.SEVERAL_NAMES, "several names");
        Files.delete(folder.resolve("b.db"));
        Store.open(file).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"removed", "replaced by a copy", "replaced by another", "moved"})
    void fileRemovedOrReplacedWhileOpen_isRefusedByEveryOperation(String how) throws IOException {
        makeStore();
        Path other = folder.resolve("other.db");
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "2").orThrow();
            assertThat(store.get(A)).isPresent();
            switch (how) {
                case "removed" -> Files.delete(file);
                case "moved" -> Files.move(file, other);
                case "replaced by a copy" -> {
                    Files.copy(file, other);
                    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
                }
                default -> {
                    Store.open(other).close();
                    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
                }
            }
            assertReplaced(store, file);
        }
    }

    /** Without a read of the latest version, and without a write. */
    @Test
    void fileMovedWhileOpen_isRefusedByReadsOfAnyFreshness() throws IOException {
        makeStore();
        for (boolean mapped : List.of(true, false)) {
            try (Store store = Store.open(StoreConfig.of(file).withMappedWalIndex(mapped))) {
                Optional<Versioned<String>> there = store.get(A);
                Path moved = Files.move(file, folder.resolve("moved.db"));
                FolderSnapshot.awaitRefusal(
                        () -> assertThat(store.get(A, Freshness.any())).isEqualTo(there));
                Files.move(moved, file);
                assertThat(store.get(A, Freshness.any())).isEqualTo(there);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"-wal, removed", "-wal, replaced", "-shm, removed", "-shm, replaced"})
    void walOrIndexRemovedOrReplaced_isRefusedByEveryOperation(String suffix, String how) throws IOException {
        makeStore();
        Path log = Path.of(file + suffix);
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "2").orThrow();
            assertThat(store.get(A)).isPresent();
            if (how.equals("removed")) {
                Files.delete(log);
            } else {
                copy(Files.write(folder.resolve("other"), new byte[] {1}), log);
            }
            assertReplaced(store, log);
        }
    }

    private static void assertReplaced(Store store, Path gone) {
        FolderSnapshot.awaitRefusal(() -> store.get(A));
        for (ThrowingCallable verb : verbs(store)) {
            assertThatThrownBy(verb)
                    .isInstanceOfSatisfying(
                            UnusableStoreException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.REPLACED))
                    .hasMessageContainingAll("'" + gone + "' was removed or replaced", "open it again");
        }
    }

    private static List<ThrowingCallable> verbs(Store store) {
        return List.of(
                () -> store.get(A),
                () -> store.get(A, Freshness.any()),
                () -> store.get(A, Freshness.maxStaleness(Duration.ofDays(1))),
                () -> store.list(Prefix.text("")),
                () -> store.agent("planner").put(A, "3").orThrow(),
                () -> store.agent("planner").update(A, value -> value + "!"),
                () -> store.agent("planner")
                        .claim(A, Lease.of(Duration.ofMinutes(1)))
                        .orThrow(),
                () -> store.agent("planner").transact(tx -> tx.get(A)),
                () -> store.history().of(A, 1),
                store::claims,
                store::check);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
}
