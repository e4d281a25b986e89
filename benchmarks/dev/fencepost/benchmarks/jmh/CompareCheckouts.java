package dev.fencepost.benchmarks.jmh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fencepost.testing.JvmLauncher;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.openjdk.jmh.Main;

/**
 * Runs the same JMH benchmarks on two checkouts in turns, so that both meet the same noise. Prints the median speed of
 * this checkout as a share of the other's.
 *
 * <p>Arguments: the folder of the other checkout, in which {@code mvn test-compile} was run, and the number of rounds.
 */
final class CompareCheckouts {
    private static final List<Experiment> EXPERIMENTS = List.of(
            new Experiment("commits, 1 thread", "Commits.blindPut -t 1 -p keys=1000 -p durability=PROCESS_DEATH"),
            new Experiment(
                    "durable commits, 64 threads", "Commits.blindPut -t 64 -p keys=1000 -p durability=POWER_LOSS"),
            new Experiment(
                    "updates of one key, 8 threads", "Commits.optimisticUpdate -p keys=1 -p durability=PROCESS_DEATH"),
            new Experiment("claim hand-over, 2 threads", "HandOver.claim"),
            new Experiment("cached read", "Reads.latestFromCache"),
            new Experiment("uncached read", "Reads.latestUncached"),
            new Experiment("uncached list", "Listing.list"));

    private final Path other;
    private final Path result;

    private CompareCheckouts(Path other, Path result) {
        this.other = other.toAbsolutePath();
        this.result = result;
    }

    /** Runs all experiments and prints a line for each. */
    public static void main(String[] args) throws IOException {
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        Path result = Files.createTempFile("jmh", ".json");
        try {
            CompareCheckouts comparison = new CompareCheckouts(Path.of(args[0]), result);
            for (Experiment experiment : EXPERIMENTS) {
                comparison.run(experiment, rounds);
            }
        } finally {
            Files.delete(result);
        }
    }

    private void run(Experiment experiment, int rounds) throws IOException {
        List<Double> speeds = new ArrayList<>();
        String here = System.getProperty("java.class.path");
        for (int i = 0; i < rounds; i++) {
            double before = measured(experiment, inOther(here));
            double after = measured(experiment, here);
            // The reads measure time per call, the commits calls per time.
            speeds.add(experiment.isTime() ? before / after : after / before);
        }
        List<Double> sorted = speeds.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "%-30s median %.3f, from %.3f to %.3f%n",
                experiment.name(),
                sorted.get(rounds / 2),
                sorted.get(0),
                sorted.get(rounds - 1));
    }

    /** Returns the class path with the classes of the other checkout in place of this one's. */
    private String inOther(String classPath) {
        Path here = Path.of("").toAbsolutePath();
        return String.join(
                File.pathSeparator,
                Arrays.stream(classPath.split(File.pathSeparator))
                        .map(Path::of)
                        .map(path -> path.startsWith(here) ? other.resolve(here.relativize(path)) : path)
                        .map(Path::toString)
                        .toList());
    }

    private double measured(Experiment experiment, String classPath) throws IOException {
        List<String> arguments = Stream.of(
                        Stream.of(
                                "-wi", "2", "-w", "1s", "-i", "3", "-r", "2s", "-f", "1", "-v", "SILENT", "-foe",
                                "true"),
                        Stream.of("-rf", "json", "-rff", result.toString()),
                        Stream.of(experiment.arguments().split(" ")))
                .flatMap(part -> part)
                .toList();
        JvmLauncher.plain()
                .withOptions("-Dslf4j.internal.verbosity=ERROR")
                .withClassPath(classPath)
                .run(Main.class, arguments.toArray(String[]::new))
                .orThrow();
        JsonNode results = new ObjectMapper().readTree(result.toFile());
        return results.get(0).get("primaryMetric").get("score").asDouble();
    }

    private record Experiment(String name, String arguments) {
        boolean isTime() {
            return !arguments.startsWith("Commits") && !arguments.startsWith("HandOver");
        }
    }
}
