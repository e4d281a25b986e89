package dev.fencepost.benchmarks.report;

import java.util.List;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * What Fencepost is to reach, as bounds on ratios and on a few times. The names of experiments, subjects and settings are
 * those that the experiments use; an aim whose figures are not there is reported as not measured.
 */
final class Aims {
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

    private Aims() {}

    static List<Aim> all() {
        return Stream.of(oneThread(), manyThreads(), hotKey(), processes(), reads(), waiting(), size())
                .flatMap(List::stream)
                .toList();
    }

    static List<Verdict> judge(Results results) {
        return all().stream().map(aim -> aim.judge(results)).toList();
    }

    private static List<Aim> oneThread() {
        Pick fencepost = Pick.rate("threads-memory", FENCEPOST).with(THREADS, 1);
        return List.of(
                Aim.atLeast(
                        0.75,
                        "commits of one thread, in memory / the same in C with SQLite",
                        Sample.quotient(fencepost, fencepost.of("c-sqlite"))),
                Aim.atLeast(
                        0.95,
                        "commits of one thread, in memory / without the commit queue",
                        Sample.quotient(fencepost, fencepost.of("fencepost-uncombined"))));
    }

    private static List<Aim> manyThreads() {
        Pick fencepost = Pick.rate("threads-durable", FENCEPOST)
                .with(THREADS, MANY_THREADS)
                .with(KEYS, MANY_KEYS)
                .with(DURABILITY, POWER_LOSS);
        String commits = "durable commits of 64 threads on 1,000 keys / ";
        return List.of(
                Aim.atLeast(1.5, commits + "Redis", Sample.quotient(fencepost, fencepost.of("redis"))),
                Aim.atLeast(5, commits + "PostgreSQL", Sample.quotient(fencepost, fencepost.of("postgresql"))),
                Aim.atLeast(
                        8, commits + "SQLite behind one lock", Sample.quotient(fencepost, fencepost.of("one-lock"))));
    }

    private static List<Aim> hotKey() {
        Pick rate = Pick.rate("hot-key", FENCEPOST).with(THREADS, SOME).with(DURABILITY, POWER_LOSS);
        Pick share = Pick.figure("hot-key", FENCEPOST, "share of mean")
                .with(THREADS, SOME)
                .with(KEYS, 1)
                .with(DURABILITY, POWER_LOSS);
        return List.of(
                Aim.atLeast(
                        0.5,
                        "updates of one key by 8 threads / of 1,000 keys",
                        Sample.quotient(rate.with(KEYS, 1), rate.with(KEYS, MANY_KEYS))),
                Aim.atLeast(
                        0.5,
                        "updates of one key by the slowest of 8 threads / their mean",
                        Sample.of(share.with("thread", "slowest"))),
                Aim.atMost(
                        2,
                        "updates of one key by the fastest of 8 threads / their mean",
                        Sample.of(share.with("thread", "fastest"))));
    }

    private static List<Aim> processes() {
        Pick rate = Pick.rate("processes-one-key", FENCEPOST).with(PROCESSES, SOME);
        Pick full = rate.with("load", "full");
        return List.of(
                Aim.atLeast(
                        2,
                        "durable increments of one key by 8 processes / SQLite with a busy timeout",
                        Sample.quotient(full, full.of("sqlite-busy-timeout"))),
                Aim.below(
                        100,
                        "longest wait of 8 processes for one key / the median",
                        Sample.ofLatencies(
                                full, waits -> (double) waits.getMaxValue() / waits.getValueAtPercentile(50))),
                Aim.atLeast(
                        0.7,
                        "increments of one key by the slowest of 8 processes / the fastest",
                        Sample.of(Pick.figure("processes-one-key", FENCEPOST, "slowest/fastest")
                                .with(PROCESSES, SOME))));
    }

    private static List<Aim> reads() {
        Pick cached = Pick.figure("reads", "latest-from-cache", "ns/read").with(THREADS, 1);
        Pick beside = Pick.figure("read-beside-commits", FENCEPOST, "reads/s");
        Pick writer = Pick.figure("readers-beside-writer", FENCEPOST, "commits/s");
        return List.of(
                Aim.atMost(
                        2,
                        "time of a latest read from the cache / of a hit in a bare Caffeine cache",
                        Sample.quotient(cached, cached.of("bare-caffeine"))),
                Aim.atLeast(
                        0.5,
                        "reads while another process commits 1,000/s to other keys / while none does",
                        Sample.quotient(beside.with("commits", "1000/s"), beside.with("commits", "0/s"))),
                Aim.atLeast(
                        0.9,
                        "commits beside 4 reading processes, 1,000 reads/s each / alone",
                        Sample.quotient(writer.with("readers", 4).with("pace", "1000/s"), writer.with("readers", 0))));
    }

    private static List<Aim> waiting() {
        return List.of(
                Aim.below(
                        100,
                        "microseconds from a commit's acknowledgement until another process sees it, median",
                        Sample.ofLatencies(
                                Pick.rate("notice", FENCEPOST).with("since", "acknowledged"), Aims::medianMicros)),
                Aim.below(
                        0.5,
                        "processor use of a process that waits for a change, % of a core",
                        Sample.of(Pick.figure("idle", FENCEPOST, "% of a core").with("process", "waits"))));
    }

    private static List<Aim> size() {
        Pick commits = Pick.figure("growth", FENCEPOST, "commits/s");
        Pick reads = Pick.figure("growth", FENCEPOST, "reads/s");
        Pick open = Pick.figure("growth", FENCEPOST, "ms to open").with("versions", LARGE);
        Pick memory = Pick.figure("memory", FENCEPOST, "done").with(KEYS, MILLION);
        return List.of(
                Aim.atLeast(
                        0.8, "commits at 10 million versions of a million keys / at 10,000 of 1,000", grown(commits)),
                Aim.atLeast(0.8, "reads at 10 million versions of a million keys / at 10,000 of 1,000", grown(reads)),
                Aim.below(
                        200,
                        "milliseconds to open a file of 5 GB, in the page cache, after another store",
                        Sample.of(open.with("page cache", "warm").with("process", "warm"))),
                Aim.atLeast(1, "a heap of 256 MB serves a million keys (1 if so)", Sample.of(memory)),
                Aim.atMost(
                        100,
                        "MB of that heap in use in the end, of which the cache may hold 67",
                        Sample.of(Pick.figure("memory", FENCEPOST, "MB in use").with(KEYS, MILLION))));
    }

    private static Sample grown(Pick rate) {
        return Sample.quotient(
                rate.with("versions", LARGE).with(KEYS, MILLION),
                rate.with("versions", SMALL).with(KEYS, MANY_KEYS));
    }

    private static double medianMicros(Histogram latencies) {
        return latencies.getValueAtPercentile(50) / MICROSECOND;
    }
}
