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
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The benchmarks of one class, each method a subject. Each method runs in a new virtual machine in each repeat. At the
 * depth of an instant, which measures nothing, they run in this one.
 *
 * @param benchmarks the class
 * @param operation the name of one operation, such as 'read'; its plural ends in 's'
 * @param variants the variants to run, by depth
 */
record JmhExperiment(
        String name,
        String question,
        Class<?> benchmarks,
        String operation,
        List<Ratio> ratios,
        Function<Depth, List<Variant>> variants)
        implements Experiment {
    private static final int ITERATIONS = 5;
    private static final Duration WARM_UP = Duration.ofMillis(800);

    /**
     * One variant of the benchmarks.
     *
     * @param parameters the values of parameters that differ from those in the annotations
     */
    record Variant(int threads, Map<String, List<String>> parameters) {
        Variant(int threads) {
            this(threads, Map.of());
        }
    }

    @Override
    public void measure(Run run) throws RunnerException {
        // JMH refuses to run beside another JMH on this machine, and leaves a lock file behind.
        System.setProperty("jmh.ignoreLock", "true");
        if (run.depth() == Depth.INSTANT) {
            System.setProperty(Fixture.PLACE, run.memory().toString());
        }
        int repeats = run.depth() == Depth.WHOLE ? run.repeats() : 1;
        for (int repeat = 1; repeat <= repeats; repeat++) {
            for (Variant variant : variants.apply(run.depth())) {
                run.progress(repeat, "threads " + variant.threads() + " " + variant.parameters());
                for (RunResult result : new Runner(options(run, variant)).run()) {
                    report(run, result);
                }
            }
        }
    }

    private Options options(Run run, Variant variant) {
        boolean instant = run.depth() == Depth.INSTANT;
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(benchmarks.getName().replace(".", "\\.") + "\\.")
                .threads(variant.threads())
                .forks(instant ? 0 : 1)
                .jvmArgsAppend("-Dslf4j.internal.verbosity=ERROR", "-D" + Fixture.PLACE + "=" + run.disk())
                .warmupIterations(warmUps(run.depth()))
                .warmupTime(millis(WARM_UP))
                .measurementIterations(instant ? 1 : ITERATIONS)
                .measurementTime(millis(instant ? run.length() : run.length().dividedBy(ITERATIONS)))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        variant.parameters().forEach((name, values) -> options.param(name, values.toArray(String[]::new)));
        return options.build();
    }

    private static int warmUps(Depth depth) {
        return switch (depth) {
            case INSTANT -> 0;
            case BRIEF -> 1;
            case WHOLE -> 2;
        };
    }

    private void report(Run run, RunResult result) {
        BenchmarkParams parameters = result.getParams();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("threads", Integer.toString(parameters.getThreads()));
        for (String name : parameters.getParamsKeys()) {
            settings.put(name, words(parameters.getParam(name)));
        }
        String benchmark = parameters.getBenchmark();
        String subject = subject(benchmark.substring(benchmark.lastIndexOf('.') + 1));
        Result<?> score = result.getPrimaryResult();
        String unit = score.getScoreUnit().replace("op", operation).replace("us/", "\u00b5s/");
        if (Double.isNaN(score.getScoreError())) {
            run.figure(subject, settings, score.getScore(), unit);
        } else {
            run.figure(subject, settings, score.getScore(), score.getScoreError(), unit);
        }
    }

    /** Returns a method's name in lower case, with its words joined by '-'. */
    private static String subject(String method) {
        return method.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** Returns an enum constant as words; numbers remain unchanged. */
    private static String words(String value) {
        return value.replace('_', ' ').toLowerCase(Locale.ROOT);
    }

    private static TimeValue millis(Duration duration) {
        return TimeValue.milliseconds(duration.toMillis());
    }
}
