package dev.fencepost.file;

import dev.fencepost.FencepostException;
import dev.fencepost.Key;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.Store;
import dev.fencepost.testing.JvmLauncher;
import dev.fencepost.testing.Worker;
import dev.fencepost.testing.WorkerConsole;
import dev.fencepost.testing.WorkerProcess;
import java.nio.file.Path;
import java.util.Optional;

/** Another process that has the store open. {@link #close} closes the store. */
final class StoreProcess extends WorkerProcess {
    /**
     * Starts a process, and waits until it takes commands.
     *
     * @param before the beginning of the command line, such as a tracer
     */
    StoreProcess(Path file, String... before) {
        super(JvmLauncher.quick().wrappedBy(before), Commands.class, file.toString());
        awaitReady();
    }

    @Override
    public void close() {
        end();
    }

    /** Runs in the child process. The first command that needs the store opens it. */
    static final class Commands implements Worker {
        private static final Key<String> KEY = Key.text("a");

        private final Path file;
        private Optional<Store> store = Optional.empty();

        Commands(WorkerConsole console) {
            file = Path.of(console.argument(0));
        }

        @Override
        public String answer(String... words) {
            if (words[0].equals("close")) {
                close();
                return "closed";
            }
            try {
                return answer(open(), String.join(" ", words));
            } catch (OutcomeUnknownException e) {
                return "unknown " + e.commit();
            } catch (FencepostException e) {
                return e.code() + ": " + e.getMessage();
            }
        }

        private Store open() {
            if (store.isEmpty()) {
                store = Optional.of(Store.open(file));
            }
            return store.orElseThrow();
        }

        private static String answer(Store store, String command) {
            return switch (command) {
                case "id" -> store.id();
                case "get" ->
                    store.get(KEY)
                            .map(found -> found.value() + "@" + found.version() + " by " + found.writer())
                            .orElse("absent");
                default ->
                    "version "
                            + store.agent("child").put(KEY, command).orThrow().version();
            };
        }

        @Override
        public void close() {
            store.ifPresent(Store::close);
            store = Optional.empty();
        }
    }
}
