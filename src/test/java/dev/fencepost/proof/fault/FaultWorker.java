package dev.fencepost.proof.fault;

import dev.fencepost.CommitId;
import dev.fencepost.FencepostException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A process that makes every kind of commit. It executes each line of its standard input and answers with one line. */
final class FaultWorker implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter orders;

    /**
     * An answer.
     *
     * @param code {@code done}, or the code of the error, followed by the reason if the store is unusable
     * @param rest the result or the message
     */
    record Answer(String code, String rest) {
        boolean isDone() {
            return code.equals("done");
        }
    }

    /** Starts a process. It opens the store at the first order that needs it. */
    FaultWorker(Path file, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Dslf4j.internal.verbosity=ERROR",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FaultWorker.class.getName(),
                        file.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        answers = process.inputReader(StandardCharsets.UTF_8);
        orders = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
        answer();
    }

    long pid() {
        return process.pid();
    }

    void order(String order) {
        orders.println(order);
    }

    Answer answer() {
        try {
            String[] words = Optional.ofNullable(answers.readLine())
                    .orElseThrow(() -> new AssertionError("the process is gone"))
                    .split(" ", 2);
            return new Answer(words[0], words.length > 1 ? words[1] : "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Answer ask(String order) {
        order(order);
        return answer();
    }

    Answer prepare(CommitKind deed, int n) {
        return ask("prepare " + deed + " " + n);
    }

    Answer attempt(CommitKind deed, int n) {
        return ask("attempt " + deed + " " + n);
    }

    boolean landed(CommitKind deed, int n) {
        Answer answer = ask("landed " + deed + " " + n);
        if (!answer.isDone()) {
            throw new AssertionError(deed + ": " + answer);
        }
        return Boolean.parseBoolean(answer.rest());
    }

    void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** Kills the process immediately. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        orders.close();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** Runs in the child process. */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        out.println("ready");
        List<CommitKind.Hand> open = new ArrayList<>();
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            String answer;
            try {
                if (order.equals("close")) {
                    open.forEach(hand -> hand.store.close());
                    open.clear();
                    answer = "closed";
                } else {
                    if (open.isEmpty()) {
                        StoreConfig config =
                                StoreConfig.of(Path.of(args[0])).withWriteLockTimeout(Duration.ofSeconds(2));
                        open.add(new CommitKind.Hand(Store.open(config)));
                    }
                    answer = "done " + follow(open.get(0), order.split(" ", -1));
                }
            } catch (FencepostException e) {
                answer = code(e) + " " + (e instanceof OutcomeUnknownException unknown ? unknown.commit() + " " : "")
                        + e.getMessage();
            } catch (RuntimeException | Error e) {
                e.printStackTrace();
                answer = "untyped " + e;
            }
            out.println(answer.replace('\n', ' '));
        }
        open.forEach(hand -> hand.store.close());
    }

    /** Returns the code of an error, with the reason if the store is unusable. */
    static String code(FencepostException e) {
        return e instanceof UnusableStoreException refused
                ? e.code() + ":"
                        + refused.reason().name().toLowerCase(Locale.ROOT).replace('_', '-')
                : e.code();
    }

    /** Returns the commit with an unknown outcome at the beginning of an answer. */
    static CommitId commit(String text) {
        return CommitId.parse(text.split(" ", 2)[0]);
    }

    private static String follow(CommitKind.Hand hand, String[] words) {
        switch (words[0]) {
            case "open" -> {
                return hand.store.id();
            }
            case "get" -> {
                return hand.store
                        .get(Key.text(words[1]))
                        .map(found -> found.value())
                        .orElse("absent");
            }
            case "put" -> {
                return put(hand, words[1], words[2]);
            }
            case "put-long" -> {
                return put(hand, words[1], words[2] + "x".repeat(2_000_000));
            }
            case "outcome" -> {
                return "" + hand.store.outcome(commit(words[1]));
            }
            case "position" -> {
                return hand.store.position().text();
            }
            case "claim" -> {
                Lease lease = Lease.of(Duration.ofMinutes(30));
                return ""
                        + hand.hold(hand.agent.claim(Key.text(words[1]), lease).orThrow())
                                .epoch(Key.text(words[1]));
            }
            case "put-under-claim" -> {
                return "" + hand.held().put(Key.text(words[1]), words[2]).version();
            }
            case "check" -> {
                return "" + hand.store.check().findings();
            }
            default -> {
                return follow(hand, words[0], CommitKind.valueOf(words[1]), Integer.parseInt(words[2]));
            }
        }
    }

    private static String put(CommitKind.Hand hand, String key, String value) {
        return "" + hand.agent.put(Key.text(key), value).orThrow().version();
    }

    private static String follow(CommitKind.Hand hand, String order, CommitKind deed, int n) {
        switch (order) {
            case "landed" -> {
                return "" + deed.landed(hand.store, n);
            }
            case "prepare" -> deed.prepare(hand, n);
            default -> deed.attempt(hand, n);
        }
        return "";
    }
}
