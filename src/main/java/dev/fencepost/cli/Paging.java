package dev.fencepost.cli;

import dev.fencepost.Page;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** The options of a list whose entries have names. */
final class Paging {
    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description =
                    "The most entries, up to 10000. Fewer are shown where values are long. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
            names = "--after",
            paramLabel = "NAME",
            description = "Begin after this entry, the last one shown before. Default: with the first.")
    private String after = "";

    int limit() {
        return limit;
    }

    String after() {
        return after;
    }

    /** Prints for people and programs if there are more entries. */
    static <T> void note(Output output, Page<T> page, Function<? super T, String> name) {
        if (page.more()) {
            page.last().ifPresent(last -> output.more(name.apply(last)));
        }
    }
}
