package dev.fencepost.proof;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fencepost.benchmarks.report.Machine;
import dev.fencepost.benchmarks.report.Versions;
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
 * A command that tries something for long. It says first where and when it is, and keeps what it found as one line of JSON,
 * behind those of earlier runs. Exit code 1 says that something was wrong.
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

    /** Does what the words say, and ends the process. */
    protected static void run(LongRunningCommand form, String... words) {
        PrintWriter terminal = new PrintWriter(System.out, true);
        System.exit(new CommandLine(form).setOut(terminal).setErr(terminal).execute(words));
    }

    /** Where it says how far it is. */
    protected final PrintWriter terminal() {
        return spec.commandLine().getOut();
    }

    /**
     * Where and when this is, which is said at once.
     *
     * @param circumstances what it is told to do
     */
    protected final Map<String, Object> begin(Path folder, Map<String, ?> circumstances)
            throws IOException, InterruptedException {
        Machine machine = Machine.here(folder, folder);
        Map<String, Object> here = new LinkedHashMap<>();
        here.put("proof", spec.name());
        here.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        here.put("commit", Versions.commit());
        here.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        here.put("processor", machine.processor());
        here.put("cores", machine.cores());
        here.put("kernel", machine.kernel());
        here.put("file-system", machine.disk());
        here.putAll(circumstances);
        terminal().println(JSON.writeValueAsString(here));
        return here;
    }

    /** Says and keeps what was found. */
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
