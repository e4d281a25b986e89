package dev.fencepost.cli;

import dev.fencepost.cli.demo.Demo;
import dev.fencepost.cli.demo.ReportPrinter;
import dev.fencepost.cli.demo.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;

/** The demo, and the command that runs each of its processes. */
interface DemoCommands extends CommandGroup {
    String WORKER = "demo-worker";

    @Command(
            header = "Show lost updates, a zombie, write skew and a killed holder, without and with Fencepost.",
            description = "Starts real processes on a new file: --store FILE if it does not exist, otherwise one in a"
                    + " temporary folder. The file is not deleted. Exits with 1 if an expectation fails.")
    default int demo() throws IOException {
        RootCommand root = root();
        Path file = root.namedFile().isPresent()
                ? root.namedFile().get().toAbsolutePath()
                : Files.createTempDirectory("fencepost-demo-").resolve("agents.db");
        if (Files.exists(file)) {
            throw root.usage("The demo needs a new file, but '" + file + "' exists; name another with --store");
        }
        ReportPrinter printer = new ReportPrinter(
                root.shell().out(), root.shell().ansi(), root.output().isJson());
        boolean passed = new Demo(file, name -> worker(file, name), printer).run();
        return passed ? Exit.DONE : Exit.UNEXPECTED;
    }

    /** Returns the command line that runs this program as an agent of the demo. */
    private static List<String> worker(Path file, String name) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--store",
                file.toString(),
                "--agent",
                name,
                WORKER);
    }

    @Command(name = WORKER, hidden = true, header = "Run an agent of the demo.")
    default void worker() throws IOException {
        RootCommand root = root();
        Worker.run(
                root.file(), root.agentName(), root.shell().in(), root.shell().out());
    }
}
