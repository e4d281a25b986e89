package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.Page;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/** Prints the results of commands: as JSON for programs, as sentences and tables for people. */
final class Output {
    private static final int GAP = 2;

    /** A text that needs no quotes in a shell. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:,@%+=]+");

    private final Shell shell;
    private final boolean json;

    Output(Shell shell, boolean json) {
        this.shell = shell;
        this.json = json;
    }

    boolean isJson() {
        return json;
    }

    /** Prints an object for programs, or a line for people. */
    void print(ObjectNode object, String line) {
        print(object, List.of(line));
    }

    /** Prints an object for programs, or some lines for people. */
    void print(ObjectNode object, List<String> lines) {
        if (json) {
            shell.out().println(object);
        } else {
            lines.forEach(line -> shell.out().println(Printable.of(line)));
        }
    }

    /** Prints objects for programs, one a line, or a table for people. */
    void print(List<ObjectNode> objects, List<String> headings, List<List<String>> rows) {
        if (json) {
            objects.forEach(shell.out()::println);
        } else if (!rows.isEmpty()) {
            table(headings, rows.stream().map(Output::printable).toList());
        }
    }

    /** Prints the headings of a growing table, for people. */
    void heading(List<Integer> widths, Table<?> table) {
        if (!json) {
            Text line =
                    Help.defaultColorScheme(shell.ansi()).apply(padded(widths, table.headings()), List.of(Style.bold));
            shell.out().println(line);
        }
    }

    /**
     * Prints an object for programs, or a row of a growing table for people.
     *
     * @param widths the widths of all columns but the last; a longer text shifts the rest of its row
     */
    <T> void row(List<Integer> widths, Table<T> table, T entry) {
        shell.out().println(json ? table.json(entry).toString() : padded(widths, printable(table.row(entry))));
    }

    private static List<String> printable(List<String> cells) {
        return cells.stream().map(Printable::of).toList();
    }

    private static String padded(List<Integer> widths, List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.size(); i++) {
            line.append(cells.get(i));
            line.append(" ".repeat(Math.max(0, widths.get(i) - cells.get(i).length()) + GAP));
        }
        return line.append(cells.get(widths.size())).toString();
    }

    /** Flushes the output. Returns whether the reader still takes it, so that more output is useful. */
    boolean isTaken() {
        return !shell.out().checkError();
    }

    /** Prints a note that is not a result, for people only. */
    void note(String line) {
        if (!json) {
            shell.err().println(Printable.of(line));
        }
    }

    /**
     * Prints for people and programs if a list has more entries.
     *
     * @param name the name of an entry, after which the next page begins
     */
    <T> void more(Page<T> page, Function<? super T, String> name) {
        if (page.more()) {
            page.last()
                    .ifPresent(last -> shell.err()
                            .println(
                                    Printable.of("There are more. Continue with --after " + quoted(name.apply(last)))));
        }
    }

    /** Returns an argument, quoted for a shell. */
    private static String quoted(String argument) {
        return PLAIN.matcher(argument).matches() ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    /**
     * Prints an object for programs, or a text to the byte. At a terminal, the prompt that follows gets a line of its
     * own.
     */
    void exact(ObjectNode object, String text) {
        if (json) {
            shell.out().println(object);
            return;
        }
        shell.out().print(text);
        if (shell.terminal() && !text.endsWith("\n")) {
            shell.out().println();
        }
    }

    /** Prints the reason for a failed command, and returns its exit code. */
    int refuse(ErrorReport refused) {
        if (json) {
            shell.out().println(refused.json());
        } else {
            Text name = Help.defaultColorScheme(shell.ansi()).apply("fencepost:", List.of(Style.fg_red, Style.bold));
            shell.err().println(name + " " + Printable.of(refused.message()));
            refused.unexpected().ifPresent(e -> e.printStackTrace(shell.err()));
        }
        return refused.exit();
    }

    private void table(List<String> headings, List<List<String>> rows) {
        Column[] columns = IntStream.range(0, headings.size())
                .mapToObj(i -> new Column(width(i, headings, rows), i == 0 ? 0 : GAP, Overflow.TRUNCATE))
                .toArray(Column[]::new);
        TextTable table = TextTable.forColumns(Help.defaultColorScheme(shell.ansi()), columns);
        table.setAdjustLineBreaksForWideCJKCharacters(false);
        addRow(table, headings, List.of(Style.bold));
        rows.forEach(row -> addRow(table, row, List.of()));
        shell.out().print(table);
    }

    /** Adds a row of plain text, since values may look like markup. */
    private void addRow(TextTable table, List<String> cells, List<IStyle> styles) {
        table.addRowValues(cells.stream()
                .map(cell -> Help.defaultColorScheme(shell.ansi()).apply(cell, styles))
                .toArray(Text[]::new));
    }

    private static int width(int column, List<String> headings, List<List<String>> rows) {
        int widest =
                rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
        return Math.max(widest, headings.get(column).length()) + (column == 0 ? 0 : GAP);
    }
}
