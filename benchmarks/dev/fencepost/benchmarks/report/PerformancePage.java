package dev.fencepost.benchmarks.report;

import static dev.fencepost.benchmarks.report.FigureSelector.figure;

import dev.fencepost.benchmarks.report.Grid.Column;
import dev.fencepost.benchmarks.report.Grid.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tables of the page on performance. They are between two comments of the page, and come from the results in the
 * repository. The first comment names the folder of the results, if they have their own, and the section.
 */
public final class PerformancePage {
    static final Path PAGE = Path.of("src", "site", "markdown", "performance.md");

    /** The folder of the results in the repository. */
    static final Path RESULTS = Path.of("benchmarks", "results");

    private static final Pattern SECTION =
            Pattern.compile("<!-- results: (?:([a-z]+)/)?([a-z-]+) -->\n.*?<!-- end of results -->", Pattern.DOTALL);
    private static final String COMMITS = "commits/s";
    private static final String POWER_LOSS = "power loss";
    private static final String PROCESS_DEATH = "process death";

    private static final FigureSelector HOT_KEY = figure("hot-key", COMMITS).with("threads", 8);
    private static final FigureSelector ONE_KEY =
            figure("processes-one-key", COMMITS).with("load", "full").with("processes", 8);
    private static final FigureSelector DURABLE = figure("threads-durable", COMMITS);
    private static final FigureSelector GROWTH = figure("growth", "reads/s");

    private static final List<Row> STORES = List.of(
            Row.of("Fencepost", "fencepost"),
            Row.of("C with SQLite, the same rows", "c-sqlite"),
            Row.of("C with SQLite, the least rows", "c-sqlite-minimal"),
            Row.of("SQLite by JDBC", "raw-jdbc"),
            Row.of("SQLite behind one lock", "one-lock"),
            Row.of("RocksDB", "rocksdb"),
            Row.of("H2", "h2"),
            Row.of("Redis", "redis"),
            Row.of("PostgreSQL", "postgresql"),
            Row.of("agent-coherence", "agent-coherence"));

    /** The text of each section, by name. */
    private static final Map<String, Function<Results, String>> SECTIONS = Map.of(
            "run", PerformancePage::run,
            "targets", MarkdownReport::targetsOf,
            "stores", stores(),
            "costs", costs(),
            "hot-key", hotKey(),
            "processes-one-key", processes(),
            "history", history());

    private PerformancePage() {}

    /** Rewrites the page from the results in the repository, which is the working folder. */
    public static void update() throws IOException {
        String page = Files.readString(PAGE);
        Files.writeString(PAGE, rewritten(page, RESULTS));
    }

    /** Tells whether the page shows the results in this folder. */
    public static boolean shows(Path folder) {
        return Files.exists(PAGE) && folder.toAbsolutePath().normalize().startsWith(RESULTS.toAbsolutePath());
    }

    /**
     * Returns a page with its sections replaced.
     *
     * @param results the folder of the results
     * @throws IllegalArgumentException if the page has a section that does not exist
     */
    static String rewritten(String page, Path results) throws IOException {
        Matcher section = SECTION.matcher(page);
        StringBuilder text = new StringBuilder();
        while (section.find()) {
            String folder = section.group(1);
            Function<Results, String> content = SECTIONS.get(section.group(2));
            if (content == null) {
                throw new IllegalArgumentException(
                        "There is no section '" + section.group(2) + "'; there are " + SECTIONS.keySet());
            }
            Results saved = SavedResults.in(folder == null ? results : results.resolve(folder));
            String name = (folder == null ? "" : folder + "/") + section.group(2);
            section.appendReplacement(
                    text,
                    Matcher.quoteReplacement("<!-- results: " + name + " -->\n\n" + content.apply(saved)
                            + "\n\n<!-- end of results -->"));
        }
        return section.appendTail(text).toString();
    }

    private static String run(Results results) {
        Environment here = results.circumstances();
        DiskSync sync = here.sync();
        return "Measured on " + here.date().replaceAll("T.*", "") + " at commit `" + here.commit() + "`, depth "
                + here.depth() + ", on " + here.machine().processor() + " with "
                + here.machine().cores()
                + " cores. Disk: " + here.machine().disk()
                + (sync == null ? "; the time of a sync was not measured." : "; " + sync.words() + ".");
    }

    private static Grid stores() {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.of("1 thread, in memory", figure("threads-memory", COMMITS)));
        for (int threads : List.of(1, 8, 64)) {
            columns.add(Column.of(
                    threads + (threads == 1 ? " thread, durable" : " threads, durable"),
                    DURABLE.with("threads", threads)));
        }
        return new Grid("commits a second", STORES, columns);
    }

    private static Grid costs() {
        List<Column> columns = new ArrayList<>();
        for (String unit : List.of(
                "\u00b5s of processor/commit",
                "context switches/commit",
                "bytes to disk/commit",
                "disk flushes/commit")) {
            columns.add(Column.of(
                    unit.replace("/commit", ""), figure("threads-durable", unit).with("threads", 64)));
        }
        return new Grid("64 threads, durable, for each commit", STORES, columns);
    }

    private static Grid hotKey() {
        List<Row> ways = List.of(
                Row.of("optimistic: `update`", "fencepost"),
                Row.of("optimistic: `transact`", "fencepost-transact"),
                Row.of("pessimistic: `claim`, wait, write and release", "fencepost-claim"),
                Row.of("by hand: one lock around SQLite", "one-lock"));
        List<Column> columns = new ArrayList<>();
        for (String durability : List.of(POWER_LOSS, PROCESS_DEATH)) {
            FigureSelector figures = HOT_KEY.with("durability", durability);
            columns.add(Column.of("one hot key, survives " + durability, figures.with("keys", 1)));
            columns.add(Column.of("a thousand keys, survives " + durability, figures.with("keys", 1_000)));
        }
        return new Grid("way", ways, columns);
    }

    private static Grid processes() {
        List<Row> rows = List.of(
                Row.of("Fencepost", "fencepost"),
                Row.of("two hand-written statements with a patient busy handler", "sqlite-patient"),
                Row.of("SQLite's busy timeout", "sqlite-busy-timeout"));
        return new Grid(
                "eight processes, one key",
                rows,
                List.of(
                        Column.of("increments a second", ONE_KEY),
                        Column.of("one process alone", ONE_KEY.with("processes", 1)),
                        Column.of(
                                "slowest / fastest",
                                figure("processes-one-key", "slowest/fastest").with("processes", 8)),
                        new Column(
                                "longest wait",
                                ONE_KEY,
                                figures -> figures.latencies(waits -> waits.max()),
                                spread -> Numbers.nanos(spread.most()))));
    }

    private static Grid history() {
        List<Row> rows = List.of(
                new Row("ten million versions of a million keys", figures -> figures.with("versions", 10_000_000)),
                new Row("ten thousand versions", figures -> figures.with("versions", 10_000)));
        return new Grid(
                "store",
                rows,
                List.of(
                        Column.of("reads as of random positions", GROWTH.with("reads", "as of a place")),
                        Column.of("reads of the latest, past the cache", GROWTH.with("reads", "uncached")),
                        Column.of("histories of ten versions each", GROWTH.with("reads", "history"))));
    }
}
