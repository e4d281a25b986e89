package dev.fencepost.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A table of figures from several settings or subjects, with a summary of the repeats in each cell. A cell without
 * figures is empty, and a row of empty cells is left out.
 *
 * @param head the head of the first column
 */
record Grid(String head, List<Row> rows, List<Column> columns) implements Function<Results, String> {
    /** The text in place of a table without any figure. */
    static final String NOTHING = "Not measured in this run.";

    /**
     * A row.
     *
     * @param which narrows the figures of each column to those of this row
     */
    record Row(String title, UnaryOperator<FigureSelector> which) {
        /** Creates a row for a subject. */
        static Row of(String title, String subject) {
            return new Row(title, figures -> figures.of(subject));
        }
    }

    /**
     * A column.
     *
     * @param values takes the values of the repeats from the figures
     * @param cell formats their spread
     */
    record Column(
            String title,
            FigureSelector figures,
            Function<FigureSelector, Function<Results, List<Double>>> values,
            Function<Spread, String> cell) {
        /** Creates a column of medians. */
        static Column of(String title, FigureSelector figures) {
            return new Column(title, figures, same -> same, spread -> Numbers.plain(spread.median()));
        }
    }

    /** Returns the table in Markdown. */
    @Override
    public String apply(Results results) {
        List<String> heads = new ArrayList<>(List.of(head));
        columns.forEach(column -> heads.add(column.title()));
        List<List<String>> lines = new ArrayList<>();
        for (Row row : rows) {
            List<String> line = new ArrayList<>(List.of(row.title()));
            for (Column column : columns) {
                List<Double> values = column.values()
                        .apply(row.which().apply(column.figures()))
                        .apply(results);
                line.add(values.isEmpty() ? "" : column.cell().apply(Spread.of(values)));
            }
            if (line.stream().skip(1).anyMatch(cell -> !cell.isEmpty())) {
                lines.add(line);
            }
        }
        return lines.isEmpty() ? NOTHING : MarkdownReport.tableOf(1, heads, lines);
    }
}
