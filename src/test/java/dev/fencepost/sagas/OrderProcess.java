package dev.fencepost.sagas;

import dev.fencepost.FencedException;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.testing.JvmLauncher;
import dev.fencepost.testing.LogProvider;
import dev.fencepost.testing.Signals;
import dev.fencepost.testing.Worker;
import dev.fencepost.testing.WorkerConsole;
import dev.fencepost.testing.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A process that coordinates one order. It reports each effect to the test when it asks for it. */
final class OrderProcess implements AutoCloseable {
    private final WorkerProcess process;
    private final Path go;
    private final CompletableFuture<String> ending;

    private OrderProcess(WorkerProcess process, Path go, ExternalWorld outside) {
        this.process = process;
        this.go = go;
        this.ending = CompletableFuture.supplyAsync(() -> listen(outside), task -> {
            Thread listener = new Thread(task, "listener");
            listener.setDaemon(true);
            listener.start();
        });
    }

    /** Starts a process that gets a signal at a boundary of its journal. */
    static OrderProcess start(Path file, String input, ExternalWorld outside, int boundary, String signal) {
        Path go = file.resolveSibling("go");
        WorkerProcess process = JvmLauncher.quick()
                .withOptions(
                        LogProvider.option(BoundaryProvider.class),
                        "-D" + BoundaryProvider.AT + "=" + boundary,
                        "-D" + BoundaryProvider.SIGNAL + "=" + signal,
                        "-D" + BoundaryProvider.GO + "=" + go)
                .start(Coordinator.class, file.toString())
                .awaitReady()
                .tell(input);
        return new OrderProcess(process, go, outside);
    }

    private String listen(ExternalWorld outside) {
        while (true) {
            Optional<String> line = process.next();
            String[] words = line.orElse("killed").split(" ", -1);
            if (words.length < 3) {
                if (line.isPresent()) {
                    process.end();
                }
                return String.join(" ", words);
            }
            process.tell(outside.ask(words[0], words[1], Integer.parseInt(words[2])));
        }
    }

    /** Waits until the process is stopped or has ended; returns whether it is stopped. */
    boolean awaitStop() {
        return Signals.awaitStopped(process.handle());
    }

    /** Continues a process that was stopped in the middle of a commit, and stops it again before the next boundary. */
    void stopElsewhere() {
        process.wake();
        Signals.send("STOP", process.pid());
    }

    /** Continues the process. */
    void wake() throws IOException {
        Files.createFile(go);
        process.wake();
    }

    /** Returns the last line of the process, which says how its run ended, or 'killed' if there is none. */
    String ending() {
        return ending.join();
    }

    @Override
    public void close() {
        process.close();
    }

    /** Runs in the child process. Its one command starts the order. */
    static final class Coordinator implements Worker {
        private final WorkerConsole console;

        Coordinator(WorkerConsole console) {
            this.console = console;
        }

        @Override
        public String answer(String... words) {
            ExternalWorld outside = (what, key, attempt) -> {
                console.report(what + " " + key + " " + attempt);
                return console.await();
            };
            try (Store store = Store.open(StoreConfig.of(Path.of(console.argument(0))))) {
                String input = String.join(" ", words);
                SagaOutcome outcome = store.agent("first").sagas().run(OrderSaga.over(outside), "order-1", input);
                return "ended " + outcome.state().word();
            } catch (FencedException e) {
                return "ended fenced";
            }
        }
    }
}
