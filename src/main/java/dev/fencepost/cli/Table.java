package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A list of results: JSON objects for programs, and rows for people, most of whose cells are fields of the objects. */
final class Table<T> {
    /** A column. */
    private record Column<T>(String heading, BiFunction<? super T, ObjectNode, String> cell) {}

    private final Function<? super T, ObjectNode> json;
    private final List<Column<T>> columns = new ArrayList<>();

    /**
     * Creates a table without columns.
     *
     * @param json an entry as an object for programs
     */
    Table(Function<? super T, ObjectNode> json) {
        this.json = json;
    }

    /** Adds columns, each given as {@code HEADING:field}. The cell of an absent field is a dash. */
    Table<T> fields(String... names) {
        for (String name : names) {
            String[] parts = name.split(":", 2);
            columns.add(new Column<>(
                    parts[0],
                    (entry, object) ->
                            object.has(parts[1]) ? object.get(parts[1]).asText() : "-"));
        }
        return this;
    }

    /** Adds a column with the preview of a field, or with another text if the field is absent. */
    Table<T> preview(String heading, String field, String absent) {
        columns.add(new Column<>(
                heading,
                (entry, object) ->
                        object.has(field) ? Printable.preview(object.get(field).asText()) : absent));
        return this;
    }

    /** Adds a column. */
    Table<T> column(String heading, Function<? super T, String> cell) {
        columns.add(new Column<>(heading, (entry, object) -> cell.apply(entry)));
        return this;
    }

    ObjectNode json(T entry) {
        return json.apply(entry);
    }

    List<String> headings() {
        return columns.stream().map(Column::heading).toList();
    }

    List<String> row(T entry) {
        ObjectNode object = json(entry);
        return columns.stream()
                .map(column -> column.cell().apply(entry, object))
                .toList();
    }
}
