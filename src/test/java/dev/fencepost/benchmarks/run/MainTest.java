package dev.fencepost.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fencepost.benchmarks.report.Ratio;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that runs experiments, with experiments that measure nothing. */
class MainTest {
    private static final Map<String, String> NO_SETTINGS = Map.of();
    private static final Experiment GOOD =
            stub("good", run -> run.figure("fast", Map.of("threads", "1"), 3, "commits/s"));
    private static final Experiment BAD = stub("bad", run -> {
        run.figure("half", NO_SETTINGS, 7, "commits/s");
        throw new IllegalStateException("no more", new IOException("the disk is gone"));
    });

    @TempDir
    Path folder;

    private final StringWriter said = new StringWriter();

    @Test
    void failingExperiment_doesNotStopTheOthers() throws IOException {
        Experiment last = stub("last", GOOD::measure);
        assertThat(run(List.of(GOOD, BAD, last))).isEqualTo(1);

        assertThat(results().path("experiments").findValuesAsText("name")).containsExactly("good", "bad", "last");
        JsonNode bad = experiment(1);
        assertThat(bad.path("failure").asText()).contains("no more").contains("the disk is gone");
        assertThat(bad.path("figures").get(0).path("values").get(0).asDouble()).isEqualTo(7);
        assertThat(experiment(0).has("failure")).isFalse();
        assertThat(experiment(2).has("failure")).isFalse();
        assertThat(markdown()).contains("**Failed**: ").contains("the disk is gone");
        assertThat(said.toString()).contains("failed: bad").contains("IllegalStateException: no more");
    }

    @Test
    void virtualMachineError_isAFailure() throws IOException {
        Experiment broken = stub("broken", run -> {
            throw new NoClassDefFoundError("dev/fencepost/Gone");
        });
        assertThat(run(List.of(broken, GOOD))).isEqualTo(1);
        assertThat(experiment(0).path("failure").asText()).contains("dev/fencepost/Gone");
        assertThat(experiment(1).path("figures")).hasSize(1);
    }

    @Test
    void endedExperiment_isReportedAtOnce() throws IOException {
        List<Integer> seen = new ArrayList<>();
        Experiment later =
                stub("later", run -> seen.add(results().path("experiments").size()));
        assertThat(run(List.of(GOOD, later))).isZero();
        assertThat(seen).containsExactly(1);
    }

    @Test
    void onlyOption_runsTheNamedExperiments() throws IOException {
        Experiment other = stub("other", GOOD::measure);
        assertThat(run(List.of(GOOD, BAD, other), "--only", "other,good")).isZero();
        assertThat(results().path("experiments").findValuesAsText("name")).containsExactly("good", "other");
    }

    @Test
    void unknownName_isRefusedBeforeAnyRun() {
        assertThat(run(List.of(GOOD), "--only", "good,odd")).isEqualTo(2);
        assertThat(said.toString()).contains("There is no experiment odd; there are good");
        assertThat(folder.resolve("results.json")).doesNotExist();
    }

    @Test
    void listing_runsNothing() {
        assertThat(run(List.of(GOOD, BAD), "--list")).isZero();
        assertThat(said.toString()).contains("good").contains("Does bad work?");
        assertThat(folder.resolve("results.json")).doesNotExist();
    }

    @Test
    void folders_areEmptyBefore_andDeletedAfterARun() {
        List<Path> given = new ArrayList<>();
        Experiment untidy = stub("untidy", run -> {
            assertThat(given).allSatisfy(place -> assertThat(place).doesNotExist());
            for (Path place : List.of(run.disk(), run.memory())) {
                assertThat(place).isEmptyDirectory();
                Files.writeString(place.resolve("left"), "behind");
                given.add(place);
            }
        });
        assertThat(run(List.of(untidy, stub("again", untidy::measure)))).isZero();
        assertThat(given)
                .hasSize(4)
                .allSatisfy(place -> assertThat(place.getParent()).doesNotExist());
    }

