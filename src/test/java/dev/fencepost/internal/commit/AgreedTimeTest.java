package dev.fencepost.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.StoreConfig;
import dev.fencepost.internal.engine.Engine;
import dev.fencepost.internal.read.HighWaterMark;
import dev.fencepost.internal.read.ReadCache;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.ProcessFingerprint;
import dev.fencepost.internal.sqlite.SqliteEngine;
import dev.fencepost.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The clocks that determine the age of history. */
class AgreedTimeTest {
    private static final ProcessFingerprint OWN = new ProcessFingerprint(1, "1", "boot-1", "pid:[1]", "time:[1]");
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();

    private void uptime(String text) {
        try {
            Files.writeString(folder.resolve("uptime"), text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private LongSupplier uptime() {
        return Uptime.of(folder.resolve("uptime"));
    }

    @Test
    void uptime_isInMillisecondsAndNeverGoesBack() {
        uptime("1190.18 1712.64\n");
        LongSupplier uptime = uptime();
        assertThat(uptime.getAsLong()).isEqualTo(1_190_180);
        uptime("1191.00 1712.64\n");
        assertThat(uptime.getAsLong()).isEqualTo(1_191_000);
        for (String text : new String[] {"1190.50 0\n", "nonsense", "a b", ""}) {
            uptime(text);
            assertThat(uptime.getAsLong()).isEqualTo(1_191_000);
        }
        assertThat(Uptime.isShared(uptime)).isTrue();
    }

    @Test
    void withoutUptime_theClockOfThisProcessCounts() {
        LongSupplier own = uptime();
        assertThat(Uptime.isShared(own)).isFalse();
        assertThat(own.getAsLong()).isLessThanOrEqualTo(own.getAsLong());
        assertThat(new AgreedTime(clock, own, OWN).origin()).isEmpty();
    }

    @Test
    void origin_isTheTimeOfDayAtUptimeZero() {
        uptime("100.00 0");
        AgreedTime time = new AgreedTime(clock, uptime(), OWN);
        assertThat(time.origin()).hasValue(clock.millis() - 100_000);
        assertThat(new AgreedTime(clock, uptime(), new ProcessFingerprint(1, "1", "", "pid:[1]", "time:[1]")).origin())
                .isEmpty();
        assertThat(new AgreedTime(clock, uptime(), new ProcessFingerprint(1, "1", "boot-1", "pid:[1]", "")).origin())
                .isEmpty();
        assertThat(new AgreedTime(clock, () -> 0, OWN).origin()).isEmpty();
    }

    /** Another process has a clock that is behind; the uptime is 7200 s now. */
    @ParameterizedTest
    @CsvSource({
        "boot-1, time:[1], , true",
        "boot-2, time:[1], , false",
        "boot-1, time:[2], , false",
        "'', time:[1], , false",
        // It closed the store at an uptime of 3600 s, or just after.
        "boot-1, time:[1], 3600001, true",
        "boot-1, time:[1], 3600000, false"
    })
    void clockBehind_counts_ifComparable(String boot, String time, Long closed, boolean counts) {
        uptime("7200.00 0");
        AgreedTime agreed = new AgreedTime(clock, uptime(), OWN);
        long behind = clock.millis() - 7_200_000 - 5_000;
        StoreConfig config = StoreConfig.of(folder.resolve("a.db"));
        long now = inFile(config, tables -> {
            ProcessFingerprint facts = new ProcessFingerprint(2, "2", boot, "pid:[2]", time);
            long process = tables.registerProcess(facts, clock.millis());
            tables.describeProcess(process, time, OptionalLong.of(behind));
            if (closed != null) {
                tables.closeProcess(process, behind + closed);
            }
            return agreed.now(HOUR, tables);
        });
        assertThat(clock.millis() - now).isEqualTo(counts ? 5_000 : 0);
    }

    private static long inFile(StoreConfig config, ToLongFunction<ClaimTables> act) {
        HighWaterMark highWater = new HighWaterMark();
        Engine engine = SqliteEngine.open(config);
        ReaderPool reads = new ReaderPool(engine, highWater);
        try (ReadCache cache = new ReadCache(engine, highWater, reads, config);
                CommitQueue queue =
                        new CommitQueue(engine, config, highWater, OWN, cache, ProtocolTrace.Factory.NONE)) {
            return queue.submit(scope -> act.applyAsLong(scope.claims()));
        } finally {
            reads.close();
        }
    }
}
