package dev.fencepost.verification.traces;

import dev.fencepost.verification.LongRunningCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A long run of the check of {@link ProcessesDoAsSpecifiedTest}: rounds of eight processes, each checked against the
 * specifications.
 */
@Command(name = "traces", description = "Holds what real processes do against the specifications.")
final class TracesMain extends LongRunningCommand {
    private static final int GROUPS = 40;

    @Option(names = "--seed", description = "Of all that is random.")
    private long seed = new Random().nextInt(1_000_000);

    @Option(names = "--events", description = "How many steps to check at least.")
    private long events = 20_000;

    @Option(names = "--round", description = "How many steps a file gets at least.")
    private int round = 5_000;

    private final Map<String, Object> figures = new LinkedHashMap<>();
    private boolean whole = true;

    public static void main(String[] words) {
        run(new TracesMain(), words);
    }

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("fencepost-traces");
        figures.putAll(begin(folder, Map.of("seed", seed)));
        long begun = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 1; count("events") < events && whole; i++) {
            round(Files.createDirectory(folder.resolve("round-" + i)), random.nextInt(Integer.MAX_VALUE));
            terminal().println("round " + i + ": " + figures);
        }
        figures.put("seconds", (System.nanoTime() - begun) / 1_000_000_000);
        figures.put("holds", whole);
        end(figures);
        return whole ? 0 : 1;
    }

    private void round(Path folder, long roundSeed) throws Exception {
        Path file = folder.resolve("traced.db");
        Files.createDirectory(folder.resolve("outside"));
        act(file, roundSeed);
        List<Step> steps = Step.of(file);
        add("events", steps.size());
        add(
                "refused",
                steps.stream()
                        .filter(step -> step.sequence() == 0 && !step.is("renew", "applied"))
                        .count());
        add(
                "zombiesFenced",
                steps.stream().filter(step -> step.is("commit", "fenced")).count());
        add(
                "claimsReclaimed",
                steps.stream().mapToLong(step -> step.ended().size()).sum());
        List<List<Step>> groups = KeyGroups.of(steps);
        List<List<Step>> sagas = SagaTrace.group(steps);
        check(
                "commits",
                new TraceChecker(folder, "FencedCommitTrace"),
                groups,
                CommitTrace::of,
                CommitTrace::module,
                Stream.of(TraceMutation.values())
                        .flatMap(lie -> lie.in(groups).stream())
                        .toList());
        check(
                "sagas",
                new TraceChecker(folder, "SagasTrace"),
                sagas,
                SagaTrace::of,
                SagaTrace::module,
                Stream.of(SagaTraceMutation.values())
                        .flatMap(lie -> lie.in(sagas).stream())
                        .toList());
    }

    private void act(Path file, long roundSeed) throws SQLException {
        try (TraceWorkers troupe = new TraceWorkers(file, roundSeed, GROUPS)) {
            for (int i = 0; Step.of(file).size() < round; i++) {
                troupe.act(40);
                troupe.stall();
                troupe.runSagas(2);
                troupe.takeOver(i % 3 == 0);
                if (i % 3 == 1) {
                    troupe.kill();
                } else if (i % 3 == 2) {
                    troupe.killAnywhere();
                }
            }
            troupe.leave();
        }
    }

    private <T> void check(
            String what,
            TraceChecker checker,
            List<List<Step>> truth,
            Function<List<Step>, T> told,
            Function<List<List<T>>, String> module,
            List<List<Step>> lies)
            throws Exception {
        TraceChecker.Answer answer =
                checker.check(module.apply(List.of(truth.stream().map(told).toList())));
        List<List<T>> bundles = new ArrayList<>();
        lies.forEach(lie -> bundles.add(List.of(told.apply(lie))));
        TraceChecker.Answer answers = checker.checkEach(module.apply(bundles));
        add(what + "Accepted", answer.accepted().isEmpty() ? 0 : truth.size());
        add(what + "States", answer.states());
        add(what + "Corrupted", lies.size());
        add(what + "CorruptedRejected", lies.size() - answers.accepted().size());
        if (answer.accepted().isEmpty() || !answers.accepted().isEmpty()) {
            whole = false;
            terminal()
                    .println("Seed " + seed + ": " + what + " are not as specified, or a lie about them was believed: "
                            + answers.accepted() + "\n" + answer.end());
        }
    }

    private void add(String figure, long more) {
        figures.put(figure, count(figure) + more);
    }

    private long count(String figure) {
        return ((Number) figures.getOrDefault(figure, 0L)).longValue();
    }
}
