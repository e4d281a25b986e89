package dev.fencepost.proof.fault;

import dev.fencepost.proof.Findings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.opentest4j.TestAbortedException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tries the faults again and again, and opens and closes a store ten thousand times. Exit code 1 says that some failed. */
@Command(name = "faults", description = "Tries each fault of the table.", sortOptions = false)
public final class Main implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--only", paramLabel = "FAULT", split = ",", description = "Try these only.")
    private Set<Fault> only = new LinkedHashSet<>();

    @Option(names = "--rounds", defaultValue = "3", description = "How often each is tried. Default: 3.")
    private int rounds;

    @Option(names = "--cycles", defaultValue = "10000", description = "How often a store is opened. Default: 10000.")
    private int cycles;

    @Option(names = "--out", defaultValue = "target/proof/fault.jsonl", description = "Where the result goes.")
    private Path out;

    @Option(names = "--table", description = "Only print the table for the page.")
    private boolean table;

    private Main() {}

    /** Runs and exits. */
    public static void main(String[] words) {
        PrintWriter terminal = new PrintWriter(System.out, true);
        System.exit(
                new CommandLine(new Main()).setOut(terminal).setErr(terminal).execute(words));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter terminal = spec.commandLine().getOut();
        List<Fault> faults = Arrays.stream(Fault.values())
                .filter(fault -> only.isEmpty() || only.contains(fault))
                .toList();
        if (table) {
            faults.forEach(fault -> terminal.println(fault.row()));
            return 0;
        }
        return tryAll(faults, terminal);
    }

    private int tryAll(List<Fault> faults, PrintWriter terminal) throws IOException, InterruptedException {
        System.setProperty(OpeningTrials.CYCLES, "" + cycles);
        Path folder = Files.createTempDirectory("fencepost-faults");
        Map<String, Object> result = Findings.here("fault", folder);
        result.put("rounds", rounds);
        result.put("cycles", cycles);
        terminal.println(Findings.line(result));
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
                    terminal.println(fault + " skipped: " + e.getMessage());
                } catch (Exception | AssertionError e) {
                    failed++;
                    terminal.println(fault + " FAILED: " + e);
                    e.printStackTrace(terminal);
                }
            }
            terminal.println(fault + ": " + fault.errors());
        }
        result.put("classes", faults.size());
        result.put("borne", borne);
        result.put("skipped", skipped);
        result.put("failed", failed);
        terminal.println(Findings.line(result));
        Findings.append(out, Findings.line(result));
        return failed == 0 ? 0 : 1;
    }

    private static void attempt(Fault fault, Path folder) throws Exception {
        try (Scene scene = new Scene(folder)) {
            fault.trial().run(scene);
            if (!scene.errors().equals(fault.errors())) {
                throw new AssertionError("it led to " + scene.errors());
            }
        }
    }
}
