package dev.fencepost.verification.linearizability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Makes histories in sequence with the same processes. Each history is checked while the next one is made. */
final class Histories {
    /**
     * A history that was made and checked.
     *
     * @param wrong the violations of laws; empty if there are none
     * @param took the duration from beginning to end
     * @param processors the CPU time of its processes
     */
    record Checked(
            HistoryRun history, Figures figures, List<String> wrong, Path folder, Duration took, Duration processors) {}

    private final Path folder;
    private final String classPath;
    private final int workers;

    Histories(Path folder, String classPath, int workers) {
        this.folder = folder;
        this.classPath = classPath;
        this.workers = workers;
    }

    /**
     * Makes the histories.
     *
     * @param checked receives each history, in order; a history without violations is then deleted from the disk
     */
    void run(List<HistoryRun> histories, Consumer<Checked> checked) throws IOException {
        ExecutorService checker = Executors.newSingleThreadExecutor();
        try (Workers crew = new Workers(folder, classPath, workers)) {
            CompletableFuture<Void> before = CompletableFuture.completedFuture(null);
            for (HistoryRun history : histories) {
                Path place = Files.createDirectory(folder.resolve("history-" + history.seed() + "-" + history.index()));
                long began = System.nanoTime();
                Duration worked = crew.processorTime();
                HistoryRun.Made made = history.make(crew, place);
                Duration took = Duration.ofNanos(System.nanoTime() - began);
                // A replaced process takes its CPU time with it.
                Duration processors = crew.processorTime().minus(worked);
                before.join();
                before = CompletableFuture.runAsync(
                        () -> checked.accept(check(history, made, took, processors)), checker);
            }
            before.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        } finally {
            checker.shutdown();
        }
    }

    private static Checked check(HistoryRun history, HistoryRun.Made made, Duration took, Duration processors) {
        try {
            Recording recording = made.recording();
            Figures figures = new Figures();
            figures.add(recording, made.faults());
            List<String> wrong = new ArrayList<>(Checker.check(recording));
            if (!made.findings().isEmpty()) {
                wrong.add("the store finds itself out of order: " + made.findings());
            }
            if (wrong.isEmpty()) {
                remove(made.folder());
            }
            return new Checked(history, figures, wrong, made.folder(), took, processors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
