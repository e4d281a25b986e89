package dev.fencepost.benchmarks.report;

import static dev.fencepost.benchmarks.report.SampleResults.figure;
import static dev.fencepost.benchmarks.report.SampleResults.findings;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports of results as Markdown, JSON and pictures. */
class ReportsTest {
    @TempDir
    Path folder;

    @Test
    void markdown_beginsWithTheTargets() {
        Results results = SampleResults.results(findings(
                "threads-memory",
                figure("fencepost", Map.of("threads", "1"), 95, 60, 90),
                figure("c-sqlite", Map.of("threads", "1"), 100, 100, 100)));
        String markdown = MarkdownReport.of(results, Map.of());
        assertThat(markdown)
                .startsWith("""
                        # Results

                        The disk: fdatasync after 16 KB takes 250 µs if they are appended, and 120 µs if they are overwritten.

                        | target | bound |""")
                .contains("| \u2265 0.9 | 0.900 | 0.600 to 0.950 | met |")
                .contains("| not measured |")
                .contains("2 cores, 2 GiB, Linux 6; disk ext4, memory tmpfs");
    }

    @Test
    void commonSetting_isPrintedOnce() {
        Results results = SampleResults.results(findings(
                "duel",
                figure("fencepost", settings("threads", "1", "keys", "9"), 12_345, 12_000, 13_000),
                figure("peer", settings("threads", "1", "keys", "9"), 0.5),
                figure("fencepost", settings("threads", "8", "keys", "9"), 99.96)));
        assertThat(MarkdownReport.of(results, Map.of())).contains("""
                With keys 9:

                | subject | threads | commits/s | least to most |
                | --- | --- | ---: | ---: |
                | fencepost | 1 | 12,300 | 12,000 to 13,000 |
                | peer | 1 | 0.500 | 0.500 to 0.500 |
                | fencepost | 8 | 100 | 100 to 100 |
                """);
    }

    @Test
    void costsOfACommit_shareATable_withoutPictures() throws IOException {
        Findings findings = findings(
                "duel",
                cost("fencepost", "1", "switches/commit", 2.0, 4.0, 9.0),
                cost("fencepost", "8", "switches/commit", 1.0),
                cost("fencepost", "1", "flushes/commit", 0.5));
        assertThat(MarkdownReport.of(SampleResults.results(findings), Map.of())).contains("""
                | subject | threads | switches/commit | flushes/commit |
                | --- | --- | ---: | ---: |
                | fencepost | 1 | 4 | 0.500 |
                | fencepost | 8 | 1 |  |
                """);
        assertThat(drawn(findings)).isEmpty();
    }

    private static Figure cost(String subject, String threads, String unit, Double... values) {
        return new Figure(subject, Map.of("threads", threads), unit, List.of(values), List.of());
    }

    @Test
    void settingMissingInSomeFigures_isAColumn() {
        Results results = SampleResults.results(
                findings("duel", figure("fencepost", Map.of("threads", "1"), 2), figure("peer", Map.of(), 3)));
        assertThat(MarkdownReport.of(results, Map.of()))
                .doesNotContain("With ")
                .contains("| fencepost | 1 | 2 |")
                .contains("| peer |  | 3 |");
    }

    @Test
    void latencies_areShownInAFittingUnit() throws IOException {
        Histogram nanos = new Histogram(3);
        for (int i = 1; i <= 1_000; i++) {
            nanos.recordValue(i * 1_000L);
        }
        Findings findings = latencies(nanos, nanos);
        String markdown = MarkdownReport.of(SampleResults.results(findings), Map.of());
        assertThat(markdown)
                .contains("| subject | latency p50 | p90 | p99 | p99.9 | max | count |")
                .contains("| fencepost | 500 \u00b5s | 900 \u00b5s | 990 \u00b5s | 999 \u00b5s | 1.00 ms | 2,000 |");
        String json = Reports.json(SampleResults.results(findings));
        assertThat(new ObjectMapper().readTree(json).at("/experiments/0/latencies/0/repeats"))
                .hasSize(2)
                .allSatisfy(repeat -> assertThat(repeat.path("count").asInt()).isEqualTo(1_000));
    }

    @Test
    void tableCells_areEscaped() {
        assertThat(MarkdownReport.tableOf(1, List.of("a"), List.of(List.of("x|y\nz"))))
                .isEqualTo("| a |\n| --- |\n| x\\|y z |");
    }

