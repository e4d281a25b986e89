package dev.fencepost.benchmarks.report;

import static dev.fencepost.benchmarks.report.SampleResults.figure;
import static dev.fencepost.benchmarks.report.SampleResults.findings;
import static dev.fencepost.benchmarks.report.SampleResults.results;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.benchmarks.report.Target.Outcome;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Judgement of targets by figures. */
class TargetsTest {
    private static final FigureSelector FENCEPOST = FigureSelector.rate("duel");
    private static final FigureSelector PEER = FENCEPOST.of("peer");

    @Test
    void target_withoutFigures_isNotMeasured() {
        assertThat(results().targets())
                .isNotEmpty()
                .allSatisfy(verdict -> assertThat(verdict.outcome()).isEqualTo(Outcome.NOT_MEASURED))
                .extracting(Target.Result::what)
                .doesNotHaveDuplicates();
    }

    @Test
    void target_isJudgedByTheFiguresOfItsExperiment() {
        Results results = results(findings(
                "threads-memory",
                figure("fencepost", Map.of("threads", "1", "keys", "1000"), 95),
                figure("c-sqlite", Map.of("threads", "1", "keys", "1000"), 100)));
        assertThat(results.targets())
                .filteredOn(verdict -> verdict.outcome() != Outcome.NOT_MEASURED)
                .singleElement()
                .isEqualTo(new Target.Result(
                        "commits of one thread, in memory / the same in C with SQLite",
                        "\u2265 0.9",
                        new Spread(0.95, 0.95, 0.95),
                        Outcome.MET));
    }

    @Test
    void ratio_isTakenWithinTheSameRepeat() {
        // The ratio of the medians would be 1, and so would that of the sums.
        Results results = duel(figure("fencepost", Map.of(), 1, 4, 2), figure("peer", Map.of(), 4, 2, 1));
        assertThat(FENCEPOST.over(PEER).apply(results)).containsExactly(0.25, 2.0, 2.0);
        Target aim = Target.atLeast(2, "double", FENCEPOST.over(PEER));
        assertThat(aim.judge(results).measured()).isEqualTo(new Spread(2, 0.25, 2));
        assertThat(aim.judge(results).outcome()).isEqualTo(Outcome.MET);
    }

    @Test
    void repeatOfOnlyOneSubject_isIgnored() {
        Results results = duel(figure("fencepost", Map.of(), 6, 8), figure("peer", Map.of(), 2));
        assertThat(FENCEPOST.over(PEER).apply(results)).containsExactly(3.0);
    }

    @Test
    void zeroDenominator_isIgnored() {
        Results results = duel(figure("fencepost", Map.of(), 6, 8), figure("peer", Map.of(), 0, 2));
        assertThat(FENCEPOST.over(PEER).apply(results)).containsExactly(4.0);
    }

    @Test
    void recordedFigure_dividesEachRepeat() {
        assertThat(FENCEPOST.over(4.0).apply(duel(figure("fencepost", Map.of(), 6, 8))))
                .containsExactly(1.5, 2.0);
        assertThat(FENCEPOST.over(4.0).apply(duel())).isEmpty();
    }

    @Test
    void median_isComparedWithTheBound() {
        Results results = duel(figure("fencepost", Map.of(), 1, 2, 9));
        assertThat(Target.atLeast(2, "", FENCEPOST).judge(results).outcome()).isEqualTo(Outcome.MET);
        assertThat(Target.atLeast(2.1, "", FENCEPOST).judge(results).outcome()).isEqualTo(Outcome.NOT_MET);
        assertThat(Target.atMost(2, "", FENCEPOST).judge(results).outcome()).isEqualTo(Outcome.MET);
        assertThat(Target.atMost(1.9, "", FENCEPOST).judge(results).outcome()).isEqualTo(Outcome.NOT_MET);
        assertThat(Target.below(2, "", FENCEPOST).judge(results).outcome()).isEqualTo(Outcome.NOT_MET);
        assertThat(Target.below(2.1, "", FENCEPOST).judge(results).outcome()).isEqualTo(Outcome.MET);
    }

    @Test
    void selector_matchesSettingsAndUnit() {
        Results results = duel(
                figure("fencepost", Map.of("keys", "1", "threads", "8"), 10),
                figure("fencepost", Map.of("keys", "1000", "threads", "8"), 20),
                new Figure("fencepost", Map.of("keys", "1"), "share of mean", List.of(0.5), List.of()));
        assertThat(FENCEPOST.with("keys", 1).apply(results)).containsExactly(10.0);
        assertThat(FENCEPOST.with("keys", 2).apply(results)).isEmpty();
        assertThat(FigureSelector.figure("duel", "share of mean").apply(results))
                .containsExactly(0.5);
        assertThat(FigureSelector.rate("other").apply(results)).isEmpty();
        assertThat(FENCEPOST.with("keys", 1).over(FENCEPOST.with("keys", 1000)).apply(results))
                .containsExactly(0.5);
    }

    @Test
    void ratio_pairsFiguresWithEqualSettings() {
        Results results = duel(
                figure("fencepost", Map.of("load", "full"), 10),
                figure("fencepost", Map.of("load", "paced"), 30),
                figure("peer", Map.of("load", "full"), 5));
        assertThat(FENCEPOST.over(PEER).apply(results)).containsExactly(2.0);
    }

    @Test
    void ratio_withASinglePeerFigure_ignoresItsSettings() {
        Results results =
                duel(figure("fencepost", Map.of("durability", "power loss"), 10), figure("peer", Map.of(), 5));
        assertThat(FENCEPOST.over(PEER).apply(results)).containsExactly(2.0);
    }

    @Test
    void latencySample_hasOneValuePerRepeat() {
        Histogram slow = new Histogram(3);
        slow.recordValue(1_000);
        Histogram fast = new Histogram(3);
        fast.recordValue(10);
        Latencies latencies = Latencies.of("fencepost", Map.of("since", "acknowledged"), List.of(slow, fast));
        Results results =
                results(new Findings("duel", "", 1, null, List.of(), List.of(), List.of(latencies), List.of()));
        assertThat(FENCEPOST
                        .with("since", "acknowledged")
                        .latencies(Latencies.Percentiles::max)
                        .apply(results))
                .containsExactly(1_000.0, 10.0);
        assertThat(FENCEPOST
                        .with("since", "never")
                        .latencies(Latencies.Percentiles::max)
                        .apply(results))
                .isEmpty();
    }

    private static Results duel(Figure... figures) {
        return results(findings("duel", figures));
    }
}
