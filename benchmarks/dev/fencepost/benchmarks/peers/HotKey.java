package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import dev.fencepost.benchmarks.run.Experiment;
import dev.fencepost.benchmarks.run.Run;
import dev.fencepost.benchmarks.run.Run.Depth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Threads that contend for one key, compared with as many that rarely meet: the cost of contention for each way of
 * writing, and its fairness. Each value is computed from the one that was read.
 */
public final class HotKey implements Experiment {
    private static final int THREADS = 8;
    private static final List<Integer> KEYS = List.of(1, 1_000);
    private static final List<Subject> SUBJECTS =
            List.of(Subjects.UPDATE, Subjects.TRANSACT, Subjects.CLAIM, Subjects.ONE_LOCK);

    @Override
    public String name() {
        return "hot-key";
    }

    @Override
    public String question() {
        return "What does it cost when eight threads want the same key, and how evenly do they get it?";
    }

    @Override
    public void measure(Run run) throws Exception {
        List<LoadSpec> loads = new ArrayList<>();
        for (Durability durability : Durability.values()) {
            if (durability == Durability.POWER_LOSS || run.depth() != Depth.INSTANT) {
                KEYS.forEach(keys -> loads.add(RoundRobin.load(run, THREADS, keys, durability)));
            }
        }
        new RoundRobin(run, run.disk(), SUBJECTS, (subject, load, outcome) -> report(run, subject, load, outcome))
                .take(loads);
    }

    private static void report(Run run, String subject, LoadSpec load, Outcome outcome) {
        RoundRobin.rate(run, subject, load, outcome);
        run.figure(subject, load.settings(), outcome.failed(), "failures");
        if (outcome.perSecond() > 0) {
            run.figure(subject, ofThread("slowest", load), outcome.slowestShare(), "share of mean");
            run.figure(subject, ofThread("fastest", load), outcome.fastestShare(), "share of mean");
        }
        RoundRobin.latencies(run, subject, load, outcome);
    }

    private static Map<String, String> ofThread(String which, LoadSpec load) {
        Map<String, String> settings = new LinkedHashMap<>(load.settings());
        settings.put("thread", which);
        return settings;
    }
}
