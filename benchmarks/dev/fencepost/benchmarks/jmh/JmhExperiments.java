package dev.fencepost.benchmarks.jmh;

import dev.fencepost.benchmarks.report.Ratio;
import dev.fencepost.benchmarks.run.Experiment;
import dev.fencepost.benchmarks.run.Run;
import dev.fencepost.benchmarks.run.Run.Depth;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * All experiments that JMH runs. Each method of a class of benchmarks is a subject. It runs in a new virtual machine in
 * each repeat. At the depth of an instant, which measures nothing, it runs in this one.
 */
public final class JmhExperiments {
    private static final int ITERATIONS = 5;
    private static final Duration WARM_UP = Duration.ofMillis(800);
    private static final List<String> KEYS = List.of("1", "1000");
    private static final String POWER_LOSS = "POWER_LOSS";

    /** The experiments in the order of the report. */
    public static final List<Experiment> ALL = List.of(
            new Experiment(
                    "commits",
                    "How many commits do the threads of one process make in a second, in each of the ways there are?",
                    List.of(
                            new Ratio("optimistic-update", "blind-put"),
                            new Ratio("pessimistic-claim", "optimistic-update")),
                    run -> measure(run, Commits.class, "commit", depth -> switch (depth) {
                        case INSTANT -> List.of(commits(2, List.of("1"), POWER_LOSS));
                        case BRIEF -> List.of(commits(8, KEYS, POWER_LOSS));
                        case WHOLE ->
                            List.of(
                                    commits(1, KEYS, POWER_LOSS),
                                    commits(8, KEYS, POWER_LOSS),
                                    commits(64, KEYS, POWER_LOSS),
                                    commits(8, KEYS, "PROCESS_DEATH"));
                    })),
            new Experiment(
                    "reads",
                    "What does a read cost in each of the ways there are, beside that of a bare cache that promises nothing?",
                    List.of(new Ratio("latest-from-cache", "bare-caffeine")),
                    run -> measure(run, Reads.class, "read", depth -> switch (depth) {
                        case INSTANT -> List.of(new Variant(1, Map.of("keys", List.of("10"))));
                        case BRIEF -> List.of(new Variant(1, Map.of()));
                        case WHOLE -> List.of(new Variant(1, Map.of()), new Variant(8, Map.of()));
                    })),
            new Experiment(
                    "hand-over",
                    "How often in a second does a claim go from one to the other of two threads that wait for each other?",
                    run -> measure(run, HandOver.class, "hand-over", depth -> switch (depth) {
                        case INSTANT, BRIEF -> List.of(new Variant(2, Map.of("durability", List.of(POWER_LOSS))));
                        case WHOLE -> List.of(new Variant(2, Map.of()));
                    })),
            new Experiment(
                    "listing",
                    "What does it cost to list the keys of a prefix, with their values?",
                    run -> measure(run, Listing.class, "list", depth -> switch (depth) {
                        case INSTANT ->
                            List.of(new Variant(1, Map.of("listed", List.of("10"), "keys", List.of("100"))));
                        case BRIEF, WHOLE -> List.of(new Variant(1, Map.of()));
                    })),
            new Experiment(
                    "cold-open",
                    "How long does it take to open a store, to read one key and to close it, by what is in the file?",
                    run -> measure(run, ColdOpen.class, "open", depth -> switch (depth) {
                        case INSTANT -> List.of(new Variant(1, Map.of("versions", List.of("1000"))));
                        case BRIEF, WHOLE -> List.of(new Variant(1, Map.of()));
                    })));

    private JmhExperiments() {}

    /**
     * One variant of benchmarks.
     *
     * @param parameters the values of parameters that differ from those in the annotations
     */
    private record Variant(int threads, Map<String, List<String>> parameters) {}

    private static Variant commits(int threads, List<String> keys, String durability) {
        return new Variant(threads, Map.of("keys", keys, "durability", List.of(durability)));
    }

    /**
     * Runs the benchmarks of one class.
     *
     * @param operation the name of one operation, such as 'read'; its plural ends in 's'
     * @param variants the variants to run, by depth
     */
    private static void measure(Run run, Class<?> benchmarks, String operation, Function<Depth, List<Variant>> variants)
            throws Exception {
        // JMH refuses to run beside another JMH on this machine, and leaves a lock file behind.
        System.setProperty("jmh.ignoreLock", "true");
        if (run.depth() == Depth.INSTANT) {
            System.setProperty(StoreBenchmark.PLACE, run.memory().toString());
        }
        int repeats = run.depth() == Depth.WHOLE ? run.repeats() : 1;
        for (int repeat = 1; repeat <= repeats; repeat++) {
            for (Variant variant : variants.apply(run.depth())) {
                run.progress(repeat, "threads " + variant.threads() + " " + variant.parameters());
                for (RunResult result : new Runner(options(run, benchmarks, variant)).run()) {
                    report(run, operation, result);
                }
            }
        }
    }

    private static Options options(Run run, Class<?> benchmarks, Variant variant) {
        boolean instant = run.depth() == Depth.INSTANT;
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(benchmarks.getName().replace(".", "\\.") + "\\.")
                .threads(variant.threads())
                .forks(instant ? 0 : 1)
                .jvmArgsAppend("-Dslf4j.internal.verbosity=ERROR", "-D" + StoreBenchmark.PLACE + "=" + run.disk())
                // None at an instant, one in brief, two as a whole.
                .warmupIterations(run.depth().ordinal())
                .warmupTime(millis(WARM_UP))
                .measurementIterations(instant ? 1 : ITERATIONS)
                .measurementTime(millis(instant ? run.length() : run.length().dividedBy(ITERATIONS)))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        variant.parameters().forEach((name, values) -> options.param(name, values.toArray(String[]::new)));
        return options.build();
    }

    private static void report(Run run, String operation, RunResult result) {
        BenchmarkParams parameters = result.getParams();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("threads", Integer.toString(parameters.getThreads()));
        for (String name : parameters.getParamsKeys()) {
            // An enum constant as words; numbers remain unchanged.
            settings.put(name, parameters.getParam(name).replace('_', ' ').toLowerCase(Locale.ROOT));
        }
        String benchmark = parameters.getBenchmark();
        // The method's name in lower case, with its words joined by '-'.
        String subject = benchmark
                .substring(benchmark.lastIndexOf('.') + 1)
                .replaceAll("([A-Z])", "-$1")
                .toLowerCase(Locale.ROOT);
        Result<?> score = result.getPrimaryResult();
        String unit = score.getScoreUnit().replace("op", operation).replace("us/", "\u00b5s/");
        if (Double.isNaN(score.getScoreError())) {
            run.figure(subject, settings, score.getScore(), unit);
        } else {
            run.figure(subject, settings, score.getScore(), score.getScoreError(), unit);
        }
    }

    private static TimeValue millis(Duration duration) {
        return TimeValue.milliseconds(duration.toMillis());
    }
}
