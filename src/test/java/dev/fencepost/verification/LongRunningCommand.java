package dev.fencepost.verification;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fencepost.benchmarks.report.Environment;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * A command for long test runs. It prints the place and time first, and appends its result to a file as one line of
 * JSON. Exit code 1 reports a failure.
 */
public abstract class LongRunningCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "target/proof/findings.jsonl",
            description = "Where the result is kept. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(names = "--help", usageHelp = true, description = "Show this, and end.")
    private boolean help;

    /** Runs the command with these arguments and ends the process. */
    protected static void run(LongRunningCommand form, String... words) {
        PrintWriter terminal = new PrintWriter(System.out, true);
        System.exit(new CommandLine(form).setOut(terminal).setErr(terminal).execute(words));
    }

    /** Returns the writer for progress messages. */
    protected final PrintWriter terminal() {
        return spec.commandLine().getOut();
    }

    /**
     * Returns the host, the folder and the time, and prints them.
     *
     * @param circumstances the options of the run
     */
    protected final Map<String, Object> begin(Path folder, Map<String, ?> circumstances)
            throws IOException, InterruptedException {
        Environment.Machine machine = Environment.Machine.here(folder, folder);
        Map<String, Object> here = new LinkedHashMap<>();
        here.put("proof", spec.name());
        here.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        here.put("commit", Environment.commitHere());
        here.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        here.put("processor", machine.processor());
        here.put("cores", machine.cores());
        here.put("kernel", machine.kernel());
        here.put("file-system", machine.disk());
        here.putAll(circumstances);
        terminal().println(JSON.writeValueAsString(here));
        return here;
    }

    /** Prints and records the result. */
    protected final void end(Map<String, ?> found) throws IOException {
        String line = JSON.writeValueAsString(found);
        terminal().println(line);
        Path parent = out.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.write(
                out,
                (line + "\n").getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
