package dev.fencepost.benchmarks.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Worker processes that succeed, fail and hang, as their parent sees them. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TaskProcessTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    /** Reports its settings, even though other code prints lines. */
    static final class Obedient implements WorkerTask {
        @Override
        public Report work(Settings settings, Gate gate) throws Exception {
            gate.pass();
            System.out.println("chatter");
            Histogram times = Report.freshHistogram();
            times.recordValue(settings.number("number"));
            return new Report()
                    .count("pid", ProcessHandle.current().pid())
                    .count("number", settings.number("number"))
                    .histogram("times", times);
        }
    }

    /** Fails after it has started. */
    static final class Failing implements WorkerTask {
        @Override
        public Report work(Settings settings, Gate gate) throws Exception {
            gate.pass();
            throw new IllegalStateException("the reason");
        }
    }

    /** Never ends. */
    static final class Hanging implements WorkerTask {
        @Override
        public Report work(Settings settings, Gate gate) throws Exception {
            gate.pass();
            TimeUnit.DAYS.sleep(1);
            return new Report();
        }
    }

    @Test
    void worker_reportsItsResult() throws Exception {
        try (TaskProcess first = start(Obedient.class, 1_000);
                TaskProcess second = start(Obedient.class, 2_000)) {
            List<Report> reports = List.of(play(first), play(second));
            assertThat(Report.sum(reports, "number")).isEqualTo(3_000);
            Histogram merged = Report.merged(reports, "times");
            assertThat(merged.getTotalCount()).isEqualTo(2);
            assertThat(merged.getMaxValue()).isCloseTo(2_000, withPercentage(1));
            assertThat(reports.get(0).count("pid")).isNotEqualTo(reports.get(1).count("pid"));
        }
    }

    @Test
    void failingWorker_namesTheReason() throws Exception {
        try (TaskProcess process = start(Failing.class, 1)) {
            assertThatThrownBy(() -> play(process))
                    .hasMessageContaining("Failing")
                    .hasMessageContaining("the reason");
        }
    }

    @Test
    void hangingWorker_isKilledAfterTheTimeout() throws Exception {
        try (TaskProcess process = start(Hanging.class, 1)) {
            process.awaitReady(LONG);
            process.go();
            assertThatThrownBy(() -> process.report(Duration.ofMillis(100))).hasMessageContaining("said nothing");
        }
        assertThat(ProcessHandle.current()
                        .children()
                        .filter(ProcessHandle::isAlive)
                        .map(TaskProcessTest::command))
                .noneMatch(command -> command.contains(Hanging.class.getName()));
    }

    private static String command(ProcessHandle process) {
        Optional<String> line = process.info().commandLine();
        return line.orElse("");
    }

    private static Report play(TaskProcess process) throws InterruptedException {
        process.awaitReady(LONG);
        process.go();
        return process.report(LONG);
    }

    private TaskProcess start(Class<? extends WorkerTask> role, int number) throws IOException {
        Settings settings = new Settings(Map.of("number", Integer.toString(number)));
        return TaskProcess.start(role, settings, folder, List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    }
}
