package dev.fencepost.file;

import dev.fencepost.FencepostException;
import dev.fencepost.Key;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Another process that has the store open. It executes one command a line, and answers each with one line. */
final class StoreProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter orders;

    /**
     * Starts a process.
     *
     * @param before the beginning of the command line, such as a tracer
     */
    StoreProcess(Path file, String... before) {
        List<String> command = new ArrayList<>(List.of(before));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                StoreProcess.class.getName(),
                file.toString()));
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        answers = process.inputReader(StandardCharsets.UTF_8);
        orders = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
        answer();
    }

    void order(String order) {
        orders.println(order);
    }

    String answer() {
        try {
            return Optional.ofNullable(answers.readLine()).orElseThrow(() -> new AssertionError("the child is gone"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String ask(String order) {
        order(order);
        return answer();
    }

    @Override
    public void close() {
        orders.close();
        process.onExit().join();
    }

    /** The main method of the child. */
    public static void main(String[] args) throws IOException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        Key<String> key = Key.text("a");
        Store store = null;
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            if (order.equals("close") && store != null) {
                store.close();
                store = null;
                System.out.println("closed");
                continue;
            }
            try {
                if (store == null) {
                    store = Store.open(Path.of(args[0]));
                }
                System.out.println(
                        switch (order) {
                            case "id" -> store.id();
                            case "get" ->
                                store.get(key)
                                        .map(found -> found.value() + "@" + found.version() + " by " + found.writer())
                                        .orElse("absent");
                            default ->
                                "version "
                                        + store.agent("child")
                                                .put(key, order)
                                                .orThrow()
                                                .version();
                        });
            } catch (OutcomeUnknownException e) {
                System.out.println("unknown " + e.commit());
            } catch (FencepostException e) {
                System.out.println(e.code() + ": " + e.getMessage());
            }
        }
        if (store != null) {
            store.close();
        }
    }
}
