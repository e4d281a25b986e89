package dev.fencepost.benchmarks.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Results for people: first the targets, then each experiment with its tables and pictures. */
final class MarkdownReport {
    private static final double GIGABYTE = 1 << 30;
    private static final double MILLION = 1e6;
    private static final String LEAST_TO_MOST = "least to most";

    private final Results results;
    private final List<TargetResult> verdicts;
    private final Map<String, List<Picture>> pictures;
    private final StringBuilder text = new StringBuilder();

    private MarkdownReport(Results results, List<TargetResult> verdicts, Map<String, List<Picture>> pictures) {
        this.results = results;
        this.verdicts = verdicts;
        this.pictures = pictures;
    }

    /**
     * Returns the whole report.
     *
     * @param pictures the pictures by experiment
     */
    static String of(Results results, List<TargetResult> verdicts, Map<String, List<Picture>> pictures) {
        MarkdownReport report = new MarkdownReport(results, verdicts, pictures);
        report.targets();
        report.circumstances();
        results.experiments().forEach(report::experiment);
        return report.text.toString();
    }

    private void targets() {
        Table table = new Table(List.of("aim", "bound", "median", LEAST_TO_MOST, "verdict"), 1);
        for (TargetResult verdict : verdicts) {
            String median = verdict.measured()
                    .map(spread -> Numbers.plain(spread.median()))
                    .orElse("");
            String ends = verdict.measured().map(Numbers::ends).orElse("");
            table.row(List.of(
                    verdict.what(),
                    verdict.bound(),
                    median,
                    ends,
                    verdict.outcome().toString()));
        }
        paragraph("# Results");
        paragraph(table.toString().strip());
    }

    private void circumstances() {
        Environment here = results.circumstances();
        Machine machine = here.machine();
        paragraph(
                "Taken on " + here.date() + " at commit " + here.commit() + ", depth " + here.depth()
                        + " (repeats: " + here.repeats() + ", of " + here.lengthMillis() + " ms each)."
                        + " Figures are medians over the repeats; ratios are made within a repeat, and then their median is taken.");
        paragraph("The machine: " + machine.processor() + ", " + machine.cores() + " cores, "
                + Numbers.plain(machine.memoryBytes() / GIGABYTE) + " GiB, " + machine.kernel() + "; disk "
                + machine.disk() + ", memory " + machine.memory() + ".");
        paragraph("Versions: "
                + here.versions().entrySet().stream()
                        .map(version -> version.getKey() + " " + version.getValue())
                        .collect(Collectors.joining(", "))
                + ".");
    }

    private void experiment(Findings findings) {
        paragraph("## " + findings.name());
        paragraph(findings.question());
        findings.failure().ifPresent(why -> paragraph("**Failed**: " + why));
        Figure.byUnit(findings.figures()).forEach(this::figures);
        ratios(findings);
        latencies(findings.latencies());
        findings.absences().forEach(one -> paragraph("Not measured: " + one.subject() + ", because " + one.why()));
        pictures.getOrDefault(findings.name(), List.of())
                .forEach(picture -> paragraph("![" + picture.title() + "](" + picture.file() + ")"));
    }

    private void figures(String unit, List<Figure> figures) {
        Layout layout = Layout.of(figures);
        boolean errors = figures.stream().anyMatch(figure -> !figure.errors().isEmpty());
        List<String> heads = heads(layout, unit, LEAST_TO_MOST);
        if (errors) {
            heads.add("\u00b1 in a repeat (99.9 %)");
        }
        Table table = new Table(heads, layout.varying().size() + 1);
        for (Figure figure : sideBySide(figures)) {
            List<String> row = cells(layout, figure.subject(), figure.settings());
            row.add(Numbers.plain(figure.spread().median()));
            row.add(Numbers.ends(figure.spread()));
            if (errors) {
                row.add(
                        figure.errors().isEmpty()
                                ? ""
                                : Numbers.plain(Spread.of(figure.errors()).median()));
            }
            table.row(row);
        }
        print(layout, table);
    }

    private void ratios(Findings findings) {
        List<Figure> figures = findings.figures();
        Layout layout = Layout.of(figures);
        List<List<String>> rows = new ArrayList<>();
        for (Ratio ratio : findings.ratios()) {
            for (Figure one : ratio.of(figures)) {
                List<String> row = cells(layout, one.subject(), one.settings());
                row.addAll(List.of(one.unit(), Numbers.plain(one.spread().median()), Numbers.ends(one.spread())));
                rows.add(row);
            }
        }
        if (!rows.isEmpty()) {
            Table table = new Table(
                    heads(layout, "of", "ratio", LEAST_TO_MOST),
                    layout.varying().size() + 1);
            rows.forEach(table::row);
            paragraph(table.toString().strip());
        }
    }

    private void latencies(List<Latencies> all) {
        if (all.isEmpty()) {
            return;
        }
        Layout layout = Layout.of(all);
        List<String> heads = heads(layout, "latency p50", "p90");
        heads.addAll(List.of("p99", "p99.9", "max", "count"));
        Table table = new Table(heads, layout.varying().size() + 1);
        for (Latencies latencies : sideBySide(all)) {
            Percentiles at = Percentiles.of(latencies.merged());
            List<String> row = cells(layout, latencies.subject(), latencies.settings());
            for (long nanos : List.of(at.p50(), at.p90(), at.p99(), at.p999(), at.max())) {
                row.add(Numbers.nanos(nanos));
            }
            row.add(Numbers.count(at.count()));
            table.row(row);
        }
        print(layout, table);
    }

    private void print(Layout layout, Table table) {
        if (!layout.common().isEmpty()) {
            paragraph("With " + Layout.words(layout.common(), layout.common().keySet()) + ":");
        }
        paragraph(table.toString().strip());
    }

    private void paragraph(String words) {
        text.append(text.length() == 0 ? "" : "\n").append(words).append('\n');
    }

    private static List<String> heads(Layout layout, String... last) {
        List<String> heads = new ArrayList<>(List.of("subject"));
        heads.addAll(layout.varying());
        heads.addAll(List.of(last));
        return heads;
    }

    private static List<String> cells(Layout layout, String subject, Map<String, String> settings) {
        List<String> cells = new ArrayList<>(List.of(subject));
        layout.varying().forEach(name -> cells.add(settings.getOrDefault(name, "")));
        return cells;
    }

    /** Sorts measurements with equal settings next to each other. */
    private static <T extends Measurement> List<T> sideBySide(List<T> all) {
        return all.stream()
                .collect(Collectors.groupingBy(Measurement::settings, LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .flatMap(Collection::stream)
                .toList();
    }
}
