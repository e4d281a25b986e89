package dev.fencepost.verification.crash;

import dev.fencepost.Durability;
import dev.fencepost.FencepostException;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.WriteLockTimeoutException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Creation of new stores. Once a second, all processes create the same file at the same moment, and some die meanwhile.
 * The survivors must find one store with all values that others wrote to it.
 */
final class OpenWorkload {
    private static final long MILLIS = 1_000;
    private static final long NANOS = 1_000_000;
    private static final String PREFIX = "new-";
    private static final String SUFFIX = ".db";

    private OpenWorkload() {}

    /** Creates the next store. */
    static void create(Workload labour) {
        long next = (System.currentTimeMillis() / MILLIS + 1) * MILLIS;
        while (System.currentTimeMillis() < next) {
            LockSupport.parkNanos((next - System.currentTimeMillis()) * NANOS);
        }
        Path file = labour.file().resolveSibling(PREFIX + next / MILLIS + SUFFIX);
        try (Store store = Store.open(CrashMain.config(file, labour.durability()))) {
            store.agent(labour.name()).put(Key.text(labour.name()), store.id()).orThrow();
            labour.ledger().made(file.getFileName().toString(), labour.name());
        } catch (WriteLockTimeoutException e) {
            // A process was stopped in the middle of the creation.
            return;
        }
    }

    /** Checks the new stores and returns the violations; deletes the stores if there are none. */
    static List<String> wrong(Path folder, Map<String, Set<String>> made) throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path file : files(folder, SUFFIX)) {
            Set<String> told = made.getOrDefault(file.getFileName().toString(), Set.of());
            try (Store store = Store.open(CrashMain.config(file, Durability.POWER_LOSS))) {
                wrong.addAll(store.check().findings());
                told.stream()
                        .filter(key -> store.get(Key.text(key))
                                .filter(found -> found.value().equals(store.id()))
                                .isEmpty())
                        .forEach(key -> wrong.add("not in " + file + ": " + key));
            } catch (FencepostException e) {
                wrong.add(file + ": " + e);
            }
        }
        if (wrong.isEmpty()) {
            for (Path file : files(folder, "")) {
                Files.delete(file);
            }
        }
        return wrong;
    }

    private static List<Path> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().startsWith(PREFIX)
                            && file.toString().endsWith(suffix))
                    .toList();
        }
    }
}
