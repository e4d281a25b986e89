package dev.fencepost.cli.demo;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Help.ColorScheme;

/** Prints the demo: as text for people, as one JSON object for each scenario for programs. */
public final class ReportPrinter {
    private static final String MARGIN = "   ";
    private static final String INDENT = "            ";

    private final PrintStream out;
    private final ColorScheme colors;
    private final boolean json;

    /** Creates a printer for people, in colour if {@code ansi} says so, or for programs. */
    public ReportPrinter(PrintStream out, Ansi ansi, boolean json) {
        this.out = out;
        this.colors = new ColorScheme.Builder(ansi).build();
        this.json = json;
    }

    void begin(Path file) {
        if (!json) {
            out.println("Six agents, each in its own process, share one file:");
            out.println(MARGIN + styled(file.toString(), Style.bold));
        }
    }

    void title(int number, Scenario scenario) {
        if (!json) {
            out.println();
            out.println(styled(number + ". " + scenario.title(), Style.bold));
        }
    }

    void print(Scenario scenario, ScenarioReport report, Path file) {
        if (json) {
            out.println(report.json(scenario, file));
            return;
        }
        report.setting().forEach(sentence -> out.println(MARGIN + sentence));
        report.parts().forEach(this::print);
        out.println();
        for (ScenarioReport.Expectation expectation : report.expectations()) {
            String mark = expectation.met()
                    ? styled("✓ ", Style.fg_green, Style.bold)
                    : styled("✗ FAILED: ", Style.fg_red, Style.bold);
            out.println(MARGIN + mark + expectation.text());
        }
    }

    private void print(String part, List<String> sentences) {
        Style color = part.equals("before") ? Style.fg_yellow : Style.fg_cyan;
        String label = MARGIN + part + " ".repeat(INDENT.length() - MARGIN.length() - part.length());
        out.println();
        out.println(styled(label, color, Style.bold) + styled(sentences.get(0), color));
        sentences.subList(1, sentences.size()).forEach(sentence -> out.println(INDENT + sentence));
    }

    void end(Path file, boolean passed) {
        if (json) {
            return;
        }
        out.println();
        out.println(
                passed
                        ? styled("All expectations were met.", Style.fg_green, Style.bold)
                        : styled("An expectation was NOT met; see above.", Style.fg_red, Style.bold));
        out.println("The file was not deleted. Query it:");
        for (String query : List.of(
                "SELECT key, value, version, writer FROM current_values;",
                "SELECT key, version, value, writer, epoch, committed_at FROM history WHERE key = 'demo/report';",
                "SELECT key, epoch, agent, pid, granted_at, end_reason, ended_by FROM claim_history;")) {
            out.println(MARGIN + "sqlite3 -box '" + file + "' " + '"' + query + '"');
        }
    }

    private String styled(String text, IStyle... styles) {
        return colors.apply(text, List.of(styles)).toString();
    }
}
