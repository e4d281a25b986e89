package dev.fencepost.specs;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs the model checker TLC in a process of its own, because it keeps its state in static fields. It gets one worker:
 * then it searches in one fixed order, and a mutant always meets the same violation first.
 */
public final class ModelChecker {
    /** A run that hangs ends at last. The longest takes a few minutes where the machine is busy with other work. */
    private static final long LIMIT_SECONDS = 1_800;

    private final Path folder;
    private final Path jar;

    /** The folder takes what the runs leave behind. */
    public ModelChecker(Path folder) throws ReflectiveOperationException, URISyntaxException {
        this.folder = folder;
        this.jar = Path.of(Class.forName("tlc2.TLC")
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }

    /** Checks a model whole, and counts the actions. */
    ModelCheckResult check(SpecConfig model) throws IOException, InterruptedException {
        return run(model, List.of("-XX:+UseSerialGC"), List.of("-coverage", "1"));
    }

    /** Searches a mutant for its violation. It is near, so that a quick start counts for more than quick code. */
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
     * Checks a module in a folder that holds it, what it extends, and its configuration {@code Model.cfg}.
     *
     * @return what the checker said by its exit code; {@link ModelCheckResult#TIMED_OUT} if it did not end
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
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(virtualMachine);
        // TLC unpacks its standard modules into the temporary folder; runs side by side must not share it.
        command.addAll(List.of("-Xmx1g", "-Djava.io.tmpdir=" + run, "-cp", jar.toString(), "tlc2.TLC"));
        command.addAll(options);
        command.addAll(
                List.of("-workers", "1", "-metadir", run.resolve("states").toString()));
        command.addAll(List.of("-config", "Model.cfg", module));
        return command;
    }
}
