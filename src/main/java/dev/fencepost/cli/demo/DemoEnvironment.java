package dev.fencepost.cli.demo;

import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The files, and six agents in processes of their own. */
final class DemoEnvironment implements AutoCloseable {
    /** A short heartbeat, so that a zombie's lease expires while people watch. */
    private static final Duration HEARTBEAT = Duration.ofMillis(100);

    private static final List<String> NAMES = List.of("ann", "bob", "cyd", "dee", "eli", "fay");

    private final Path file;
    private final Store store;
    private final PlainTable plain;
    private final List<WorkerProcess> workers = new ArrayList<>();
    private final Thread atExit = new Thread(() -> workers.forEach(WorkerProcess::kill), "fencepost-demo-end");

    DemoEnvironment(Path file) {
        this.file = file;
        this.store = Store.open(config(file));
        this.plain = PlainTable.open(plainFile(file));
    }

    /**
     * Starts the agents.
     *
     * @param worker the command of an agent's process, given its name
     */
    void start(Function<String, List<String>> worker) throws IOException {
        // A stopped process would not notice that the demo has ended.
        Runtime.getRuntime().addShutdownHook(atExit);
        for (String name : NAMES) {
            workers.add(new WorkerProcess(name, worker.apply(name)));
        }
        for (WorkerProcess agent : workers) {
            agent.answer();
        }
    }

    static StoreConfig config(Path file) {
        return StoreConfig.of(file).withHeartbeat(HEARTBEAT);
    }

    /** Returns the file of the plain table, with which the library is compared. */
    static Path plainFile(Path file) {
        return file.resolveSibling("plain-" + file.getFileName());
    }

    Path file() {
        return file;
    }

    Store store() {
        return store;
    }

    PlainTable plain() {
        return plain;
    }

    /** Returns the time of the store's clock, in milliseconds. */
    long now() {
        return config(file).clock().millis();
    }

    List<WorkerProcess> workers() {
        return workers;
    }

    @Override
    public void close() {
        workers.forEach(WorkerProcess::dismiss);
        workers.forEach(WorkerProcess::close);
        plain.close();
        store.close();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The process is ending, and the hook does the rest.
            return;
        }
    }
}
