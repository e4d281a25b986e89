package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import dev.fencepost.benchmarks.run.Experiment;
import dev.fencepost.benchmarks.run.Run;
import dev.fencepost.benchmarks.run.Run.Depth;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The experiments of this package. */
public final class PeerExperiments {
    private static final int MANY_KEYS = 1_000;
    private static final int HOT_THREADS = 8;

    /** The experiments in the order of the report. */
    public static final List<Experiment> ALL = List.of(
            new Experiment(
                    "threads-memory",
                    "What does a commit of one thread cost where the disk costs nothing, and how much of it is SQLite itself?",
                    PeerExperiments::inMemory),
            new Experiment(
                    "threads-durable",
                    "How many commits that survive the loss of power does each of the ways make, by the number of threads?",
                    run -> onDisk(run, Durability.POWER_LOSS, Subjects.ALL)),
            new Experiment(
                    "threads-weak",
                    "How many commits that survive the death of the process does each of the ways make, by the number of"
                            + " threads?",
                    // As far as the peer guarantees that.
                    run -> onDisk(
                            run,
                            Durability.PROCESS_DEATH,
                            Stream.concat(
                                            Subjects.ALL.stream(),
                                            Stream.of(Subjects.H2_WRITING, Subjects.AGENT_COHERENCE))
                                    .toList())),
            new Experiment(
                    "hot-key",
                    "What does it cost when eight threads want the same key, and how evenly do they get it?",
                    PeerExperiments::hotKey));

    private PeerExperiments() {}

    /**
     * Runs one thread on files in memory, so that only the processor counts: the distance between Fencepost and SQLite
     * itself.
     */
    private static void inMemory(Run run) throws Exception {
        RoundRobin.Report report = (subject, load, outcome) -> rate(run, subject, load, outcome);
        new RoundRobin(run, run.memory(), Subjects.IN_MEMORY, report)
                .take(List.of(load(run, 1, MANY_KEYS, Durability.PROCESS_DEATH)));
    }

    /** Runs subjects on a real disk, with one thread, some threads and many. */
    private static void onDisk(Run run, Durability durability, List<Subject> subjects) throws Exception {
        List<Integer> threads = switch (run.depth()) {
            case INSTANT -> List.of(8);
            case BRIEF -> List.of(1, 64);
            case WHOLE -> List.of(1, 8, 64);
        };
        int most = threads.get(threads.size() - 1);
        RoundRobin.Report report = (subject, load, outcome) -> {
            rate(run, subject, load, outcome);
            if (load.threads() == most) {
                latencies(run, subject, load, outcome);
            }
        };
        new RoundRobin(run, run.disk(), subjects, report)
                .take(threads.stream()
                        .map(count -> load(run, count, MANY_KEYS, durability))
                        .toList());
    }

    /**
     * Runs threads that contend for one key, and as many that rarely meet: the cost of contention for each way of
     * writing, and its fairness. Each value is computed from the one that was read.
     */
    private static void hotKey(Run run) throws Exception {
        List<LoadSpec> loads = new ArrayList<>();
        for (Durability durability : Durability.values()) {
            if (durability == Durability.POWER_LOSS || run.depth() != Depth.INSTANT) {
                loads.add(load(run, HOT_THREADS, 1, durability));
                loads.add(load(run, HOT_THREADS, MANY_KEYS, durability));
            }
        }
        List<Subject> subjects = List.of(Subjects.UPDATE, Subjects.TRANSACT, Subjects.CLAIM, Subjects.ONE_LOCK);
        RoundRobin.Report report = (subject, load, outcome) -> {
            rate(run, subject, load, outcome);
            run.figure(subject, load.settings(), outcome.failed(), "failures");
            if (outcome.perSecond() > 0) {
                run.figure(
                        subject,
                        Run.with(load.settings(), "thread", "slowest"),
                        outcome.slowestShare(),
                        "share of mean");
                run.figure(
                        subject,
                        Run.with(load.settings(), "thread", "fastest"),
                        outcome.fastestShare(),
                        "share of mean");
            }
            latencies(run, subject, load, outcome);
        };
        new RoundRobin(run, run.disk(), subjects, report).take(loads);
    }

    /** Returns a load of the length that the run specifies. */
    private static LoadSpec load(Run run, int threads, int keys, Durability durability) {
        return new LoadSpec(threads, keys, durability, run.length().dividedBy(3), run.length());
    }

    private static void rate(Run run, String subject, LoadSpec load, Outcome outcome) {
        run.figure(subject, load.settings(), outcome.perSecond(), "commits/s");
        run.costs(subject, load.settings(), outcome.costs(), outcome.acknowledged());
    }

    private static void latencies(Run run, String subject, LoadSpec load, Outcome outcome) {
        if (outcome.latencies().getTotalCount() > 0) {
            run.latencies(subject, load.settings(), outcome.latencies());
        }
    }
}
