package dev.fencepost.benchmarks.run;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/**
 * Reports the running experiment and the remaining time on the terminal. The estimate uses the durations of an earlier
 * run of the same depth. For a new experiment it uses the mean duration of those that have ended. Thread-safe.
 */
final class Progress {
    private static final double NANOS = 1e9;
    private static final long SECONDS_IN_MINUTE = 60;

    private final PrintWriter terminal;
    private final LongSupplier nanoTime;
    private final List<String> names;
    private final Map<String, Double> earlier;
    private final Map<String, Double> ended = new LinkedHashMap<>();
    private final long began;
    private String running = "";
    private long runningSince;

    /**
     * Starts the clock.
     *
     * @param names the names of all experiments to run, in order
     * @param earlier the known durations of earlier runs, in seconds
     */
    Progress(PrintWriter terminal, LongSupplier nanoTime, List<String> names, Map<String, Double> earlier) {
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        this.names = List.copyOf(names);
        this.earlier = Map.copyOf(earlier);
        this.began = nanoTime.getAsLong();
    }

    synchronized void begin(String name) {
        running = name;
        runningSince = nanoTime.getAsLong();
        say("begins");
    }

    synchronized void say(String what) {
        terminal.printf("[%d of %d, %s] %s: %s%n", ended.size() + 1, names.size(), clock(), running, what);
    }

    /** Reports the end of the running experiment, and returns its duration. */
    synchronized Duration end(String outcome) {
        Duration taken = Duration.ofNanos(nanoTime.getAsLong() - runningSince);
        say(outcome + " after " + words(seconds(taken.toNanos())));
        ended.put(running, seconds(taken.toNanos()));
        return taken;
    }

    private String clock() {
        String gone = words(seconds(nanoTime.getAsLong() - began)) + " gone";
        OptionalDouble left = secondsLeft();
        return left.isPresent() ? gone + ", about " + words(left.getAsDouble()) + " left" : gone;
    }

    /** Returns the estimate; empty if the duration of a remaining experiment cannot be estimated. */
    private OptionalDouble secondsLeft() {
        OptionalDouble mean =
                ended.values().stream().mapToDouble(Double::doubleValue).average();
        double left = 0;
        for (String name : names) {
            if (!ended.containsKey(name)) {
                if (!earlier.containsKey(name) && mean.isEmpty()) {
                    return OptionalDouble.empty();
                }
                double expected = earlier.containsKey(name) ? earlier.get(name) : mean.getAsDouble();
                double gone = name.equals(running) ? seconds(nanoTime.getAsLong() - runningSince) : 0;
                left += Math.max(0, expected - gone);
            }
        }
        return OptionalDouble.of(left);
    }

    private static double seconds(long nanos) {
        return nanos / NANOS;
    }

    private static String words(double seconds) {
        long whole = Math.round(seconds);
        return whole < SECONDS_IN_MINUTE
                ? whole + " s"
                : whole / SECONDS_IN_MINUTE + " min " + whole % SECONDS_IN_MINUTE + " s";
    }
}
