package dev.fencepost.verification.faults;

import dev.fencepost.verification.LongRunningCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.opentest4j.TestAbortedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tests the faults repeatedly, and opens and closes a store ten thousand times. */
@Command(name = "faults", description = "Tries each fault of the table.", sortOptions = false)
final class FaultsMain extends LongRunningCommand {
    @Option(names = "--only", paramLabel = "FAULT", split = ",", description = "Try these only.")
    private Set<Fault> only = new LinkedHashSet<>();

    @Option(names = "--rounds", defaultValue = "3", description = "How often each is tried. Default: 3.")
    private int rounds;

    @Option(names = "--cycles", defaultValue = "10000", description = "How often a store is opened. Default: 10000.")
    private int cycles;

    @Option(names = "--table", description = "Only print the table for the page.")
    private boolean table;

    private FaultsMain() {}

    public static void main(String[] words) {
        run(new FaultsMain(), words);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Fault> faults = Arrays.stream(Fault.values())
                .filter(fault -> only.isEmpty() || only.contains(fault))
                .toList();
        if (table) {
            faults.forEach(fault -> terminal().println(fault.row()));
            return 0;
        }
        return tryAll(faults);
    }

    private int tryAll(List<Fault> faults) throws IOException, InterruptedException {
        System.setProperty(OpeningFaults.CYCLES, "" + cycles);
        Path folder = Files.createTempDirectory("fencepost-faults");
        Map<String, Object> result = begin(folder, Map.of("rounds", rounds, "cycles", cycles));
        int borne = 0;
        int skipped = 0;
        int failed = 0;
        for (Fault fault : faults) {
            for (int round = 0; round < rounds; round++) {
                try {
                    attempt(fault, Files.createDirectory(folder.resolve(fault + "-" + round)));
                    borne++;
                } catch (TestAbortedException e) {
                    skipped++;
                    terminal().println(fault + " skipped: " + e.getMessage());
                } catch (Exception | AssertionError e) {
                    failed++;
                    terminal().println(fault + " FAILED: " + e);
                    e.printStackTrace(terminal());
                }
            }
            terminal().println(fault + ": " + fault.errors());
        }
        result.put("classes", faults.size());
        result.put("borne", borne);
        result.put("skipped", skipped);
        result.put("failed", failed);
        end(result);
        return failed == 0 ? 0 : 1;
    }

    private static void attempt(Fault fault, Path folder) throws Exception {
        try (FaultEnvironment scene = new FaultEnvironment(folder)) {
            fault.trial().run(scene);
            if (!scene.errors().equals(fault.errors())) {
                throw new AssertionError("it led to " + scene.errors());
            }
        }
    }
}
