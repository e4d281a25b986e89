package dev.fencepost.verification.faults;

import dev.fencepost.CommitId;
import dev.fencepost.FencepostException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.testing.JvmLauncher;
import dev.fencepost.testing.Signals;
import dev.fencepost.testing.Worker;
import dev.fencepost.testing.WorkerConsole;
import dev.fencepost.testing.WorkerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A process that makes every kind of commit. It opens the store at the first command that needs it. */
final class FaultWorker implements AutoCloseable {
    private static final String UNTYPED = "untyped";

    private final WorkerProcess process;

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

    FaultWorker(Path file, Map<String, String> environment) {
        process = JvmLauncher.quick()
                .withEnvironment(environment)
                .start(Commands.class, file.toString())
                .awaitReady();
    }

    long pid() {
        return process.pid();
    }

    void order(String order) {
        process.tell(order);
    }

    Answer answer() {
        String[] words = process.answer().split(" ", 2);
        if (words[0].equals(UNTYPED)) {
            throw process.failure(String.join(" ", words));
        }
        return new Answer(words[0], words.length > 1 ? words[1] : "");
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

    /** Waits until the process is stopped or has ended; returns whether it is stopped. */
    boolean awaitStopped() {
        return Signals.awaitStopped(process.handle());
    }

    void wake() {
        process.wake();
    }

    void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.end();
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

    /** Runs in the child process. */
    static final class Commands implements Worker {
        private final Path file;
        private Optional<CommitKind.Hand> open = Optional.empty();

        Commands(WorkerConsole console) {
            file = Path.of(console.argument(0));
        }

        @Override
        public String answer(String... words) {
            try {
                if (words[0].equals("close")) {
                    close();
                    return "closed";
                }
                return "done " + follow(open(), words);
            } catch (FencepostException e) {
                return code(e) + " " + (e instanceof OutcomeUnknownException unknown ? unknown.commit() + " " : "")
                        + e.getMessage();
            } catch (RuntimeException | Error e) {
                e.printStackTrace();
                return UNTYPED + " " + e;
            }
        }

        private CommitKind.Hand open() {
            if (open.isEmpty()) {
                StoreConfig config = StoreConfig.of(file).withWriteLockTimeout(Duration.ofSeconds(2));
                open = Optional.of(new CommitKind.Hand(Store.open(config)));
            }
            return open.orElseThrow();
        }

        @Override
        public void close() {
            open.ifPresent(hand -> hand.store.close());
            open = Optional.empty();
        }

        private static String follow(CommitKind.Hand hand, String[] words) {
            return switch (words[0]) {
                case "open" -> hand.store.id();
                case "get" ->
                    hand.store
                            .get(Key.text(words[1]))
                            .map(found -> found.value())
                            .orElse("absent");
                case "put" -> put(hand, words[1], words[2]);
                case "put-long" -> put(hand, words[1], words[2] + "x".repeat(2_000_000));
                case "outcome" -> "" + hand.store.outcome(commit(words[1]));
                case "position" -> hand.store.position().text();
                case "claim" -> {
                    Lease lease = Lease.of(Duration.ofMinutes(30));
                    yield ""
                            + hand.hold(hand.agent
                                            .claim(Key.text(words[1]), lease)
                                            .orThrow())
                                    .epoch(Key.text(words[1]));
                }
                case "put-under-claim" ->
                    "" + hand.held().put(Key.text(words[1]), words[2]).version();
                case "check" -> "" + hand.store.check().findings();
                default -> follow(hand, words[0], CommitKind.valueOf(words[1]), Integer.parseInt(words[2]));
            };
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
}
