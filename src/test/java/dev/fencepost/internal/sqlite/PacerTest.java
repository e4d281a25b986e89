package dev.fencepost.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PacerTest {
    private final AtomicLong clock = new AtomicLong(-7);
    private final List<Long> rests = new ArrayList<>();
    private final Pacer pacer = new Pacer(clock::get, rests::add);

    @Test
    void work_isFollowedByARestOfItsLength() {
        clock.addAndGet(5_000_000);
        pacer.pace();
        assertThat(rests).containsExactly(5_000_000L);
        clock.addAndGet(2_000_000);
        pacer.pace();
        assertThat(rests).containsExactly(5_000_000L, 2_000_000L);
    }

    @Test
    void littleWork_isNotInterrupted() {
        clock.addAndGet(1_999_999);
        pacer.pace();
        assertThat(rests).isEmpty();
        clock.addAndGet(1);
        pacer.pace();
        assertThat(rests).containsExactly(2_000_000L);
    }

    @Test
    void suspendedThread_restsNoLongerThanTheBound() {
        clock.addAndGet(60_000_000_000L);
        pacer.pace();
        assertThat(rests).containsExactly(20_000_000L);
    }

    /** Idle time does not count as work. */
    @Test
    void rest_startsTheNextWork() {
        Pacer resting = new Pacer(clock::get, nanos -> {
            rests.add(nanos);
            clock.addAndGet(nanos);
        });
        clock.addAndGet(3_000_000);
        resting.pace();
        resting.pace();
        assertThat(rests).containsExactly(3_000_000L);
    }

    @Test
    void statement_isPacedWhileItRuns(@TempDir Path folder) {
        Path file = folder.resolve("a.db");
        try (Store store = Store.open(file)) {
            store.agent("planner").put(Key.text("a"), "1");
        }
        try (SqliteSession session = new SqliteConnections(file, Durability.POWER_LOSS, Duration.ZERO).peek()) {
            Pacer ticking = new Pacer(() -> clock.addAndGet(1_000_000_000), rests::add);
            session.pace(ticking);
            long sum = session.number("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)"
                    + " SELECT sum(i) FROM n");
            assertThat(sum).isEqualTo(50_005_000);
            assertThat(rests).hasSizeGreaterThan(10);
        }
    }
}
