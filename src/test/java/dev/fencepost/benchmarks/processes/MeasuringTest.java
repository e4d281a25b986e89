package dev.fencepost.benchmarks.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Durability;
import dev.fencepost.benchmarks.run.Run;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Correctness of the measurements, and refusal of wrong results. */
class MeasuringTest {
    private static final long STALL_MILLIS = 200;

    @TempDir
    Path folder;

    @Test
    void pacedStall_delaysAllDueOperations() throws Exception {
        Histogram latencies = latencies(200, window -> {});
        assertThat(slow(latencies))
                .as("of some 100 that were due in half of the stall")
                .isGreaterThan(8);
    }

    @Test
    void unpacedStall_delaysOneOperation() throws Exception {
        Histogram latencies = latencies(0, window -> TimeUnit.MILLISECONDS.sleep(1));
        assertThat(slow(latencies)).isBetween(1L, 8L);
    }

    /** Returns the latencies of a loop whose first operation in the measured time stalls. */
    private static Histogram latencies(long rate, TimedLoop.Work work) throws Exception {
        AtomicInteger done = new AtomicInteger();
        Settings settings = new Settings(Map.of(
                "file",
                "counter.db",
                "warm-up",
                Duration.ZERO.toString(),
                "length",
                Duration.ofMillis(2 * STALL_MILLIS).toString(),
                TimedLoop.RATE,
                Long.toString(rate)));
        Report report = TimedLoop.run(settings, openGate(), window -> {
            if (done.getAndIncrement() == 0) {
                TimeUnit.MILLISECONDS.sleep(STALL_MILLIS);
            }
            work.once(window);
        });
        assertThat(report.count(TimedLoop.ALL)).isEqualTo(done.get());
        return Report.merged(List.of(report), TimedLoop.LATENCIES);
    }

    private static long slow(Histogram latencies) {
        long half = TimeUnit.MILLISECONDS.toNanos(STALL_MILLIS / 2);
        return latencies.getCountBetweenValues(half, latencies.getHighestTrackableValue());
    }

    @Test
    void operationPastTheEnd_isMeasuredButNotCounted() throws Exception {
        Settings settings = new Settings(Map.of("file", "counter.db", "warm-up", "PT0.05S", "length", "PT0.05S"));
        Report report = TimedLoop.run(settings, openGate(), window -> TimeUnit.MILLISECONDS.sleep(STALL_MILLIS));
        assertThat(report.count(TimedLoop.ALL)).isEqualTo(1);
        assertThat(report.count(TimedLoop.COUNTED)).isZero();
        assertThat(Report.merged(List.of(report), TimedLoop.LATENCIES).getTotalCount())
                .isEqualTo(1);
    }

    @Test
    void fairness_isSlowestOverFastest() {
        assertThat(OneKey.fairness(List.of(counted(30), counted(10), counted(40))))
                .isEqualTo(0.25);
        assertThat(OneKey.fairness(List.of(counted(0), counted(0)))).isEqualTo(1);
    }

    @Test
    void missedLoad_isReported() {
        List<String> progress = new ArrayList<>();
        Run run = new Run(Run.Depth.INSTANT, Duration.ZERO, folder, folder, progress::add);
        Figures.noteUnmet(run, 90, 100);
        Figures.noteUnmet(run, 0, 0);
        assertThat(progress).isEmpty();
        Figures.noteUnmet(run, 70, 100);
        assertThat(progress).singleElement().asString().contains("70 of 100");
    }

    private static Report counted(long count) {
        return new Report().count(TimedLoop.COUNTED, count);
    }

    @Test
    void lostIncrement_failsVerification() throws Exception {
        for (OneKey.Increments increments : List.of(new FencepostIncrements(), new SqliteIncrements())) {
            Path file = folder.resolve(increments.getClass().getSimpleName());
            increments.create(file);
            increments.verify(file, 0);
            assertThatThrownBy(() -> increments.verify(file, 1)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void lostVersionOrWrongValue_failsVerification() {
        Path file = folder.resolve("store.db");
        KeySpace space = new KeySpace("keys/", 1_500, NumberedText.USUAL);
        space.fill(file, 2, written -> {});
        space.verify(file, 3_000);
        assertThatThrownBy(() -> space.verify(file, 3_001)).isInstanceOf(IllegalStateException.class);
        try (var store = Settings.of(file, Durability.PROCESS_DEATH).open()) {
            store.agent("other").put(space.key(1_200), space.value(7)).orThrow();
        }
        assertThatThrownBy(() -> space.verify(file, 3_001)).hasMessageContaining("key 1200");
    }

    @Test
    void waitingProcess_endsWithItsParent() throws Exception {
        AtomicInteger abandoned = new AtomicInteger();
        gate("", abandoned).pass();
        assertThat(abandoned).hasPositiveValue();
    }

    @Test
    @Timeout(30)
    void workingProcess_endsWithItsParent() throws Exception {
        AtomicInteger abandoned = new AtomicInteger();
        gate(Gate.GO + "\n", abandoned).pass();
        while (abandoned.get() == 0) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private static Gate openGate() {
        return gate(Gate.GO + "\n", new AtomicInteger());
    }

    private static Gate gate(String said, AtomicInteger abandoned) {
        PrintStream out = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return new Gate(new BufferedReader(new StringReader(said)), out, abandoned::incrementAndGet);
    }
}
