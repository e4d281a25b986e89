package dev.fencepost.proof.torture;

import dev.fencepost.proof.Findings;
import dev.fencepost.proof.Launcher;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that kills, stops and wakes for as long as it is told. Exit code 1 says that something was wrong. */
@Command(name = "torture", description = "Kills, stops and wakes processes at work on one store.", sortOptions = false)
final class TortureMain implements Callable<Integer> {
    private static final int HOLDERS = 2;

    @Spec
    private CommandSpec spec;

    @Option(names = "--for", paramLabel = "TIME", defaultValue = "1m", description = "How long: 90s, 10m, 2h.")
    private String time;

    @Option(
            names = "--kills",
            paramLabel = "N",
            description = "Goes on until so many were killed, however long it takes.")
    private long kills;

    @Option(
            names = "--round",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many lives between two checks.")
    private int round;

    @Option(names = "--width", paramLabel = "N", defaultValue = "3", description = "How many lives at a time.")
    private int width;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "What chance begins with.")
    private long seed;

    @Option(
            names = "--state",
            paramLabel = "FOLDER",
            defaultValue = "target/proof/torture",
            description = "Where all is kept; begun again with the same, it goes on.")
    private Path state;

    @Option(names = "--out", paramLabel = "FILE", defaultValue = "target/proof/torture.jsonl")
    private Path out;

    @Option(names = "--help", usageHelp = true, description = "Show this, and end.")
    private boolean help;

    public static void main(String[] words) {
        PrintWriter terminal = new PrintWriter(System.out, true);
        System.exit(new CommandLine(new TortureMain())
                .setOut(terminal)
                .setErr(terminal)
                .execute(words));
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter terminal = spec.commandLine().getOut();
        Files.createDirectories(state);
        Map<String, Object> here = Findings.here("torture", seed, state);
        terminal.println(Findings.line(here));
        Torture torture = new Torture(
                state.toAbsolutePath(),
                seed,
                width,
                Launcher.archived(
                        Files.createDirectories(state.resolve("classes")).toAbsolutePath(), Training.class));
        long end = System.nanoTime() + Duration.parse("PT" + time).toNanos();
        List<String> findings = List.of();
        while (findings.isEmpty() && (kills > 0 ? torture.tally().get("kills") < kills : System.nanoTime() - end < 0)) {
            findings = torture.round(round, HOLDERS);
            terminal.println(torture.tally().all());
        }
        findings.forEach(finding -> terminal.println("WRONG: " + finding));
        here.putAll(torture.tally().all());
        here.put("findings", findings);
        String line = Findings.line(here);
        terminal.println(line);
        Findings.append(out, line);
        if (!findings.isEmpty()) {
            terminal.println("To see it again: --state with an empty folder, --seed " + seed);
        }
        return findings.isEmpty() ? 0 : 1;
    }
}
