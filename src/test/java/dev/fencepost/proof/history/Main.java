package dev.fencepost.proof.history;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that makes many histories and checks them. Exit code 1 says that one of them breaks a law. */
@Command(
        name = "histories",
        description = "Makes histories of several processes, and checks them.",
        sortOptions = false)
public final class Main implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    private CommandSpec spec;

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

    @Option(
            names = "--out",
            defaultValue = "target/proof/history.jsonl",
            description = "Where the figures are appended. Default: target/proof/history.jsonl.")
    private Path out;

    private final Figures all = new Figures();
    private int wrong;

    private Main() {}

    /** Runs the command and exits. */
    public static void main(String[] words) {
        System.exit(new CommandLine(new Main()).execute(words));
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter terminal = spec.commandLine().getOut();
        Path place =
                folder.isPresent() ? Files.createDirectories(folder.get()) : Files.createTempDirectory("histories-");
        long began = System.nanoTime();
        terminal.println(circumstances(place));
        terminal.flush();
        List<HistoryRun> histories = IntStream.range(from, count)
                .mapToObj(index -> new HistoryRun(seed, index, operations))
                .toList();
        new Histories(place, System.getProperty("java.class.path"), processes).run(histories, this::told);
        Map<String, Object> total = new LinkedHashMap<>(circumstances(place));
        total.put("histories", histories.size());
        total.put("wrong", wrong);
        total.put("seconds", (System.nanoTime() - began) / 1_000_000_000.0);
        total.put("figures", all.all());
        append(total);
        terminal.println(total);
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
        PrintWriter terminal = spec.commandLine().getOut();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("part", "history");
        line.put("seed", checked.history().seed());
        line.put("index", checked.history().index());
        line.put("seconds", checked.took().toMillis() / 1_000.0);
        line.put("processorSeconds", checked.processors().toMillis() / 1_000.0);
        line.put("figures", checked.figures().all());
        line.put("wrong", checked.wrong());
        append(line);
        all.add(checked.figures());
        terminal.println(line);
        if (!checked.wrong().isEmpty()) {
            wrong++;
            checked.wrong().forEach(terminal::println);
            terminal.println(
                    "The records are in " + checked.folder() + ". To make it again: " + again(checked.history()));
        }
        terminal.flush();
    }

    /** The command that makes one again. Who comes first is up to the machine, so it may take several tries. */
    static String again(HistoryRun history) {
        return "mvn -q test-compile exec:exec@histories -Dhistories=\"--seed %d --from %d --count %d --operations %d\""
                .formatted(history.seed(), history.index(), history.index() + 1, history.operations());
    }

    private Map<String, Object> circumstances(Path place) throws IOException {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("part", "history");
        map.put("seed", seed);
        map.put("from", from);
        map.put("to", count);
        map.put("length", operations);
        map.put("processes", processes);
        map.put("date", Instant.now().toString());
        map.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        map.put("cores", Runtime.getRuntime().availableProcessors());
        map.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        map.put("fileSystem", Files.getFileStore(place).type());
        map.put("commit", commit());
        return map;
    }

    private static String commit() throws IOException {
        Process git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD")
                .redirectErrorStream(true)
                .start();
        return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    private void append(Map<String, Object> line) {
        try {
            Files.createDirectories(out.toAbsolutePath().getParent());
            Files.writeString(
                    out, JSON.writeValueAsString(line) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
