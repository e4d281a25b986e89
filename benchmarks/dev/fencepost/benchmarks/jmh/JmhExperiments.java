package dev.fencepost.benchmarks.jmh;

import dev.fencepost.benchmarks.jmh.JmhExperiment.Variant;
import dev.fencepost.benchmarks.report.Ratio;
import dev.fencepost.benchmarks.run.Experiment;
import java.util.List;
import java.util.Map;

/** All experiments that JMH runs. */
public final class JmhExperiments {
    private static final List<String> ONE_KEY = List.of("1");
    private static final List<String> KEYS = List.of("1", "1000");
    private static final List<String> POWER_LOSS = List.of("POWER_LOSS");
    private static final List<String> PROCESS_DEATH = List.of("PROCESS_DEATH");

    private JmhExperiments() {}

    /** Returns the experiments in the order of the report. */
    public static List<Experiment> all() {
        return List.of(commits(), reads(), handOver(), listing(), coldOpen());
    }

    private static Experiment commits() {
        return new JmhExperiment(
                "commits",
                "How many commits do the threads of one process make in a second, in each of the ways there are?",
                Commits.class,
                "commit",
                List.of(
                        new Ratio("optimistic-update", "blind-put"),
                        new Ratio("pessimistic-claim", "optimistic-update")),
                depth -> switch (depth) {
                    case INSTANT -> List.of(commits(2, ONE_KEY, POWER_LOSS));
                    case BRIEF -> List.of(commits(8, KEYS, POWER_LOSS));
                    case WHOLE ->
                        List.of(
                                commits(1, KEYS, POWER_LOSS),
                                commits(8, KEYS, POWER_LOSS),
                                commits(64, KEYS, POWER_LOSS),
                                commits(8, KEYS, PROCESS_DEATH));
                });
    }

    private static Variant commits(int threads, List<String> keys, List<String> durability) {
        return new Variant(threads, Map.of("keys", keys, "durability", durability));
    }

    private static Experiment reads() {
        return new JmhExperiment(
                "reads",
                "What does a read cost in each of the ways there are, beside that of a bare cache that promises nothing?",
                Reads.class,
                "read",
                List.of(new Ratio("latest-from-cache", "bare-caffeine")),
                depth -> switch (depth) {
                    case INSTANT -> List.of(new Variant(1, Map.of("keys", List.of("10"))));
                    case BRIEF -> List.of(new Variant(1));
                    case WHOLE -> List.of(new Variant(1), new Variant(8));
                });
    }

    private static Experiment handOver() {
        return new JmhExperiment(
                "hand-over",
                "How often in a second does a claim go from one to the other of two threads that wait for each other?",
                HandOver.class,
                "hand-over",
                List.of(),
                depth -> switch (depth) {
                    case INSTANT, BRIEF -> List.of(new Variant(2, Map.of("durability", POWER_LOSS)));
                    case WHOLE -> List.of(new Variant(2));
                });
    }

    private static Experiment listing() {
        return new JmhExperiment(
                "listing",
                "What does it cost to list the keys of a prefix, with their values?",
                Listing.class,
                "list",
                List.of(),
                depth -> switch (depth) {
                    case INSTANT -> List.of(new Variant(1, Map.of("listed", List.of("10"), "keys", List.of("100"))));
                    case BRIEF, WHOLE -> List.of(new Variant(1));
                });
    }

    private static Experiment coldOpen() {
        return new JmhExperiment(
                "cold-open",
                "How long does it take to open a store, to read one key and to close it, by what is in the file?",
                ColdOpen.class,
                "open",
                List.of(),
                depth -> switch (depth) {
                    case INSTANT -> List.of(new Variant(1, Map.of("versions", List.of("1000"))));
                    case BRIEF, WHOLE -> List.of(new Variant(1));
                });
    }
}
