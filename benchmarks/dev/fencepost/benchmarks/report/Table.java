package dev.fencepost.benchmarks.report;

import java.util.List;
import java.util.stream.Collectors;

/** A table in Markdown. */
final class Table {
    private final StringBuilder text = new StringBuilder();

    /** Creates a table whose columns from this one on are right-aligned numbers. */
    Table(List<String> heads, int firstNumber) {
        row(heads);
        text.append('|');
        for (int i = 0; i < heads.size(); i++) {
            text.append(i < firstNumber ? " --- |" : " ---: |");
        }
        text.append('\n');
    }

    Table row(List<String> cells) {
        text.append(cells.stream()
                .map(cell -> cell.replace("|", "\\|").replace('\n', ' '))
                .collect(Collectors.joining(" | ", "| ", " |\n")));
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
