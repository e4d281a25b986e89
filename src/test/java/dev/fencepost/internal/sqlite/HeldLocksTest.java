package dev.fencepost.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.StoreConfig;
import dev.fencepost.internal.sql.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldLocksTest {
    private static final Path DETAILS = Path.of("/proc/self/fdinfo");

    @TempDir
    Path folder;

    private StoreFile file;
    private Session session;
    private HeldLocks locks;

    /** The number of next looks that miss the locks of this process. */
    private int misses;

    @BeforeEach
    void look() {
        assumeTrue(Files.exists(DETAILS), "only Linux lists locks");
        file = StoreOpener.open(StoreConfig.of(folder.resolve("a.db")));
        session = file.sqlite().openForReading();
        session.number("SELECT count(*) FROM keys");
        locks = new HeldLocks(file.path(), this::lines);
        assertThat(locks.lost()).isEmpty();
    }

    @AfterEach
    void close() {
        session.close();
        file.close();
    }

    private List<String> lines(Path descriptor) throws IOException {
        List<String> lines = HeldLocks.lines(descriptor);
        boolean locked = lines.stream().anyMatch(line -> line.startsWith("lock:"));
        return locked && misses-- > 0 ? List.of() : lines;
    }

    /** A lock can be missed while other threads open and close files. */
    @Test
    void lockMissedByOneLook_isNotLost() {
        misses = 1;
        assertThat(locks.lost()).isEmpty();
    }

    /** The descriptor is looked at alone first, and then among all. */
    @Test
    void lockMissedByTwoLooks_isNotLost() {
        misses = 2;
        assertThat(locks.lost()).isEmpty();
    }

    @Test
    void lockMissedByEveryLook_isLost() {
        misses = Integer.MAX_VALUE;
        assertThat(locks.lost()).contains(file.path());
    }
}
