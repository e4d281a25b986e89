package dev.fencepost.benchmarks.processes;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The main class of each process. It runs one task and prints its report. */
public final class TaskMain {
    private TaskMain() {}

    /** Runs a task. Arguments: the class of the task, and its settings. */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        // Other output must not come between the lines of the report.
        System.setOut(System.err);
        int exit = 1;
        try {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            WorkerTask role = Class.forName(args[0])
                    .asSubclass(WorkerTask.class)
                    .getDeclaredConstructor()
                    .newInstance();
            Settings settings = Settings.parse(List.of(args).subList(1, args.length));
            Report report = role.work(
                    settings, new Gate(in, out, () -> Runtime.getRuntime().halt(1)));
            report.lines().forEach(out::println);
            exit = 0;
        } catch (Throwable e) {
            e.printStackTrace();
        } finally {
            Runtime.getRuntime().halt(exit);
        }
    }
}
