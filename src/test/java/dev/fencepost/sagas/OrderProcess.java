package dev.fencepost.sagas;

import dev.fencepost.FencedException;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.proof.ProcessState;
import dev.fencepost.saga.SagaOutcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A process that coordinates one order. It reports each effect to the test when it asks for it. */
final class OrderProcess implements AutoCloseable {
    private final Process process;
    private final Path go;
    private final CompletableFuture<String> ending = new CompletableFuture<>();

    private OrderProcess(Process process, Path go, ExternalWorld outside) {
        this.process = process;
        this.go = go;
        Thread listener = new Thread(() -> listen(outside), "listener");
        listener.setDaemon(true);
        listener.start();
    }

    /** Starts a process that gets a signal at a boundary of its journal. */
    static OrderProcess start(Path file, String input, ExternalWorld outside, int boundary, String signal)
            throws IOException {
        Path services = Files.createDirectories(file.resolveSibling("services/META-INF/services"));
        Files.writeString(services.resolve("org.slf4j.spi.SLF4JServiceProvider"), BoundaryProvider.class.getName());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dslf4j.internal.verbosity=ERROR",
                "-D" + BoundaryProvider.AT + "=" + boundary,
                "-D" + BoundaryProvider.SIGNAL + "=" + signal,
                "-D" + BoundaryProvider.GO + "=" + file.resolveSibling("go"),
                "-cp",
                file.resolveSibling("services")
                        + System.getProperty("path.separator")
                        + System.getProperty("java.class.path"),
                OrderProcess.class.getName(),
                file.toString(),
                input));
        return new OrderProcess(
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start(),
                file.resolveSibling("go"),
                outside);
    }

    private void listen(ExternalWorld outside) {
        PrintWriter answers = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", -1);
                if (words[0].equals("ended")) {
                    ending.complete(line);
                } else {
                    answers.println(outside.ask(words[0], words[1], Integer.parseInt(words[2])));
                }
            }
        } catch (IOException e) {
            ending.completeExceptionally(e);
        } finally {
            ending.complete("killed");
        }
    }

    /** Waits until the process is stopped or has ended; returns whether it is stopped. */
    boolean awaitStop() {
        return ProcessState.awaitStopped(process.toHandle());
    }

    /** Continues a process that was stopped in the middle of a commit, and stops it again before the next boundary. */
    void stopElsewhere() throws IOException, InterruptedException {
        signal("-CONT");
        signal("-STOP");
    }

    /** Continues the process. */
    void wake() throws IOException, InterruptedException {
        Files.createFile(go);
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    }

    /** Returns the last line of the process, which says how its run ended, or 'killed' if there is none. */
    String ending() {
        return ending.join();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    /** Runs in the child process. */
    public static void main(String[] args) throws IOException {
        BufferedReader answers = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        ExternalWorld outside = (what, key, attempt) -> {
            System.out.println(what + " " + key + " " + attempt);
            try {
                return answers.readLine();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        String ended;
        try (Store store = Store.open(StoreConfig.of(Path.of(args[0])))) {
            SagaOutcome outcome = store.agent("first").sagas().run(OrderSaga.over(outside), "order-1", args[1]);
            ended = outcome.state().word();
        } catch (FencedException e) {
            ended = "fenced";
        }
        System.out.println("ended " + ended);
    }
}
