package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.Durability;
import dev.fencepost.FencepostException;
import dev.fencepost.Key;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.Precondition;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.WriteBatch;
import dev.fencepost.testing.ExternalProgram;
import dev.fencepost.testing.StoreTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A database file or a log that other programs truncate or overwrite in place while a store has it open. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TruncatedFileTest extends StoreTest {
    private static final Key<String> KEY = Key.text("a");
    private static final int COMMITS = 20;

    private Path log;

    @Override
    protected String fileName() {
        return "s.db";
    }

    @BeforeEach
    void setUp() {
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "the log is verified by its mapped index, on Linux on x86-64 only");
        log = folder.resolve("s.db-wal");
    }

    private Store open(Durability durability) {
        return Store.open(StoreConfig.of(file).withDurability(durability));
    }

    private static void put(Store store, String value) {
        store.agent("writer").put(KEY, value).orThrow();
    }

    private static void fill(Store store) {
        for (int i = 0; i < COMMITS; i++) {
            put(store, "value " + i);
        }
    }

    private static void assertDamaged(Runnable action) {
        Throwable thrown = catchThrowable(action::run);
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        UnusableStoreException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.DAMAGED));
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void truncatedLog_isRefused_beforeAnyAcknowledgement(Durability durability) throws IOException {
        for (long length : new long[] {0, 16, 32, 4_000, 40_000}) {
            Files.deleteIfExists(file);
            try (Store store = open(durability);
                    Store other = open(durability)) {
                fill(store);
                ExternalProgram.output("truncate", "-s", Long.toString(length), log.toString());
                assertDamaged(() -> put(store, "lost"));
                assertDamaged(() -> put(store, "lost again"));
                assertDamaged(() -> put(other, "lost"));
                assertDamaged(() ->
                        store.agent("a").tryCommit(WriteBatch.of().put(KEY, "b").put(Key.text("c"), "d")));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"zeros,/dev/zero", "random,/dev/urandom"})
    void overwrittenLog_isRefused(String name, String source) throws IOException {
        try (Store store = open(Durability.PROCESS_DEATH)) {
            fill(store);
            String blocks = Long.toString(Files.size(log) / 1024);
            ExternalProgram.output(
                    "dd", "if=" + source, "of=" + log, "bs=1024", "count=" + blocks, "conv=notrunc", "status=none");
            assertDamaged(() -> put(store, "lost"));
        }
    }

    /** Damages a few bytes on which all frames or the newest commit depend. */
    @ParameterizedTest
    @CsvSource({"salts of the header,16,8", "salts of the newest frame,-4112,8", "checksum of the newest frame,-4104,8"
    })
    void overwrittenBytesOfTheLog_areRefused(String name, long at, int count) throws IOException {
        try (Store store = open(Durability.PROCESS_DEATH)) {
            fill(store);
            long offset = at < 0 ? Files.size(log) + at : at;
            ExternalProgram.output(
                    "dd",
                    "if=/dev/zero",
                    "of=" + log,
                    "bs=1",
                    "seek=" + offset,
                    "count=" + count,
                    "conv=notrunc",
                    "status=none");
            assertDamaged(() -> put(store, "lost"));
            assertDamaged(() -> put(store, "lost again"));
        }
    }

    @Test
    void logOfAnotherStore_copiedOverTheLog_isRefused() throws IOException {
        Path other = folder.resolve("other.db");
        try (Store store = open(Durability.PROCESS_DEATH);
                Store another = Store.open(other)) {
            fill(store);
            for (int i = 0; i < 2 * COMMITS; i++) {
                put(another, "other");
            }
            ExternalProgram.output("cp", other + "-wal", log.toString());
            assertDamaged(() -> put(store, "lost"));
        }
    }

    @Test
    void copyOverTheFile_withTruncatedLog_isRefused() throws IOException {
        Path copy = folder.resolve("copy.db");
        try (Store store = open(Durability.PROCESS_DEATH)) {
            put(store, "first");
        }
        Files.copy(file, copy);
        try (Store store = open(Durability.PROCESS_DEATH)) {
            fill(store);
            ExternalProgram.output("cp", copy.toString(), file.toString());
            ExternalProgram.output("truncate", "-s", "0", log.toString());
            assertDamaged(() -> put(store, "lost"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "log not yet copied,",
        "after a checkpoint,PRAGMA wal_checkpoint(PASSIVE)",
        "empty log,PRAGMA wal_checkpoint(TRUNCATE)"
    })
    void olderCopyOverTheFile_isRefused_byReadsAndWrites(String name, @Nullable String checkpoint) throws Exception {
        Path copy = folder.resolve("copy.db");
        try (Store store = open(Durability.PROCESS_DEATH)) {
            put(store, "first");
        }
        Files.copy(file, copy);
        try (Store store = open(Durability.PROCESS_DEATH);
                Store other = open(Durability.POWER_LOSS)) {
            fill(store);
            if (checkpoint != null) {
                FileDump.query(file, checkpoint);
            }
            put(store, "last");
            put(other, "very last");
            ExternalProgram.output("cp", copy.toString(), file.toString());
            assertDamaged(() -> put(store, "lost"));
            assertDamaged(() -> put(other, "lost"));
            assertDamaged(() -> store.list(Prefix.text("")));
            assertDamaged(store::check);
        }
    }

    @Test
    void overwrittenPageOfTheFile_isRefused() {
        try (Store store = open(Durability.PROCESS_DEATH)) {
            fill(store);
            ExternalProgram.output(
                    "dd", "if=/dev/zero", "of=" + file, "bs=4096", "seek=3", "count=1", "conv=notrunc", "status=none");
            assertDamaged(() -> put(store, "lost"));
        }
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void emptiedFile_isRefused_byReadsAndWrites(Durability durability) {
        try (Store store = open(durability);
                Store other = open(durability)) {
            fill(store);
            ExternalProgram.output("truncate", "-s", "0", file.toString());
            assertDamaged(() -> put(store, "lost"));
            assertDamaged(() -> put(other, "lost"));
            assertDamaged(() -> store.agent("a").tryPut(KEY, "x", Precondition.ifAbsent()));
            assertDamaged(() -> store.list(Prefix.text("")));
            assertDamaged(store::check);
        }
    }

    /** As in a restore by hand between commits: every acknowledged commit is there, or the store refuses to go on. */
    @Test
    void truncationWhileCommitting_endsWithARefusal() throws Exception {
        try (Store store = open(Durability.PROCESS_DEATH)) {
            fill(store);
            Thread breaker = new Thread(() -> ExternalProgram.output("truncate", "-s", "0", log.toString()));
            breaker.start();
            Throwable end = null;
            while (end == null) {
                end = catchThrowable(() -> put(store, "value"));
            }
            breaker.join();
            assertThat(end).isInstanceOfAny(UnusableStoreException.class, OutcomeUnknownException.class);
            assertThat(catchThrowable(() -> put(store, "value"))).isInstanceOf(FencepostException.class);
        }
    }

    @Test
    void logTruncatedBySqlite_isNoDamage() throws Exception {
        try (Store store = open(Durability.PROCESS_DEATH);
                Store other = open(Durability.POWER_LOSS)) {
            for (int i = 0; i < COMMITS; i++) {
                fill(store);
                assertThat(FileDump.query(file, "PRAGMA wal_checkpoint(TRUNCATE)"))
                        .hasSize(1);
                put(other, "other");
            }
            assertThat(store.check().findings()).isEmpty();
        }
    }
}
