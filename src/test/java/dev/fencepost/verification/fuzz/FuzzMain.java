package dev.fencepost.verification.fuzz;

import dev.fencepost.Durability;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.verification.LongRunningCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tries hostile command lines, calls and files until the time is over. */
@Command(name = "fuzz", description = "Hands over hostile command lines, calls and files.", sortOptions = false)
final class FuzzMain extends LongRunningCommand {
    /** The number of attempts of each kind per round. Calls are much faster, so a round has more of them. */
    private static final int TURN = 50;

    private static final int CALLS = 20;

    @Option(names = "--for", defaultValue = "5m", description = "For how long. Default: 5m.")
    private String length;

    @Option(names = "--seed", defaultValue = "1", description = "What chance begins with. Default: 1.")
    private long seed;

    @Option(names = "--from", defaultValue = "0", description = "The number of the first; to repeat one. Default: 0.")
    private long from;

    private FuzzMain() {}

    public static void main(String[] words) {
        run(new FuzzMain(), words);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("fencepost-fuzz");
        Map<String, Object> result = begin(folder, Map.of("seed", seed, "for", length));
        long next = from;
        int violations = 0;
        try {
            next = fuzz(folder);
        } catch (Exception | AssertionError e) {
            violations = 1;
            terminal().println("A violation; it comes again with exec:exec@fuzz -Dfuzz=\"--seed " + seed + "\"");
            e.printStackTrace(terminal());
        }
        long count = next - from;
        result.put("commandLines", count);
        result.put("calls", count * CALLS);
        result.put("files", count);
        result.put("violations", violations);
        end(result);
        return violations;
    }

    private long fuzz(Path folder) throws Exception {
        long end = System.nanoTime() + Duration.parse("PT" + length).toNanos();
        Path whole = folder.resolve("whole.db");
        HostileFile.fill(whole);
        CommandFuzz commands = new CommandFuzz(folder.resolve("commands.db"), seed);
        StoreConfig config = StoreConfig.of(folder.resolve("calls.db")).withDurability(Durability.PROCESS_DEATH);
        long number = from;
        try (Store store = Store.open(config)) {
            CallFuzz calls = new CallFuzz(store, seed);
            while (System.nanoTime() < end) {
                for (int i = 0; i < TURN; i++, number++) {
                    commands.run(number);
                    for (int call = 0; call < CALLS; call++) {
                        calls.run(number * CALLS + call);
                    }
                    HostileInputTest.flip(folder.resolve("flipped.db"), whole, seed, number);
                }
                commands.end();
                if (!store.check().findings().isEmpty()) {
                    throw new AssertionError("seed " + seed + ", before number " + number + ": " + store.check());
                }
                terminal()
                        .println(number + ", and " + TimeUnit.NANOSECONDS.toSeconds(end - System.nanoTime())
                                + " s are left");
            }
        }
        return number;
    }
}
