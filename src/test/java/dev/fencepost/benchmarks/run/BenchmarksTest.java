package dev.fencepost.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fencepost.benchmarks.processes.ProcessExperiments;
import dev.fencepost.benchmarks.processes.TaskMain;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every experiment runs and is reported. Its speed is not checked. */
@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BenchmarksTest {
    private static final Pattern PICTURE = Pattern.compile("!\\[[^]]*]\\(([^)]+)\\)");

    /** The figures that each experiment with several processes must report, by unit. */
    private static final Map<String, Set<String>> OWED = Map.ofEntries(
            Map.entry("processes-one-key", Set.of("commits/s", "slowest/fastest", "latencies")),
            Map.entry("processes-claims", Set.of("hand-overs/s")),
            Map.entry("readers-beside-writer", Set.of("commits/s", "reads/s")),
            Map.entry("read-beside-commits", Set.of("reads/s")),
            Map.entry("notice", Set.of("latencies")),
            Map.entry("idle", Set.of("% of a core")),
            Map.entry(
                    "growth",
                    Set.of("MB of file", "reads/s", "commits/s", "versions pruned/s", "ms to open", "ms to first get")),
            Map.entry("file-size", Set.of("bytes/version")),
            Map.entry("backup-beside-writers", Set.of("MB of backup", "s to back up", "commits/s")),
            Map.entry("memory", Set.of("done", "MB in use", "reads/s")));

    @TempDir
    Path folder;

    @Test
    void everyExperiment_runsAndIsReported() throws IOException {
        StringWriter said = new StringWriter();
        List<Experiment> experiments =
                Main.EXPERIMENTS.stream().map(BenchmarksTest::cleaningUp).toList();
        int exit = Main.run(experiments, new PrintWriter(said, true), "--depth", "instant", "--out", folder.toString());

        assertThat(exit).as(said.toString()).isZero();
        JsonNode results = new ObjectMapper()
                .readTree(folder.resolve("results.json").toFile())
                .path("experiments");
        assertThat(results.findValuesAsText("name")).containsExactlyElementsOf(names(experiments));
        String markdown = Files.readString(folder.resolve("results.md"));
        for (JsonNode one : results) {
            checkFigures(one);
            assertThat(markdown).contains("\n## " + one.path("name").asText() + "\n");
        }
        List<String> pictures = PICTURE.matcher(markdown)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
        assertThat(pictures).isNotEmpty().doesNotHaveDuplicates();
        for (String picture : pictures) {
            assertThat(folder.resolve(picture)).content().contains("<svg ").endsWith("</svg>\n");
        }
    }

    /** Adds a check to experiments with several processes: they leave no files and no processes. */
    private static Experiment cleaningUp(Experiment experiment) {
        if (!OWED.containsKey(experiment.name())) {
            return experiment;
        }
        return new Experiment(experiment.name(), experiment.question(), experiment.ratios(), run -> {
            experiment.measure(run);
            assertThat(run.disk()).isEmptyDirectory();
            assertThat(run.memory()).isEmptyDirectory();
            try (Stream<ProcessHandle> children = ProcessHandle.current().children()) {
                assertThat(children.filter(ProcessHandle::isAlive).map(ProcessHandle::info))
                        .noneMatch(info -> info.commandLine().orElse("").contains(TaskMain.class.getName()));
            }
        });
    }

    private static void checkFigures(JsonNode one) {
        String name = one.path("name").asText();
        assertThat(one.has("failure")).as(name).isFalse();
        List<String> units = new ArrayList<>(one.path("figures").findValuesAsText("unit"));
        one.path("latencies").forEach(latencies -> units.add("latencies"));
        assertThat(units.size() + one.path("absences").size()).as(name).isPositive();
        if (OWED.containsKey(name)) {
            assertThat(units).as(name).containsAll(OWED.get(name));
            assertThat(one.path("absences")).as(name).isEmpty();
            for (JsonNode figure : one.path("figures")) {
                assertThat(figure.path("values"))
                        .as(name)
                        .allSatisfy(
                                value -> assertThat(value.asDouble()).isFinite().isNotNegative());
            }
        }
    }

    @Test
    void experimentNames_areUniqueAndSimple() {
        assertThat(names(Main.EXPERIMENTS))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z0-9]+(-[a-z0-9]+)*"));
        assertThat(names(ProcessExperiments.ALL)).containsExactlyInAnyOrderElementsOf(OWED.keySet());
    }

    private static List<String> names(List<Experiment> experiments) {
        return experiments.stream().map(Experiment::name).toList();
    }
}
