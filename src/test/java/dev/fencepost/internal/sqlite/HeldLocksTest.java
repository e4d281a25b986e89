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
    private static final Path LOCKS = Path.of("/proc/locks");

    @TempDir
    Path folder;

    private StoreFile file;
    private Session session;
    private HeldLocks locks;

    /** The number of next looks that miss the locks of this process. */
    private int misses;

    @BeforeEach
    void look() {
        assumeTrue(Files.exists(LOCKS), "only Linux lists locks");
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

    private List<String> lines() throws IOException {
        List<String> lines = Files.readAllLines(LOCKS);
        if (misses-- <= 0) {
            return lines;
        }
        String pid = " " + ProcessHandle.current().pid() + " ";
        return lines.stream().filter(line -> !line.contains(pid)).toList();
    }

    /** The system skips a lock in its list while others end. */
    @Test
    void lockMissedByOneLook_isNotLost() {
        misses = 1;
        assertThat(locks.lost()).isEmpty();
    }

    @Test
    void lockMissedByEveryLook_isLost() {
        misses = Integer.MAX_VALUE;
        assertThat(locks.lost()).contains(file.path());
    }
}
