package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.Page;
import java.util.function.Function;

/** Commands as methods. The parser calls a command method on the parent command, which implements its group. */
interface CommandGroup {
    /** Returns the root command, which has the options of all commands. */
    RootCommand root();

    /** Prints an object for programs, or a line for people. */
    default void print(ObjectNode json, String line) {
        root().output().print(json, line);
    }

    /**
     * Prints a page of a list, with a note if there are more entries.
     *
     * @param name the name of an entry, after which the next page begins
     * @param none the note for people if the page is empty; an empty text prints none
     */
    default <T> void print(AsOf<Page<T>> page, Table<T> table, Function<? super T, String> name, String none) {
        Output output = root().output();
        output.print(
                page.found().stream().map(entry -> page.in(table.json(entry))).toList(),
                table.headings(),
                page.found().stream().map(table::row).toList());
        if (page.found().isEmpty() && !none.isEmpty()) {
            output.note(none);
        }
        page.sequence().ifPresent(sequence -> output.note("As of sequence " + sequence + "."));
        output.more(page.found(), name);
    }
}
