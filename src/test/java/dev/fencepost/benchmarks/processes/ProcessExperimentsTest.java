package dev.fencepost.benchmarks.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.benchmarks.run.Experiment;
import dev.fencepost.benchmarks.run.Run;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each experiment, for an instant: that it works, not how fast. */
@Timeout(value = 100, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcessExperimentsTest {
    @TempDir
    Path disk;

    /** Which figures each experiment owes, by their units. */
    private static final Map<String, Set<String>> OWED = Map.of(
            "processes-one-key", Set.of("commits/s", "slowest/fastest", "latencies"),
            "processes-claims", Set.of("hand-overs/s"),
            "readers-beside-writer", Set.of("commits/s", "reads/s"),
            "read-beside-commits", Set.of("reads/s"),
            "notice", Set.of("latencies"),
            "idle", Set.of("% of a core"),
            "growth", Set.of("MB of file", "reads/s", "commits/s", "ms to open", "ms to first get"),
            "memory", Set.of("done", "MB in use", "reads/s"));

    static List<Experiment> experiments() {
        return ProcessExperiments.all();
    }

    @ParameterizedTest
    @MethodSource("experiments")
    void givesWhatItOwesAndLeavesNothing(Experiment experiment) throws Exception {
        Taken taken = new Taken();
        experiment.measure(taken);
        assertThat(taken.units).containsAll(OWED.get(experiment.name()));
        assertThat(taken.figures)
                .allSatisfy(figure -> assertThat(figure).isFinite().isNotNegative());
        assertThat(disk).isEmptyDirectory();
        try (Stream<ProcessHandle> children = ProcessHandle.current().children()) {
            assertThat(children.filter(ProcessHandle::isAlive).map(ProcessHandle::info))
                    .noneMatch(info -> info.commandLine().orElse("").contains(RoleMain.class.getName()));
        }
    }

    @Test
    void namesAreUnique() {
        assertThat(experiments().stream().map(Experiment::name)).containsExactlyInAnyOrderElementsOf(OWED.keySet());
    }

    /** Keeps what is handed in. */
    private final class Taken implements Run {
        private final Set<String> units = new TreeSet<>();
        private final List<Double> figures = new ArrayList<>();

        @Override
        public Depth depth() {
            return Depth.INSTANT;
        }

        @Override
        public int repeats() {
            return 1;
        }

        @Override
        public Duration length() {
            return Duration.ofMillis(100);
        }

        @Override
        public Path disk() {
            return disk;
        }

        @Override
        public Path memory() {
            return disk;
        }

        @Override
        public void figure(String subject, Map<String, String> settings, double value, String unit) {
            units.add(unit);
            figures.add(value);
        }

        @Override
        public void latencies(String subject, Map<String, String> settings, Histogram nanos) {
            units.add("latencies");
            figures.add(nanos.getValueAtPercentile(50) / 1e3);
        }

        @Override
        public void absent(String subject, String why) {
            throw new AssertionError(subject + " is absent: " + why);
        }

        @Override
        public void progress(String what) {
            // Nobody watches.
        }
    }
}
