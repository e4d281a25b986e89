package dev.fencepost.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.Agent;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.VersionTables;
import dev.fencepost.internal.sqlite.WalIndex.Header;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The mapped header, read from made-up bytes and from SQLite's. */
class WalIndexTest {
    private static final int COPY = 48;
    private static final int INITIALISED = 12;

    @TempDir
    Path folder;

    /** Returns two equal copies of a header of the known format, in which no two words are equal. */
    private static ByteBuffer bytes() {
        ByteBuffer bytes = ByteBuffer.allocateDirect(2 * COPY).order(ByteOrder.LITTLE_ENDIAN);
        for (int copy = 0; copy < bytes.capacity(); copy += COPY) {
            for (int word = 0; word < COPY; word += Long.BYTES) {
                bytes.putLong(copy + word, 0x0102_0304_0506_0708L * (word + 1));
            }
            bytes.putInt(copy, 3_007_000);
            bytes.put(copy + INITIALISED, (byte) 1);
        }
        return bytes;
    }

    private static WalIndex over(ByteBuffer bytes) {
        return new WalIndex(bytes, Runnable::run);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void eachWordCounts(int word) {
        ByteBuffer bytes = bytes();
        WalIndex index = over(bytes);
        Header noted = index.header().orElseThrow();
        assertThat(index.is(noted)).isTrue();
        for (int bit = 0; bit < Long.SIZE; bit++) {
            long before = bytes.getLong(word * Long.BYTES);
            bytes.putLong(word * Long.BYTES, before ^ 1L << bit);
            assertThat(index.is(noted)).as("word %s, bit %s", word, bit).isFalse();
            bytes.putLong(word * Long.BYTES, before);
        }
        assertThat(index.is(noted)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void differingCopies_giveNoHeader(int word) {
        ByteBuffer bytes = bytes();
        bytes.putLong(COPY + word * Long.BYTES, 0x1_0000_0000L + 3_007_000);
        assertThat(over(bytes).header()).isEmpty();
    }

    @Test
    void anUnknownFormat_isNoHeader() {
        ByteBuffer bytes = bytes();
        bytes.putInt(0, 3_007_001).putInt(COPY, 3_007_001);
        assertThat(over(bytes).header()).isEmpty();
    }

    @Test
    void uninitializedIndex_givesNoHeader() {
        ByteBuffer bytes = bytes();
        bytes.put(INITIALISED, (byte) 0).put(COPY + INITIALISED, (byte) 0);
        assertThat(over(bytes).header()).isEmpty();
    }

    @Test
    void closedIndex_neverEqualsAnyHeader() {
        WalIndex index = over(bytes());
        Header noted = index.header().orElseThrow();
        index.closeWith(() -> {});
        assertThat(index.is(noted)).isFalse();
        assertThat(index.header()).isEmpty();
    }

    @Test
    void unmappableFile_isAbsent_andStaysOpenUntilDeleted() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/self/fd")), "descriptors are counted on Linux only");
        Path tooShort = Files.write(folder.resolve("a.db-shm"), new byte[WalIndex.BYTES - 1]);
        for (int i = 0; i < 3; i++) {
            assertThat(WalIndexMappings.acquire(tooShort, "a.db")).isEmpty();
            assertThat(descriptors(tooShort)).isEqualTo(1);
        }
        Files.delete(tooShort);
        assertThat(WalIndexMappings.acquire(tooShort, "a.db")).isEmpty();
        assertThat(descriptors(tooShort)).isZero();
    }

    @Test
    void storeOpenedWhileTheLastOneCloses_findsNoReplacedFile() throws IOException {
        Path path = Files.write(folder.resolve("a.db-shm"), new byte[WalIndex.BYTES]);
        Optional<WalIndex> closing = WalIndexMappings.acquire(path, "a.db");
        assumeTrue(closing.isPresent(), "the WAL-index is mapped on Linux on x86-64 only");
        closing.get().closeWith(() -> {
            makeAnew(path);
            WalIndex opened = WalIndexMappings.acquire(path, "a.db").orElseThrow();
            opened.closeWith(() -> {});
        });
    }

    @Test
    void fileReplacedUnderAnOpenStore_isRefused() throws IOException {
        Path path = Files.write(folder.resolve("a.db-shm"), new byte[WalIndex.BYTES]);
        Optional<WalIndex> open = WalIndexMappings.acquire(path, "a.db");
        assumeTrue(open.isPresent(), "the WAL-index is mapped on Linux on x86-64 only");
        WalIndex other = WalIndexMappings.acquire(path, "a.db").orElseThrow();
        makeAnew(path);
        other.closeWith(() -> assertThatThrownBy(() -> WalIndexMappings.acquire(path, "a.db"))
                .isInstanceOf(UnusableStoreException.class)
                .hasMessageContaining("removed or replaced"));
        open.get().closeWith(() -> {});
    }

    private static void makeAnew(Path path) {
        try {
            Files.delete(path);
            Files.write(path, new byte[WalIndex.BYTES]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long descriptors(Path file) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(link -> {
                        try {
                            return Files.readSymbolicLink(link).toString().startsWith(file.toString());
                        } catch (IOException e) {
                            // Closed since the listing.
                            return false;
                        }
                    })
                    .count();
        }
    }

    @Test
    void aCommitChangesTheHeader_andNothingElseDoes() {
        StoreConfig config = StoreConfig.of(folder.resolve("a.db")).withDurability(Durability.PROCESS_DEATH);
        Key<String> key = Key.text("a");
        try (Store store = Store.open(config)) {
            StoreFile file = StoreOpener.open(config);
            try (Session session = file.sqlite().openForReading()) {
                VersionTables values = new VersionTables(session);
                values.lastSequence();
                assumeTrue(file.mapIndex().isPresent(), "the WAL-index is mapped on Linux on x86-64 only");
                WalIndex index = file.mapIndex().orElseThrow();
                Agent agent = store.agent("planner");
                for (int i = 0; i < 50; i++) {
                    Header before = index.header().orElseThrow();
                    values.latest("a");
                    assertThat(index.is(before)).isTrue();
                    agent.put(key, "" + i).orThrow();
                    assertThat(index.is(before)).isFalse();
                }
                index.closeWith(() -> {});
                index.closeWith(() -> {});
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        // counter and frames after 100 commits of 500 frames, the salts, and whether one commit lies between
        "101, 506,  7, true",
        "101, 599,  7, true",
        // nothing, or two commits
        "100, 500,  7, false",
        "102, 511,  7, false",
        // a restarted WAL
        "101, 5,    8, false",
        "101, 5,    7, false",
        "101, 506,  8, false",
        // counted from zero again after a process died, and by chance as far as before
        "101, 601,  7, false",
        "101, 2000, 7, false",
    })
    void isNextAfter_byCounterFramesAndSalts_findsOneCommit(long counter, long frames, long salts, boolean one) {
        assertThat(header(counter, frames, salts).isNextAfter(header(100, 500, 7)))
                .isEqualTo(one);
    }

    private static Header header(long counter, long frames, long salts) {
        return new Header(3_007_000, 1L << 32 | counter, 77L << 32 | frames, 1, salts, 2);
    }
}
