package dev.fencepost.specs;

import dev.fencepost.testing.JvmLauncher;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs the model checker TLC in a separate process, because it keeps its state in static fields. It gets one worker, so
 * it searches in a fixed order, and a mutant always meets the same violation first.
 */
public final class ModelChecker {
    /** The timeout of a run that hangs. The longest takes a few minutes on a busy machine. */
    private static final long LIMIT_SECONDS = 1_800;

    private final Path folder;
    private final Path jar;

    /** Creates a checker that leaves the files of its runs in a folder. */
    public ModelChecker(Path folder) throws ReflectiveOperationException, URISyntaxException {
        this.folder = folder;
        this.jar = Path.of(Class.forName("tlc2.TLC")
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }

    /** Checks a whole model, and counts its actions. */
    ModelCheckResult check(SpecConfig model) throws IOException, InterruptedException {
        return run(model, List.of("-XX:+UseSerialGC"), List.of("-coverage", "1"));
    }

    /** Searches a mutant for its violation. The violation is near, so a fast start matters more than fast code. */
    ModelCheckResult search(SpecConfig mutant) throws IOException, InterruptedException {
        return run(mutant, List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), List.of());
    }

    private ModelCheckResult run(SpecConfig config, List<String> virtualMachine, List<String> options)
            throws IOException, InterruptedException {
        Path run = Files.createDirectory(folder.resolve(config.name()));
        Specs.copyModules(run);
        Files.writeString(run.resolve("Model.cfg"), config.text());
        Path log = run.resolve("log");
        int exit = run(run, config.module(), log, virtualMachine, options);
        return new ModelCheckResult(config, exit, Files.readString(log));
    }

    /**
     * Checks a module in a folder that contains it, the modules it extends, and its configuration {@code Model.cfg}.
     *
     * @return the exit code of the checker; {@link ModelCheckResult#TIMED_OUT} if it did not end
     */
    public int run(Path run, String module, Path log, List<String> virtualMachine, List<String> options)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(run, module, virtualMachine, options))
                .directory(run.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            return ended ? process.exitValue() : ModelCheckResult.TIMED_OUT;
        } finally {
            process.destroyForcibly();
        }
    }

    private List<String> command(Path run, String module, List<String> virtualMachine, List<String> options) {
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(
                List.of("-workers", "1", "-metadir", run.resolve("states").toString()));
        arguments.addAll(List.of("-config", "Model.cfg", module));
        return JvmLauncher.plain()
                .withOptions(virtualMachine)
                // TLC unpacks its standard modules into the temporary folder; runs side by side must not share it.
                .withOptions("-Xmx1g", "-Djava.io.tmpdir=" + run)
                .withClassPath(jar.toString())
                .command("tlc2.TLC", arguments);
    }
}
