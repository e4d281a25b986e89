package dev.fencepost.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Estimates of the remaining time. */
class ProgressTest {
    private final AtomicLong nanos = new AtomicLong();
    private final StringWriter said = new StringWriter();

    @Test
    void remainingTime_isEstimatedFromAnEarlierRun() {
        Progress progress = progress(List.of("a", "b"), Map.of("a", 90.0, "b", 30.0));
        progress.begin("a");
        assertThat(last()).isEqualTo("[1 of 2, 0 s gone, about 2 min 0 s left] a: begins");
        pass(40);
        progress.say("half");
        assertThat(last()).isEqualTo("[1 of 2, 40 s gone, about 1 min 20 s left] a: half");
        pass(100);
        progress.say("late");
        assertThat(last()).isEqualTo("[1 of 2, 2 min 20 s gone, about 30 s left] a: late");
        assertThat(progress.end("done")).isEqualTo(Duration.ofSeconds(140));
        assertThat(last()).endsWith("a: done after 2 min 20 s");
        progress.begin("b");
        assertThat(last()).isEqualTo("[2 of 2, 2 min 20 s gone, about 30 s left] b: begins");
    }

    @Test
    void remainingTime_isEstimatedFromEndedExperiments() {
        Progress progress = progress(List.of("a", "b", "c"), Map.of());
        progress.begin("a");
        assertThat(last()).isEqualTo("[1 of 3, 0 s gone] a: begins");
        pass(10);
        progress.end("done");
        progress.begin("b");
        assertThat(last()).isEqualTo("[2 of 3, 10 s gone, about 20 s left] b: begins");
    }

    private Progress progress(List<String> names, Map<String, Double> earlier) {
        return new Progress(new PrintWriter(said, true), nanos::get, names, earlier);
    }

    private void pass(long seconds) {
        nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    private String last() {
        List<String> lines = said.toString().lines().toList();
        return lines.get(lines.size() - 1);
    }
}
