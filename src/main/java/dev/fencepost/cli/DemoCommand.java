package dev.fencepost.cli;

import dev.fencepost.cli.demo.Demo;
import dev.fencepost.cli.demo.ReportPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "demo",
        header = "Show lost updates, a zombie, write skew and a killed holder, without and with Fencepost.",
        description = "Starts real processes on a new file: --store FILE if it does not exist, otherwise one in a"
                + " temporary folder. The file is not deleted. Exits with 1 if an expectation fails.")
final class DemoCommand implements Callable<Integer> {
    private final RootCommand root;

    DemoCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        Path file = root.namedFile().isPresent()
                ? root.namedFile().get().toAbsolutePath()
                : Files.createTempDirectory("fencepost-demo-").resolve("agents.db");
        if (Files.exists(file)) {
            throw root.usage("The demo needs a new file, but '" + file + "' exists; name another with --store");
        }
        ReportPrinter narrator = new ReportPrinter(
                root.shell().out(), root.shell().ansi(), root.output().isJson());
        boolean passed = new Demo(file, name -> worker(file, name), narrator).play();
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
                WorkerCommand.NAME);
    }
}
