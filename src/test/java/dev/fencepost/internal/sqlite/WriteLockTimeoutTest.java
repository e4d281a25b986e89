package dev.fencepost.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Durability;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.internal.util.Patience;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One deadline for all locks of an operation. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WriteLockTimeoutTest {
    private static final long WAIT = 1_000_000_000;

    @TempDir
    Path folder;

    private long now = Long.MAX_VALUE - WAIT / 2;

    private BusyRetryHandler handler(long wait) {
        return new BusyRetryHandler(wait, () -> {}, () -> now);
    }

    /** Returns whether a handler that finds a lock taken continues to wait; SQLite calls it again and again. */
    private static boolean waits(BusyRetryHandler handler) {
        for (int invocation = 0; invocation < 20; invocation++) {
            assertThat(handler.callback(invocation)).isEqualTo(1);
        }
        return handler.callback(20) == 1;
    }

    @Test
    void lockByItself_isWaitedForAsConfigured() {
        BusyRetryHandler handler = handler(WAIT);
        assertThat(waits(handler)).isTrue();
        now += WAIT;
        assertThat(handler.callback(21)).isZero();
        assertThat(waits(handler)).isTrue();
    }

    @Test
    void secondLockOfOperation_waitsForTheRestOnly() {
        BusyRetryHandler handler = handler(WAIT);
        boolean first = Patience.of(WAIT, () -> now).during(() -> {
            assertThat(waits(handler)).isTrue();
            now += WAIT - 1;
            assertThat(waits(handler(WAIT))).isTrue();
            now += 1;
            return waits(handler);
        });
        assertThat(first).isFalse();
        assertThat(waits(handler)).isTrue();
    }

    @Test
    void nestedOperation_neverExtendsTheDeadline() {
        Patience outer = Patience.of(WAIT, () -> now);
        outer.during(() -> {
            assertThat(Patience.of(2 * WAIT, () -> now)).isSameAs(outer);
            Patience inner = Patience.of(WAIT / 2, () -> now);
            assertThat(inner.endsBefore(outer)).isTrue();
            return inner.during(() -> {
                now += WAIT / 2;
                return waits(handler(WAIT));
            });
        });
        assertThat(outer.isOver()).isFalse();
        now += WAIT / 2;
        assertThat(outer.isOver()).isTrue();
    }

    @Test
    void failedOperation_leavesNoDeadline() {
        Patience over = Patience.of(0, () -> now);
        assertThatThrownBy(() -> over.during(() -> {
                    throw new IllegalArgumentException();
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(waits(handler(WAIT))).isTrue();
    }

    /**
     * The file was emptied, and another connection has it open. Without the deadline, each attempt would wait for an
     * hour.
     */
    @Test
    void switchToWriteAheadMode_keepsTheDeadline() throws Exception {
        Path file = Files.createFile(folder.resolve("a.db"));
        SqliteConnections sqlite = new SqliteConnections(file, Durability.PROCESS_DEATH, Duration.ofHours(1));
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN EXCLUSIVE");
            Patience patience = Patience.of(Duration.ofMillis(20));
            assertThatThrownBy(() -> patience.during(sqlite::open)).isInstanceOf(WriteLockTimeoutException.class);
        }
    }
}
