package dev.fencepost.benchmarks.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.benchmarks.report.Figure;
import dev.fencepost.benchmarks.report.Findings;
import dev.fencepost.benchmarks.run.Experiment;
import dev.fencepost.benchmarks.run.Run;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A short run of each experiment, to check that it works. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcessExperimentsTest {
    /** The figures that each experiment must report, by unit. */
    private static final Map<String, Set<String>> OWED = Map.of(
            "processes-one-key", Set.of("commits/s", "slowest/fastest", "latencies"),
            "processes-claims", Set.of("hand-overs/s"),
            "readers-beside-writer", Set.of("commits/s", "reads/s"),
            "read-beside-commits", Set.of("reads/s"),
            "notice", Set.of("latencies"),
            "idle", Set.of("% of a core"),
            "growth",
                    Set.of("MB of file", "reads/s", "commits/s", "versions pruned/s", "ms to open", "ms to first get"),
            "backup-beside-writers", Set.of("MB of backup", "s to back up", "commits/s"),
            "memory", Set.of("done", "MB in use", "reads/s"));

    @TempDir
    Path disk;

    static List<Experiment> experiments() {
        return ProcessExperiments.ALL;
    }

    @ParameterizedTest
    @MethodSource("experiments")
    void experiment_reportsItsFigures_andCleansUp(Experiment experiment) throws Exception {
        Run run = new Run(Run.Depth.INSTANT, Duration.ofMillis(100), disk, disk, words -> {});
        experiment.measure(run);
        Findings findings = run.findings(experiment, Duration.ZERO, null);
        Set<String> units = new TreeSet<>();
        for (Figure figure : findings.figures()) {
            units.add(figure.unit());
            assertThat(figure.values())
                    .allSatisfy(value -> assertThat(value).isFinite().isNotNegative());
        }
        if (!findings.latencies().isEmpty()) {
            units.add("latencies");
        }
        assertThat(units).containsAll(OWED.get(experiment.name()));
        assertThat(findings.absences()).isEmpty();
        assertThat(disk).isEmptyDirectory();
        try (Stream<ProcessHandle> children = ProcessHandle.current().children()) {
            assertThat(children.filter(ProcessHandle::isAlive).map(ProcessHandle::info))
                    .noneMatch(info -> info.commandLine().orElse("").contains(WorkerMain.class.getName()));
        }
    }

    @Test
    void experimentNames_areUnique() {
        assertThat(experiments().stream().map(Experiment::name)).containsExactlyInAnyOrderElementsOf(OWED.keySet());
    }
}