    @Test
    void figuresOverThreads_areLines_othersAreBars() throws IOException {
        List<Figure> figures = new ArrayList<>();
        for (String threads : List.of("1", "64", "8")) {
            figures.add(figure("fencepost", Map.of("threads", threads), 1, 2));
            figures.add(figure("peer", Map.of("threads", threads), 900, 1_000));
        }
        assertThat(drawn(findings("lines", figures.toArray(Figure[]::new)))).containsExactly("lines: commits/s");
        assertThat(drawn(findings("bars", figure("a", Map.of(), 1), figure("b", Map.of(), 2))))
                .containsExactly("bars: commits/s");
        assertThat(drawn(findings("alone", figure("a", Map.of(), 1)))).isEmpty();
        assertThat(drawn(findings("nothing", figure("a", Map.of(), 0), figure("b", Map.of(), 0))))
                .isEmpty();
        Histogram one = new Histogram(3);
        one.recordValue(1);
        assertThat(drawn(latencies(one))).containsExactly("waits: latencies");
    }

    @Test
    void largePicture_isSplitByTheLastSetting() throws IOException {
        List<Figure> figures = new ArrayList<>();
        for (int subject = 0; subject < 9; subject++) {
            for (String keys : List.of("1", "1000")) {
                figures.add(figure("subject-" + subject, Map.of("keys", keys), 1 + subject));
            }
        }
        assertThat(drawn(findings("many", figures.toArray(Figure[]::new))))
                .containsExactly("many: commits/s, keys 1", "many: commits/s, keys 1000");
    }

    @Test
    void axes_ofFewLatencies_haveLabels() throws IOException {
        Histogram few = new Histogram(3);
        for (int i = 1; i <= 13; i++) {
            few.recordValue(i * 1_000_000L);
        }
        List<Pictures.Picture> drawn = new Pictures(folder).draw(latencies(few));
        // Three titles, a name in the legend, 90 %, and two powers of ten: each text is a translated group.
        assertThat(Files.readString(folder.resolve(drawn.get(0).file())).split("<g transform=\"translate", -1))
                .hasSizeGreaterThan(7);
    }

    @Test
    void picturesOfAnEarlierRun_areDeleted() throws IOException {
        Path old = Files.createDirectories(folder.resolve("pictures")).resolve("old.svg");
        Files.writeString(old, "<svg/>");
        Reports reports = new Reports(folder);
        assertThat(old).doesNotExist();
        reports.add(
                findings("bars", figure("a", Map.of(), 1), figure("b", Map.of(), 2)), SampleResults.circumstances());
        assertThat(folder.resolve("pictures")).isDirectoryContaining("glob:**.svg");
        assertThat(folder.resolve("results.md")).content().contains("(pictures/bars-commits-s.svg)");
    }

    @Test
    void earlierReport_namesItsDurations() throws IOException {
        Path report = folder.resolve("results.json");
        assertThat(Reports.seconds(folder, "brief")).isEmpty();
        new Reports(folder).add(findings("duel"), SampleResults.circumstances());
        assertThat(Reports.seconds(folder, "brief")).containsExactly(Map.entry("duel", 1.0));
        assertThat(Reports.seconds(folder, "whole")).isEmpty();
        Files.writeString(report, "{ broken");
        assertThat(Reports.seconds(folder, "brief")).isEmpty();
    }

    @Test
    void undrawableFigure_isAReportedFailure() throws IOException {
        Findings odd =
                findings("odd", figure("a", Map.of("threads", "one"), 1), figure("a", Map.of("threads", "two"), 1));
        Findings added = new Reports(folder).add(odd, SampleResults.circumstances());
        assertThat(added.failure()).contains("could not be drawn");
        assertThat(folder.resolve("results.md"))
                .content()
                .contains("**Failed**: ")
                .contains("| a | two | 1 |");
    }

    private List<String> drawn(Findings findings) throws IOException {
        return new Pictures(folder)
                .draw(findings).stream().map(Pictures.Picture::title).toList();
    }

    private static Findings latencies(Histogram... repeats) {
        Latencies latencies = Latencies.of("fencepost", Map.of(), List.of(repeats));
        return new Findings("waits", "", 1, null, List.of(), List.of(), List.of(latencies), List.of());
    }

    private static Map<String, String> settings(String... namesAndValues) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return settings;
    }
}
