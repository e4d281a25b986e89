package dev.fencepost.benchmarks.report;

import static dev.fencepost.benchmarks.report.FigureSelector.figure;
import static dev.fencepost.benchmarks.report.FigureSelector.rate;
import static dev.fencepost.benchmarks.report.Target.atLeast;
import static dev.fencepost.benchmarks.report.Target.atMost;
import static dev.fencepost.benchmarks.report.Target.below;

import java.util.List;

/**
 * Fencepost's performance targets, as bounds on ratios and on a few times. The names of experiments, subjects and
 * settings are those of the experiments. A target without figures is reported as not measured.
 */
final class Targets {
    /** Says of a target that its divisor is a recorded figure. */
    private static final String RECORDED = " a second, recorded on 2026-11-21 at 8b7e88cb";

    /** Increments of one key under a claim by 8 threads, a second; recorded on 2026-11-21 at 8b7e88cb. */
    private static final double CLAIMS_OF_THREADS = 229;

    /** The same with commits that survive only the death of processes. */
    private static final double WEAK_CLAIMS_OF_THREADS = 376;

    /** Claims of one key that go from process to process among 8, a second; recorded on 2026-11-21 at 8b7e88cb. */
    private static final double CLAIMS_OF_PROCESSES = 94;

    /** Serializable increments of one key by 8 threads, a second; recorded on 2026-11-21 at 8b7e88cb. */
    private static final double TRANSACTIONS = 1_560;

    /** Bytes of file for a version with a value of 100 bytes; recorded on 2026-11-30 at a3b58056. */
    private static final double BYTES_OF_VERSION = 175.35;

    private static final FigureSelector ONE_THREAD = rate("threads-memory").with("threads", 1);
    private static final FigureSelector MANY_THREADS =
            rate("threads-durable").with("threads", 64).with("keys", 1_000).with("durability", "power loss");
    private static final String COMMITS = "durable commits of 64 threads on 1,000 keys / ";
    private static final FigureSelector HOT_KEY =
            rate("hot-key").with("threads", 8).with("durability", "power loss");
    private static final FigureSelector TRANSACT =
            HOT_KEY.of("fencepost-transact").with("keys", 1);
    private static final FigureSelector CLAIM = HOT_KEY.of("fencepost-claim").with("keys", 1);
    private static final FigureSelector SHARE = figure("hot-key", "share of mean")
            .with("threads", 8)
            .with("keys", 1)
            .with("durability", "power loss");
    private static final FigureSelector PROCESSES =
            rate("processes-one-key").with("processes", 8).with("load", "full");
    private static final String INCREMENTS = "durable increments of one key by 8 processes / ";
    private static final FigureSelector CACHED =
            figure("reads", "ns/read").of("latest-from-cache").with("threads", 1);
    private static final FigureSelector BESIDE_COMMITS = figure("read-beside-commits", "reads/s");
    private static final FigureSelector BESIDE_READERS = figure("readers-beside-writer", "commits/s");

