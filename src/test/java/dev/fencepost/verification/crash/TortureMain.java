package dev.fencepost.verification.crash;

import dev.fencepost.testing.ClassArchive;
import dev.fencepost.verification.LongRunningCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command that kills, stops and continues processes until the time is over. */
@Command(name = "torture", description = "Kills, stops and wakes processes at work on one store.", sortOptions = false)
final class TortureMain extends LongRunningCommand {
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

    @Option(
            names = "--holders",
            paramLabel = "N",
            defaultValue = "2",
            description = "How many processes are stopped, taken over from and woken all the while.")
    private int holders;

    @Option(
            names = "--restores",
            paramLabel = "N",
            defaultValue = "0",
            description = "How often in a round the store is restored, adopted, truncated or emptied.")
    private int restores;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "What chance begins with.")
    private long seed;

    @Option(
            names = "--state",
            paramLabel = "FOLDER",
            defaultValue = "target/proof/torture",
            description = "Where all is kept; begun again with the same, it goes on.")
    private Path state;

    public static void main(String[] words) {
        run(new TortureMain(), words);
    }

    @Override
    public Integer call() throws Exception {
        Files.createDirectories(state);
        Map<String, Object> here = begin(state, Map.of("seed", seed));
        Torture torture = new Torture(
                state.toAbsolutePath(),
                seed,
                width,
                ClassArchive.create(
                        Files.createDirectories(state.resolve("classes")).toAbsolutePath(), CdsTraining.class));
        long end = System.nanoTime() + Duration.parse("PT" + time).toNanos();
        List<String> findings = List.of();
        while (findings.isEmpty() && (kills > 0 ? torture.tally().get("kills") < kills : System.nanoTime() - end < 0)) {
            findings = torture.round(round, holders, torture.misfortunes(restores));
            terminal().println(torture.tally().all());
        }
        findings.forEach(finding -> terminal().println("WRONG: " + finding));
        here.putAll(torture.tally().all());
        here.put("findings", findings);
        end(here);
        if (!findings.isEmpty()) {
            terminal().println("To see it again: --state with an empty folder, --seed " + seed);
        }
        return findings.isEmpty() ? 0 : 1;
    }
}
