package dev.fencepost.benchmarks.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Results for people: first the targets, then each experiment with its tables and pictures. */
final class MarkdownReport {
    private static final double GIGABYTE = 1 << 30;
    private static final String LEAST_TO_MOST = "least to most";

    private final StringBuilder text = new StringBuilder();

    private MarkdownReport() {}

    /**
     * Returns the whole report.
     *
     * @param pictures the pictures by experiment
     */
    static String of(Results results, Map<String, List<Pictures.Picture>> pictures) {
        MarkdownReport report = new MarkdownReport();
        report.targets(results);
        report.circumstances(results.circumstances());
        results.experiments().forEach(one -> report.experiment(one, pictures.getOrDefault(one.name(), List.of())));
        return report.text.toString();
    }

    private void targets(Results results) {
        paragraph("# Results");
        DiskSync sync = results.circumstances().sync();
        if (sync != null) {
            paragraph("The disk: " + sync.words() + ".");
        }
        paragraph(targetsOf(results));
    }

    /** Returns the table of all targets. */
    static String targetsOf(Results results) {
        List<List<String>> rows = new ArrayList<>();
        for (Target.Result result : results.targets()) {
            List<String> row = new ArrayList<>(List.of(result.what(), result.bound()));
            row.addAll(result.measured() == null ? List.of("", "") : cells(result.measured()));
            row.add(result.outcome().toString());
            rows.add(row);
        }
        return tableOf(1, List.of("target", "bound", "median", LEAST_TO_MOST, "verdict"), rows);
    }

    private void circumstances(Environment here) {
        Environment.Machine machine = here.machine();
        paragraph(
                "Taken on " + here.date() + " at commit " + here.commit() + ", depth " + here.depth()
                        + " (repeats: " + here.repeats() + ", of " + here.lengthMillis() + " ms each)."
                        + " Figures are medians over the repeats; ratios are made within a repeat, and then their median is taken.");
        paragraph("The machine: " + machine.processor() + ", " + machine.cores() + " cores, "
                + Numbers.plain(machine.memoryBytes() / GIGABYTE) + " GiB, " + machine.kernel() + "; disk "
                + machine.disk() + ", memory " + machine.memory() + ".");
        paragraph("Versions: " + Measurement.words(here.versions()) + ".");
    }

    private void experiment(Findings findings, List<Pictures.Picture> pictures) {
        paragraph("## " + findings.name());
        paragraph(findings.question());
        if (findings.failure() != null) {
            paragraph("**Failed**: " + findings.failure());
        }
        Map<Boolean, List<Figure>> costs =
                findings.figures().stream().collect(Collectors.partitioningBy(Figure::isCost));
        Figure.byUnit(costs.get(false)).forEach(this::figures);
        costs(costs.get(true));
        ratios(findings);
        latencies(findings.latencies());
        findings.absences().forEach(one -> paragraph("Not measured: " + one.subject() + ", because " + one.why()));
        pictures.forEach(picture -> paragraph("![" + picture.title() + "](" + picture.file() + ")"));
    }

    private void figures(String unit, List<Figure> figures) {
        boolean errors = figures.stream().anyMatch(figure -> !figure.errors().isEmpty());
        List<String> heads = new ArrayList<>(List.of(unit, LEAST_TO_MOST));
        if (errors) {
            heads.add("\u00b1 in a repeat (99.9 %)");
        }
        List<String> varying = withCommon(figures);
        List<List<String>> rows = new ArrayList<>();
        for (Figure figure : sideBySide(figures)) {
            List<String> row = row(figure, varying);
            row.addAll(cells(figure.spread()));
            if (errors) {
                row.add(
                        figure.errors().isEmpty()
                                ? ""
                                : Numbers.plain(Spread.of(figure.errors()).median()));
            }
            rows.add(row);
        }
        table(varying, heads, rows);
    }