    static final List<Target> ALL = List.of(
            atLeast(0.9, "commits of one thread, in memory / the same in C with SQLite", ONE_THREAD.over("c-sqlite")),
            atLeast(
                    0.7,
                    "commits of one thread, in memory / C with SQLite and the least rows",
                    ONE_THREAD.over("c-sqlite-minimal")),
            atLeast(
                    0.95,
                    "commits of one thread, in memory / without the commit queue",
                    ONE_THREAD.over("fencepost-uncombined")),
            atLeast(1.5, COMMITS + "Redis", MANY_THREADS.over("redis")),
            atLeast(5, COMMITS + "PostgreSQL", MANY_THREADS.over("postgresql")),
            atLeast(8, COMMITS + "SQLite behind one lock", MANY_THREADS.over("one-lock")),
            atLeast(
                    0.5,
                    "updates of one key by 8 threads / of 1,000 keys",
                    HOT_KEY.with("keys", 1).over(HOT_KEY.with("keys", 1_000))),
            atLeast(
                    0.5,
                    "updates of one key by the slowest of 8 threads / their mean",
                    SHARE.with("thread", "slowest")),
            atMost(2, "updates of one key by the fastest of 8 threads / their mean", SHARE.with("thread", "fastest")),
            atLeast(
                    0.7,
                    "transactions on one key by the slowest of 8 threads / their mean",
                    SHARE.of("fencepost-transact").with("thread", "slowest")),
            atLeast(3, "transactions on one key by 8 threads / " + recorded(TRANSACTIONS), TRANSACT.over(TRANSACTIONS)),
            atLeast(
                    3,
                    "durable increments of one key under a claim by 8 threads / " + recorded(CLAIMS_OF_THREADS),
                    CLAIM.over(CLAIMS_OF_THREADS)),
            atLeast(
                    8,
                    "increments of one key under a claim by 8 threads, surviving process death / "
                            + recorded(WEAK_CLAIMS_OF_THREADS),
                    CLAIM.with("durability", "process death").over(WEAK_CLAIMS_OF_THREADS)),
            atLeast(
                    10,
                    "claims handed over among 8 processes / " + recorded(CLAIMS_OF_PROCESSES),
                    rate("processes-claims").with("processes", 8).over(CLAIMS_OF_PROCESSES)),
            atLeast(2, INCREMENTS + "two statements with a patient busy handler", PROCESSES.over("sqlite-patient")),
            atLeast(2, INCREMENTS + "SQLite with a busy timeout", PROCESSES.over("sqlite-busy-timeout")),
            atLeast(1.5, INCREMENTS + "by one alone", PROCESSES.over(PROCESSES.with("processes", 1))),
            below(
                    50,
                    "longest wait of 8 processes for one key / the median",
                    PROCESSES.latencies(waits -> (double) waits.max() / waits.p50())),
            atLeast(
                    0.8,
                    "increments of one key by the slowest of 8 processes / the fastest",
                    figure("processes-one-key", "slowest/fastest").with("processes", 8)),
            atMost(
                    1.5,
                    "time of a latest read from the cache / of a hit in a bare Caffeine cache",
                    CACHED.over("bare-caffeine")),
            atLeast(
                    0.5,
                    "reads while another process commits 1,000/s to other keys / while none does",
                    BESIDE_COMMITS.with("commits", "1000/s").over(BESIDE_COMMITS.with("commits", "0/s"))),
            atLeast(
                    0.9,
                    "commits beside 4 reading processes, 1,000 reads/s each / alone",
                    BESIDE_READERS.with("readers", 4).with("pace", "1000/s").over(BESIDE_READERS.with("readers", 0))),
            atMost(
                    100,
                    "microseconds from a commit's acknowledgement until another process sees it, median",
                    rate("notice").with("since", "acknowledged").latencies(waits -> waits.p50() / 1e3)),
            below(
                    0.5,
                    "processor use of a process that waits for a change, % of a core",
                    figure("idle", "% of a core").with("process", "waits")),
            atMost(
                    0.7,
                    "bytes of file of a version of 100 bytes / " + Numbers.exact(BYTES_OF_VERSION)
                            + ", recorded on 2026-11-30 at a3b58056",
                    figure("file-size", "bytes/version").over(BYTES_OF_VERSION)),
            grown("commits"),
            grown("reads"),
            below(
                    200,
                    "milliseconds to open a file of 5 GB, in the page cache, after another store",
                    figure("growth", "ms to open")
                            .with("versions", 10_000_000)
                            .with("page cache", "warm")
                            .with("process", "warm")),
            atLeast(
                    1,
                    "a heap of 256 MB serves a million keys (1 if so)",
                    figure("memory", "done").with("keys", 1_000_000)),
            atMost(
                    100,
                    "MB of that heap in use in the end, of which the cache may hold 67",
                    figure("memory", "MB in use").with("keys", 1_000_000)));

    private Targets() {}

    private static String recorded(double perSecond) {
        return Numbers.plain(perSecond) + RECORDED;
    }

    private static Target grown(String what) {
        FigureSelector figures = figure("growth", what + "/s");
        return atLeast(
                0.8,
                what + " at 10 million versions of a million keys / at 10,000 of 1,000",
                figures.with("versions", 10_000_000)
                        .with("keys", 1_000_000)
                        .over(figures.with("versions", 10_000).with("keys", 1_000)));
    }
}
