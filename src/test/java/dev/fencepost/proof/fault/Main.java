package dev.fencepost.proof.fault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.proof.ResultLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
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
        System.exit(new CommandLine(new Main()).execute(words));
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter terminal = spec.commandLine().getOut();
        List<Fault> faults = Arrays.stream(Fault.values())
                .filter(fault -> only.isEmpty() || only.contains(fault))
                .toList();
        if (table) {
            faults.forEach(fault -> terminal.println(fault.row()));
            return 0;
        }
        System.setProperty(OpeningTrials.CYCLES, "" + cycles);
        Path folder = Files.createTempDirectory("fencepost-faults");
        ObjectNode result =
                ResultLine.begin("fault", folder).put("rounds", rounds).put("cycles", cycles);
        int borne = 0;
        int skipped = 0;
        int failed = 0;
        for (Fault fault : faults) {
            for (int round = 0; round < rounds; round++) {
                try (Scene scene = new Scene(Files.createDirectory(folder.resolve(fault + "-" + round)))) {
                    fault.trial().run(scene);
                    if (!scene.errors().equals(fault.errors())) {
                        throw new AssertionError("it led to " + scene.errors());
                    }
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
        result.put("classes", faults.size())
                .put("borne", borne)
                .put("skipped", skipped)
                .put("failed", failed);
        terminal.println(result);
        ResultLine.append(result, out);
        return failed == 0 ? 0 : 1;
    }
}
