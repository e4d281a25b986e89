package dev.fencepost.benchmarks.report;

import static dev.fencepost.benchmarks.report.SampleResults.figure;
import static dev.fencepost.benchmarks.report.SampleResults.findings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of the page on performance, which come from results. */
class PerformancePageTest {
    private static final Map<String, String> HOT = Map.of("threads", "8", "keys", "1", "durability", "power loss");

    @TempDir
    Path folder;

    @Test
    void committedPage_hasTheCommittedResults() throws IOException {
        String page = Files.readString(PerformancePage.PAGE);
        assertThat(page)
                .as("Rewrite it by: mvn -q test-compile exec:exec@benchmarks-brief -Dbenchmarks=\"--page\"")
                .isEqualTo(PerformancePage.rewritten(page, PerformancePage.RESULTS));
    }

    @Test
    void everyTableOfThePage_comesFromResults() throws IOException {
        String prose =
                Files.readString(PerformancePage.PAGE).replaceAll("(?s)<!-- results: .*?<!-- end of results -->", "");
        assertThat(prose.lines().filter(line -> line.startsWith("|"))).isEmpty();
    }

    @Test
    void section_isReplaced_andProseIsNot() throws IOException {
        new Reports(folder).add(findings("hot-key", figure("fencepost", HOT, 3, 1, 2)), SampleResults.circumstances());
        assertThat(PerformancePage.rewritten("""
                        Before $1.
                        <!-- results: hot-key -->
                        | old |
                        <!-- end of results -->
                        Between.
                        <!-- results: history -->
                        <!-- end of results -->
                        """, folder))
                .startsWith("Before $1.\n<!-- results: hot-key -->\n\n| way | one hot key, survives power loss |")
                .contains("| optimistic: `update` | 2 |  |  |  |\n\n<!-- end of results -->\nBetween.")
                .doesNotContain("old", "pessimistic")
                .endsWith("<!-- results: history -->\n\n" + Grid.NOTHING + "\n\n<!-- end of results -->\n");
    }

    @Test
    void sectionOfAnotherFolder_hasItsResults() throws IOException {
        new Reports(folder.resolve("growth"))
                .add(findings("hot-key", figure("fencepost", HOT, 7)), SampleResults.circumstances());
        String page = "<!-- results: growth/hot-key -->\n<!-- end of results -->";
        String rewritten = PerformancePage.rewritten(page, folder);
        assertThat(rewritten).contains("| optimistic: `update` | 7 |");
        assertThat(PerformancePage.rewritten(rewritten, folder)).isEqualTo(rewritten);
    }

    @Test
    void unknownSection_isRefused() {
        assertThatThrownBy(() -> PerformancePage.rewritten("<!-- results: odd -->\n<!-- end of results -->", folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'odd'");
    }

    @Test
    void savedResults_haveTheSameTargets() throws IOException {
        Histogram waits = new Histogram(3);
        waits.recordValue(50_000);
        Map<String, String> settings = Map.of("since", "acknowledged");
        Findings notice = new Findings(
                "notice",
                "How long?",
                1,
                "it failed",
                List.of(),
                List.of(new Figure("fencepost", settings, "x", List.of(1.0), List.of(0.5))),
                List.of(Latencies.of("fencepost", settings, List.of(waits, waits))),
                List.of());
        new Reports(folder).add(notice, SampleResults.circumstances());
        Results saved = SavedResults.in(folder);
        assertThat(saved.targets()).isEqualTo(SampleResults.results(notice).targets());
        assertThat(saved.circumstances()).isEqualTo(SampleResults.circumstances());
        assertThat(Reports.json(saved)).isEqualTo(Reports.json(SampleResults.results(notice)));
    }

    @Test
    void otherFolder_isNotShown() {
        assertThat(PerformancePage.shows(folder)).isFalse();
        assertThat(PerformancePage.shows(PerformancePage.RESULTS.resolve("growth")))
                .isTrue();
    }
}
