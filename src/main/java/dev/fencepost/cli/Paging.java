package dev.fencepost.cli;

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

    /** Returns a note about an empty list, which is empty itself for all pages but the first. */
    String none(String note) {
        return after.isEmpty() ? note : "";
    }
}
