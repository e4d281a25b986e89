package dev.fencepost.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Starts Java virtual machines, by default with the JDK and the class path of this one. Immutable. No other code of the
 * tests starts one.
 *
 * @param wrapper the command that runs the machine; empty to run it directly
 * @param java the program that is the machine
 * @param options the options of the machine, without the class path
 * @param classPath the class path
 * @param environment the variables that the machine gets in addition to those of this process
 */
public record JvmLauncher(
        List<String> wrapper, Path java, List<String> options, String classPath, Map<String, String> environment) {

    /** Returns a launcher that sets no options. */
    public static JvmLauncher plain() {
        return new JvmLauncher(
                List.of(), Jdk.RUNNING.java(), List.of(), System.getProperty("java.class.path"), Map.of());
    }

    /** Returns a launcher for short programs: its machines start quickly, and share the native library of SQLite. */
    public static JvmLauncher quick() {
        return plain().withOptions(
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        "-Xshare:auto",
                        "-Dslf4j.internal.verbosity=ERROR")
                .withOptions(SqliteLibrary.options());
    }

    public JvmLauncher withOptions(String... more) {
        return withOptions(List.of(more));
    }

    public JvmLauncher withOptions(List<String> more) {
        return new JvmLauncher(wrapper, java, joined(options, more), classPath, environment);
    }

    public JvmLauncher withClassPath(String changed) {
        return new JvmLauncher(wrapper, java, options, changed, environment);
    }

    public JvmLauncher withEnvironment(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(more);
        return new JvmLauncher(wrapper, java, options, classPath, all);
    }

    /** Returns a launcher whose machines are run by a command, such as a tracer. */
    public JvmLauncher wrappedBy(String... command) {
        return new JvmLauncher(List.of(command), java, options, classPath, environment);
    }

    /** Returns a launcher whose machines put their temporary files into a new folder inside the given one. */
    public JvmLauncher withScratch(Path folder) {
        try {
            return withOptions("-Djava.io.tmpdir=" + Files.createTempDirectory(folder, "process-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the command line of a program; see {@link WorkerMain} for a program that is a {@link Worker}. */
    public List<String> command(Class<?> program, String... arguments) {
        return Worker.class.isAssignableFrom(program)
                ? command(WorkerMain.class.getName(), joined(List.of(program.getName()), List.of(arguments)))
                : command(program.getName(), List.of(arguments));
    }

    /** Returns the command line of a program, by the name of its main class. */
    public List<String> command(String program, List<String> arguments) {
        return Stream.of(wrapper, List.of(java.toString()), options, List.of("-cp", classPath, program), arguments)
                .flatMap(List::stream)
                .toList();
    }

    /** Starts a program that answers commands, without waiting until it is ready. */
    public WorkerProcess start(Class<?> program, String... arguments) {
        return new WorkerProcess(this, program, arguments);
    }

    /** Runs a program, and waits for its end. */
    public ExternalProgram.Output run(Class<?> program, String... arguments) {
        return ExternalProgram.run(builder(program, arguments));
    }

    /** Returns the builder of a process. */
    public ProcessBuilder builder(Class<?> program, String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(command(program, arguments));
        builder.environment().putAll(environment);
        return builder;
    }

    private static List<String> joined(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return List.copyOf(all);
    }
}
