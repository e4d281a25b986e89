package dev.fencepost.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every experiment runs and is reported. Its speed is not checked. */
class BenchmarksTest {
    private static final Pattern PICTURE = Pattern.compile("!\\[[^]]*]\\(([^)]+)\\)");

    @TempDir
    Path folder;

    @Test
    void everyExperiment_runsAndIsReported() throws IOException {
        StringWriter said = new StringWriter();
        int exit = Main.run(
                Experiments.ALL, new PrintWriter(said, true), "--depth", "instant", "--out", folder.toString());

        assertThat(exit).as(said.toString()).isZero();
        JsonNode experiments = new ObjectMapper()
                .readTree(folder.resolve("results.json").toFile())
                .path("experiments");
        assertThat(experiments.findValuesAsText("name")).containsExactlyElementsOf(names());
        String markdown = Files.readString(folder.resolve("results.md"));
        for (JsonNode one : experiments) {
            String name = one.path("name").asText();
            assertThat(one.has("failure")).as(name).isFalse();
            assertThat(one.path("figures").size()
                            + one.path("latencies").size()
                            + one.path("absences").size())
                    .as(name)
                    .isPositive();
            assertThat(markdown).contains("\n## " + name + "\n");
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

    @Test
    void experimentNames_areUniqueAndSimple() {
        assertThat(names()).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z0-9]+(-[a-z0-9]+)*"));
    }

    private static List<String> names() {
        return Experiments.ALL.stream().map(Experiment::name).toList();
    }
}