    /** Prints the medians of all costs of a commit, one column for each. */
    private void costs(List<Figure> costs) {
        if (costs.isEmpty()) {
            return;
        }
        List<String> units = List.copyOf(Figure.byUnit(costs).keySet());
        List<String> varying = withCommon(costs);
        Map<List<String>, Map<String, String>> rows = new LinkedHashMap<>();
        for (Figure cost : sideBySide(costs)) {
            rows.computeIfAbsent(row(cost, varying), row -> new HashMap<>())
                    .put(cost.unit(), Numbers.plain(cost.spread().median()));
        }
        List<List<String>> lines = new ArrayList<>();
        rows.forEach((row, cells) -> {
            List<String> line = new ArrayList<>(row);
            units.forEach(unit -> line.add(cells.getOrDefault(unit, "")));
            lines.add(line);
        });
        table(varying, units, lines);
    }

    private void ratios(Findings findings) {
        List<String> varying = Measurement.varying(findings.figures());
        List<List<String>> rows = new ArrayList<>();
        for (Ratio ratio : findings.ratios()) {
            for (Figure one : ratio.of(findings.figures())) {
                List<String> row = row(one, varying);
                row.add(one.unit());
                row.addAll(cells(one.spread()));
                rows.add(row);
            }
        }
        if (!rows.isEmpty()) {
            table(varying, List.of("of", "ratio", LEAST_TO_MOST), rows);
        }
    }

    private void latencies(List<Latencies> all) {
        if (all.isEmpty()) {
            return;
        }
        List<String> varying = withCommon(all);
        List<List<String>> rows = new ArrayList<>();
        for (Latencies latencies : sideBySide(all)) {
            Latencies.Percentiles at = latencies.all();
            List<String> row = row(latencies, varying);
            for (long nanos : List.of(at.p50(), at.p90(), at.p99(), at.p999(), at.max())) {
                row.add(Numbers.nanos(nanos));
            }
            row.add(Numbers.count(at.count()));
            rows.add(row);
        }
        table(varying, List.of("latency p50", "p90", "p99", "p99.9", "max", "count"), rows);
    }

    /** Prints the settings that are the same everywhere, and returns the names of the others. */
    private List<String> withCommon(List<? extends Measurement> all) {
        Map<String, String> common = Measurement.common(all);
        if (!common.isEmpty()) {
            paragraph("With " + Measurement.words(common) + ":");
        }
        return Measurement.varying(all);
    }

    private void table(List<String> varying, List<String> last, List<List<String>> rows) {
        List<String> heads = new ArrayList<>(List.of("subject"));
        heads.addAll(varying);
        heads.addAll(last);
        table(varying.size() + 1, heads, rows);
    }

    private void table(int firstNumber, List<String> heads, List<List<String>> rows) {
        paragraph(tableOf(firstNumber, heads, rows));
    }

    /** Returns a table in Markdown whose columns from this one on are right-aligned numbers. */
    static String tableOf(int firstNumber, List<String> heads, List<List<String>> rows) {
        StringBuilder table = new StringBuilder(line(heads)).append("\n|");
        for (int i = 0; i < heads.size(); i++) {
            table.append(i < firstNumber ? " --- |" : " ---: |");
        }
        rows.forEach(row -> table.append('\n').append(line(row)));
        return table.toString();
    }

    private static String line(List<String> cells) {
        return cells.stream()
                .map(cell -> cell.replace("|", "\\|").replace('\n', ' '))
                .collect(Collectors.joining(" | ", "| ", " |"));
    }

    private void paragraph(String words) {
        text.append(text.length() == 0 ? "" : "\n").append(words).append('\n');
    }

    private static List<String> row(Measurement one, List<String> varying) {
        List<String> cells = new ArrayList<>(List.of(one.subject()));
        varying.forEach(name -> cells.add(one.settings().getOrDefault(name, "")));
        return cells;
    }

    private static List<String> cells(Spread spread) {
        return List.of(
                Numbers.plain(spread.median()), Numbers.plain(spread.least()) + " to " + Numbers.plain(spread.most()));
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
