package dev.fencepost.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The main class of worker processes. It reads one command a line from standard input, lets a {@link Worker} execute it,
 * and writes one answer a line to standard output. It ends with its standard input, so none outlives the tests.
 */
public final class WorkerMain {
    /** The line that a process reports when it takes commands. */
    public static final String READY = "ready";

    private WorkerMain() {}

    /** Runs a worker. The first argument is the class of the worker; the others are the worker's. */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        // Other output must not come between the answers.
        System.setOut(System.err);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        WorkerConsole console = new WorkerConsole(List.of(args).subList(1, args.length), in, out);
        int code = 1;
        try (Worker worker = create(args[0], console)) {
            out.println(READY);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.println(worker.answer(line.split(" ", -1)).replace('\n', ' '));
            }
            code = 0;
        } catch (Throwable e) {
            e.printStackTrace();
        }
        // Other threads may be running; their end is not awaited.
        System.exit(code);
    }

    private static Worker create(String type, WorkerConsole console) throws ReflectiveOperationException {
        var constructor = Class.forName(type).asSubclass(Worker.class).getDeclaredConstructor(WorkerConsole.class);
        constructor.setAccessible(true);
        return constructor.newInstance(console);
    }

    /** Lets a program that reads no commands end with its standard input. */
    public static void endWithStandardInput() {
        Thread parent = new Thread(
                () -> {
                    try {
                        System.in.readAllBytes();
                    } catch (IOException e) {
                        System.err.println(e);
                    }
                    Runtime.getRuntime().halt(0);
                },
                "parent");
        parent.setDaemon(true);
        parent.start();
    }
}
