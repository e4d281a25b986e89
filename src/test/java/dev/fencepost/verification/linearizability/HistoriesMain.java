package dev.fencepost.verification.linearizability;

import dev.fencepost.verification.LongRunningCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command that makes and checks many histories. */
@Command(
        name = "histories",
        description = "Makes histories of several processes, and checks them.",
        sortOptions = false)
final class HistoriesMain extends LongRunningCommand {
    @Option(names = "--count", defaultValue = "10", description = "How many histories. Default: 10.")
    private int count;

    @Option(names = "--operations", defaultValue = "10000", description = "The length of each. Default: 10000.")
    private int operations;

    @Option(names = "--seed", defaultValue = "1", description = "What they are made of. Default: 1.")
    private long seed;

    @Option(names = "--from", defaultValue = "0", description = "The index of the first, to go on where one run ended.")
    private int from;

    @Option(names = "--processes", defaultValue = "8", description = "How many processes. Default: 8.")
    private int processes;

    @Option(names = "--folder", description = "Where the files are made. Default: a temporary folder.")
    private Optional<Path> folder = Optional.empty();

    private final Figures all = new Figures();
    private int wrong;

    private HistoriesMain() {}

    public static void main(String[] words) {
        run(new HistoriesMain(), words);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path place =
                folder.isPresent() ? Files.createDirectories(folder.get()) : Files.createTempDirectory("histories-");
        long began = System.nanoTime();
        Map<String, Object> total = begin(
                place, Map.of("seed", seed, "from", from, "to", count, "length", operations, "processes", processes));
        List<HistoryRun> histories = IntStream.range(from, count)
                .mapToObj(index -> new HistoryRun(seed, index, operations))
                .toList();
        new Histories(place, System.getProperty("java.class.path"), processes).run(histories, this::told);
        total.put("histories", histories.size());
        total.put("wrong", wrong);
        total.put("seconds", (System.nanoTime() - began) / 1_000_000_000.0);
        total.put("figures", all.all());
        end(total);
        if (folder.isEmpty() && wrong == 0) {
            remove(place);
        }
        return wrong == 0 ? 0 : 1;
    }

    private static void remove(Path place) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void told(Histories.Checked checked) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("part", "history");
        line.put("seed", checked.history().seed());
        line.put("index", checked.history().index());
        line.put("seconds", checked.took().toMillis() / 1_000.0);
        line.put("processorSeconds", checked.processors().toMillis() / 1_000.0);
        line.put("figures", checked.figures().all());
        line.put("wrong", checked.wrong());
        all.add(checked.figures());
        tell(line);
        if (!checked.wrong().isEmpty()) {
            wrong++;
            checked.wrong().forEach(terminal()::println);
            terminal()
                    .println("The records are in " + checked.folder() + ". To make it again: "
                            + again(checked.history()));
        }
    }

    private void tell(Map<String, ?> line) {
        try {
            end(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the command that makes one history again. The scheduling varies, so it may take several tries. */
    static String again(HistoryRun history) {
        return "mvn -q test-compile exec:exec@histories -Dhistories=\"--seed %d --from %d --count %d --operations %d\""
                .formatted(history.seed(), history.index(), history.index() + 1, history.operations());
    }
}
