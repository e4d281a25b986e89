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
                    "The maximum number of entries, up to 10000; fewer if values are long. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
            names = "--after",
            paramLabel = "NAME",
            description = "The entry after which to begin, usually the last of the page before. Default: begin with"
                    + " the first.")
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