    @Test
    void diskOption_choosesTheDisk() {
        Path disk = folder.resolve("disk");
        Experiment looking = stub("looking", run -> assertThat(run.disk()).startsWith(disk));
        assertThat(run(List.of(looking), "--disk", disk.toString())).isZero();
        assertThat(disk).isEmptyDirectory();
    }

    @Test
    void interrupt_endsTheWholeRun() throws IOException {
        Experiment interrupted = stub("interrupted", run -> {
            throw new InterruptedException("enough");
        });
        assertThat(run(List.of(GOOD, interrupted, BAD))).isEqualTo(1);
        assertThat(results().path("experiments").findValuesAsText("name")).containsExactly("good");
        assertThat(said.toString()).contains("enough").doesNotContain("bad: begins");
    }

    @Test
    void errorsOfOnlySomeValues_areOmitted() throws IOException {
        Experiment mixed = stub("mixed", run -> {
            run.figure("fast", NO_SETTINGS, 8, "commits/s");
            run.figure("fast", NO_SETTINGS, 9, 0.5, "commits/s");
        });
        assertThat(run(List.of(mixed))).isZero();
        assertThat(experiment(0).path("figures").get(0).path("values")).hasSize(2);
        assertThat(experiment(0).path("figures").get(0).has("errors")).isFalse();
    }

    @Test
    void experimentOutput_isReported() throws IOException {
        Experiment talkative = stub("talkative", run -> {
            run.absent("other", "it is not installed");
            run.absent("other", "it is not installed");
            run.progress(1, "at it");
            run.figure("fast", NO_SETTINGS, 8, 0.5, "commits/s");
            run.figure("slow", NO_SETTINGS, 2, "commits/s");
            Histogram nanos = new Histogram(3);
            nanos.recordValue(1_000);
            run.latencies("fast", NO_SETTINGS, nanos);
            nanos.recordValue(5_000_000);
        });
        assertThat(run(List.of(talkative))).isZero();
        assertThat(experiment(0).path("absences")).hasSize(1);
        assertThat(experiment(0).path("figures").get(0).path("errors").get(0).asDouble())
                .isEqualTo(0.5);
        JsonNode latencies = experiment(0).path("latencies").get(0).path("all");
        assertThat(latencies.path("count").asInt()).isEqualTo(1);
        assertThat(latencies.path("p99.9").asInt()).isEqualTo(1_000);
        assertThat(markdown()).contains("| fast / slow | commits/s | 4 |").contains("because it is not installed");
        assertThat(said.toString()).contains("talkative: repeat 1 of 1: at it");
    }

    @Test
    void invalidFigure_isRefused() {
        Run run = new Run(Run.Depth.INSTANT, Duration.ZERO, folder, folder, words -> {});
        assertThatThrownBy(() -> run.figure("fast", NO_SETTINGS, Double.NaN, "commits/s"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> run.figure("fast", NO_SETTINGS, 1, Double.POSITIVE_INFINITY, "commits/s"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> run.latencies("fast", NO_SETTINGS, new Histogram(3)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Creates an experiment with a body. */
    private static Experiment stub(String name, Experiment.Body body) {
        return new Experiment(name, "Does " + name + " work?", List.of(new Ratio("fast", "slow")), body);
    }

    private int run(List<Experiment> experiments, String... words) {
        List<String> all = new ArrayList<>(List.of("--depth", "instant", "--out", folder.toString()));
        all.addAll(List.of(words));
        return Main.run(experiments, new PrintWriter(said, true), all.toArray(String[]::new));
    }

    private JsonNode results() throws IOException {
        return new ObjectMapper().readTree(folder.resolve("results.json").toFile());
    }

    private JsonNode experiment(int number) throws IOException {
        return results().path("experiments").get(number);
    }

    private String markdown() throws IOException {
        return Files.readString(folder.resolve("results.md"));
    }
}
