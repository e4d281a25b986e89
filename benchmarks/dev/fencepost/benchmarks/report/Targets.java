package dev.fencepost.benchmarks.report;

import java.util.List;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Fencepost's performance targets, as bounds on ratios and on a few times. The names of experiments, subjects and
 * settings are those of the experiments. A target without figures is reported as not measured.
 */
final class Targets {
    private static final String FENCEPOST = "fencepost";
    private static final String POWER_LOSS = "power loss";
    private static final String THREADS = "threads";
    private static final String KEYS = "keys";
    private static final String DURABILITY = "durability";
    private static final String PROCESSES = "processes";
    private static final int MANY_THREADS = 64;
    private static final int SOME = 8;
    private static final int MANY_KEYS = 1_000;
    private static final int SMALL = 10_000;
    private static final int LARGE = 10_000_000;
    private static final int MILLION = 1_000_000;
    private static final double MICROSECOND = 1e3;

    private Targets() {}

    static List<Target> all() {
        return Stream.of(oneThread(), manyThreads(), hotKey(), processes(), reads(), waiting(), size())
                .flatMap(List::stream)
                .toList();
    }

    static List<TargetResult> judge(Results results) {
        return all().stream().map(aim -> aim.judge(results)).toList();
    }

    private static List<Target> oneThread() {
        FigureSelector fencepost =
                FigureSelector.rate("threads-memory", FENCEPOST).with(THREADS, 1);
        return List.of(
                Target.atLeast(
                        0.75,
                        "commits of one thread, in memory / the same in C with SQLite",
                        Sample.quotient(fencepost, fencepost.of("c-sqlite"))),
                Target.atLeast(
                        0.95,
                        "commits of one thread, in memory / without the commit queue",
                        Sample.quotient(fencepost, fencepost.of("fencepost-uncombined"))));
    }

    private static List<Target> manyThreads() {
        FigureSelector fencepost = FigureSelector.rate("threads-durable", FENCEPOST)
                .with(THREADS, MANY_THREADS)
                .with(KEYS, MANY_KEYS)
                .with(DURABILITY, POWER_LOSS);
        String commits = "durable commits of 64 threads on 1,000 keys / ";
        return List.of(
                Target.atLeast(1.5, commits + "Redis", Sample.quotient(fencepost, fencepost.of("redis"))),
                Target.atLeast(5, commits + "PostgreSQL", Sample.quotient(fencepost, fencepost.of("postgresql"))),
                Target.atLeast(
                        8, commits + "SQLite behind one lock", Sample.quotient(fencepost, fencepost.of("one-lock"))));
    }

    private static List<Target> hotKey() {
        FigureSelector rate =
                FigureSelector.rate("hot-key", FENCEPOST).with(THREADS, SOME).with(DURABILITY, POWER_LOSS);
        FigureSelector share = FigureSelector.figure("hot-key", FENCEPOST, "share of mean")
                .with(THREADS, SOME)
                .with(KEYS, 1)
                .with(DURABILITY, POWER_LOSS);
        return List.of(
                Target.atLeast(
                        0.5,
                        "updates of one key by 8 threads / of 1,000 keys",
                        Sample.quotient(rate.with(KEYS, 1), rate.with(KEYS, MANY_KEYS))),
                Target.atLeast(
                        0.5,
                        "updates of one key by the slowest of 8 threads / their mean",
                        Sample.of(share.with("thread", "slowest"))),
                Target.atMost(
                        2,
                        "updates of one key by the fastest of 8 threads / their mean",
                        Sample.of(share.with("thread", "fastest"))));
    }

    private static List<Target> processes() {
        FigureSelector rate =
                FigureSelector.rate("processes-one-key", FENCEPOST).with(PROCESSES, SOME);
        FigureSelector full = rate.with("load", "full");
        return List.of(
                Target.atLeast(
                        2,
                        "durable increments of one key by 8 processes / SQLite with a busy timeout",
                        Sample.quotient(full, full.of("sqlite-busy-timeout"))),
                Target.below(
                        100,
                        "longest wait of 8 processes for one key / the median",
                        Sample.ofLatencies(
                                full, waits -> (double) waits.getMaxValue() / waits.getValueAtPercentile(50))),
                Target.atLeast(
                        0.7,
                        "increments of one key by the slowest of 8 processes / the fastest",
                        Sample.of(FigureSelector.figure("processes-one-key", FENCEPOST, "slowest/fastest")
                                .with(PROCESSES, SOME))));
    }

    private static List<Target> reads() {
        FigureSelector cached =
                FigureSelector.figure("reads", "latest-from-cache", "ns/read").with(THREADS, 1);
        FigureSelector beside = FigureSelector.figure("read-beside-commits", FENCEPOST, "reads/s");
        FigureSelector writer = FigureSelector.figure("readers-beside-writer", FENCEPOST, "commits/s");
        return List.of(
                Target.atMost(
                        2,
                        "time of a latest read from the cache / of a hit in a bare Caffeine cache",
                        Sample.quotient(cached, cached.of("bare-caffeine"))),
                Target.atLeast(
                        0.5,
                        "reads while another process commits 1,000/s to other keys / while none does",
                        Sample.quotient(beside.with("commits", "1000/s"), beside.with("commits", "0/s"))),
                Target.atLeast(
                        0.9,
                        "commits beside 4 reading processes, 1,000 reads/s each / alone",
                        Sample.quotient(writer.with("readers", 4).with("pace", "1000/s"), writer.with("readers", 0))));
    }

    private static List<Target> waiting() {
        return List.of(
                Target.below(
                        100,
                        "microseconds from a commit's acknowledgement until another process sees it, median",
                        Sample.ofLatencies(
                                FigureSelector.rate("notice", FENCEPOST).with("since", "acknowledged"),
                                Targets::medianMicros)),
                Target.below(
                        0.5,
                        "processor use of a process that waits for a change, % of a core",
                        Sample.of(FigureSelector.figure("idle", FENCEPOST, "% of a core")
                                .with("process", "waits"))));
    }

    private static List<Target> size() {
        FigureSelector commits = FigureSelector.figure("growth", FENCEPOST, "commits/s");
        FigureSelector reads = FigureSelector.figure("growth", FENCEPOST, "reads/s");
        FigureSelector open =
                FigureSelector.figure("growth", FENCEPOST, "ms to open").with("versions", LARGE);
        FigureSelector memory =
                FigureSelector.figure("memory", FENCEPOST, "done").with(KEYS, MILLION);
        return List.of(
                Target.atLeast(
                        0.8, "commits at 10 million versions of a million keys / at 10,000 of 1,000", grown(commits)),
                Target.atLeast(
                        0.8, "reads at 10 million versions of a million keys / at 10,000 of 1,000", grown(reads)),
                Target.below(
                        200,
                        "milliseconds to open a file of 5 GB, in the page cache, after another store",
                        Sample.of(open.with("page cache", "warm").with("process", "warm"))),
                Target.atLeast(1, "a heap of 256 MB serves a million keys (1 if so)", Sample.of(memory)),
                Target.atMost(
                        100,
                        "MB of that heap in use in the end, of which the cache may hold 67",
                        Sample.of(FigureSelector.figure("memory", FENCEPOST, "MB in use")
                                .with(KEYS, MILLION))));
    }

    private static Sample grown(FigureSelector rate) {
        return Sample.quotient(
                rate.with("versions", LARGE).with(KEYS, MILLION),
                rate.with("versions", SMALL).with(KEYS, MANY_KEYS));
    }

    private static double medianMicros(Histogram latencies) {
        return latencies.getValueAtPercentile(50) / MICROSECOND;
    }
}
