package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.testing.StoreTest;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process that closes a descriptor of a store's file, and so loses its locks. The store refuses to write without
 * them.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class LostLocksTest extends StoreTest {
    private static final Path DETAILS = Path.of("/proc/self/fdinfo");
    private static final Key<String> KEY = Key.text("plan");
    private static final long MOST_COMMITS = 100_000;

    /** A way in which other code of the process reads a file. */
    enum Reading {
        COPY {
            @Override
            void read(Path file) throws IOException {
                Files.copy(file, file.resolveSibling("copy"));
            }
        },
        STREAM {
            @Override
            void read(Path file) throws IOException {
                try (FileInputStream stream = new FileInputStream(file.toFile())) {
                    assertThat(stream.read()).isNotNegative();
                }
            }
        },
        CHANNEL {
            @Override
            void read(Path file) throws IOException {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                    assertThat(channel.size()).isPositive();
                }
            }
        };

        abstract void read(Path file) throws IOException;
    }

    @BeforeEach
    void setUp() throws IOException {
        assumeTrue(Files.isDirectory(DETAILS), "the system does not list locks in " + DETAILS);
        try (Store store = Store.open(file)) {
            store.agent("planner").put(KEY, "first");
            assumeTrue(isAnyLockListed(), "the system does not list the locks of files in " + folder);
        }
    }

    private static boolean isAnyLockListed() throws IOException {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DETAILS)) {
            for (Path descriptor : descriptors) {
                if (Files.exists(descriptor) && Files.readString(descriptor).contains("lock:")) {
                    return true;
                }
            }
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource
    void fileReadInTheProcess_isNoticed(Reading reading) throws IOException {
        assertNoticed(reading, file);
    }

    @ParameterizedTest
    @EnumSource
    void indexReadInTheProcess_isNoticed(Reading reading) throws IOException {
        assertNoticed(reading, Path.of(file + "-shm"));
    }

    /** A copy of the whole folder drops all locks of the process, perhaps the only ones of the system. */
    @Test
    void folderCopiedInTheProcess_isNoticed() throws IOException {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(KEY, "before");
            for (String suffix : List.of("", "-wal", "-shm")) {
                Files.copy(Path.of(file + suffix), folder.resolve("copy" + suffix));
            }
            assertThatThrownBy(() -> putUntilRefused(store))
                    .isInstanceOfSatisfying(
                            UnusableStoreException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.LOCKS_LOST));
        }
    }

    private void assertNoticed(Reading reading, Path read) throws IOException {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(KEY, "before");
            reading.read(read);
            assertThatThrownBy(() -> putUntilRefused(store))
                    .isInstanceOfSatisfying(
                            UnusableStoreException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.LOCKS_LOST))
                    .hasMessageContaining("lost SQLite's locks on '" + read + "'");
            assertThatThrownBy(() -> store.agent("planner").put(KEY, "after"))
                    .isInstanceOf(UnusableStoreException.class);
        }
        try (Store store = Store.open(file)) {
            assertThat(store.agent("planner").tryPut(KEY, "again").isCommitted())
                    .isTrue();
        }
    }

    /** Writes until a write is refused. Commits check the locks about every 20 ms, long before the last write. */
    private static void putUntilRefused(Store store) {
        for (long i = 0; i < MOST_COMMITS; i++) {
            store.agent("planner").put(KEY, "value " + i);
        }
    }

    @Test
    void logReadInTheProcess_isHarmless() throws IOException {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(KEY, "before");
            Reading.COPY.read(Path.of(file + "-wal"));
            for (int i = 0; i < 1_000; i++) {
                store.agent("planner").put(KEY, "value " + i);
            }
        }
    }

    @Test
    void secondStoreOfTheProcess_whenClosed_keepsTheLocks() {
        try (Store store = Store.open(file)) {
            for (int i = 0; i < 20; i++) {
                try (Store other = Store.open(file)) {
                    other.agent("other").put(KEY, "other " + i);
                }
                for (int j = 0; j < 50; j++) {
                    store.agent("planner").put(KEY, "value " + j);
                }
            }
        }
    }
}
